import { setTimeout as pause } from 'node:timers/promises';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { restHandler } from '../audit/api-handlers.ts';
import { type RouteResponse, route } from '../http/api-handler.ts';
import { headerOf } from '../http/caller.ts';
import { wholeList } from '../http/page.ts';
import { now, setting } from '../runtime/runtime.ts';
import { runQuery } from './athena-client.ts';
import * as contract from './contract.ts';
import { startExport } from './exports-client.ts';
import { ENTRY_COLUMNS, type ResultColumn, reportColumns, type Values } from './queries.ts';
import { listReportEntries, readReport } from './read-report-command.ts';
import { asCsv, describeReports } from './report.ts';

const CATALOG = { database: setting('REPORTS_DATABASE'), workgroup: setting('REPORTS_WORKGROUP') };
/** API Gateway gives up after 29 seconds, and up to 8 are for what is known of today. */
const WAIT_MS = 17_000;
const DEPENDENCIES = {
  coreTable: setting('CORE_TABLE'),
  query: (sql: string) => runQuery(CATALOG, sql, now() + WAIT_MS),
  startExport: startExport.bind(null, setting('EXPORT_FUNCTION')),
  pause,
  now,
};

export const handler = restHandler(
  route(contract.listReports, async ({ baseUrl }) => ({ body: wholeList(describeReports(baseUrl)) })),
  route(contract.readReport, async ({ input, event, baseUrl }) => {
    const body = await readReport({ ...DEPENDENCIES, baseUrl }, input);
    const rows = body.rows.map(({ values }) => values);
    const headers = {
      'missing-days': String(body.missing_days.length),
      'provisional-days': String(body.provisional.length),
    };
    return inForm(event, body, reportColumns(input.report), rows, headers);
  }),
  route(contract.listReportEntries, async ({ input, event }) => {
    const body = await listReportEntries(DEPENDENCIES, input);
    return inForm(event, body, ENTRY_COLUMNS, body.data);
  }),
);

function inForm<Body>(
  event: APIGatewayProxyEvent,
  body: Body,
  columns: readonly ResultColumn[],
  rows: readonly Values[],
  headers: Readonly<Record<string, string>> = {},
): RouteResponse<Body> {
  if (!(headerOf(event, 'accept') ?? '').includes('text/csv')) return { body };
  return { text: asCsv(columns, rows), headers: { 'content-type': 'text/csv; charset=utf-8', ...headers } };
}
