import { setTimeout as pause } from 'node:timers/promises';
import { restHandler } from '../audit/api-handlers.ts';
import { utcDay } from '../data/day-shard.ts';
import { type RouteResponse, route } from '../http/api-handler.ts';
import { headerOf } from '../http/caller.ts';
import { now, setting } from '../runtime/runtime.ts';
import { runQuery } from './athena-store.ts';
import { monthsOf } from './completeness.ts';
import { exportedDays } from './months-store.ts';
import { ENTRY_COLUMNS, entriesSql, REPORTS, type Values } from './queries.ts';
import { asCsv, entriesOf, periodOf, readEntryQuery, reportOf } from './report.ts';
import { listReportEntries, listReports, REPORT_NAMES, readReport } from './report-contract.ts';

const CORE_TABLE = setting('CORE_TABLE');
const CATALOG = { database: setting('REPORTS_DATABASE'), workgroup: setting('REPORTS_WORKGROUP') };
/** API Gateway gives up after 29 seconds. */
const WAIT_MS = 22_000;

const query = (sql: string) => runQuery(CATALOG, sql, now() + WAIT_MS, { now, pause });

export const handler = restHandler(
  route(listReports, async () => {
    const data = REPORT_NAMES.map(name => {
      const { about, period } = REPORTS[name];
      return { name, object: 'report_description' as const, about, period, url: `/v1/reports/${name}` };
    });
    return { body: { object: 'list' as const, data } };
  }),
  route(readReport, async ({ input, event }) => {
    const { report, account_id } = input;
    const period = periodOf(input, utcDay(now()));
    const { sql, columns } = REPORTS[report];
    // Before the query: a day that is exported meanwhile may be in it and is called missing, but never the other way.
    const exported = await exportedDays(CORE_TABLE, monthsOf(period));
    const body = reportOf(report, period, account_id, await query(sql(period, account_id)), exported);
    return inForm(
      event,
      body,
      columns,
      body.rows.map(row => row.values),
      { 'missing-days': String(body.missing_days.length) },
    );
  }),
  route(listReportEntries, async ({ input, event }) => {
    const wanted = readEntryQuery(input, utcDay(now()));
    const body = entriesOf(wanted.limit, await query(entriesSql(wanted)));
    return inForm(event, body, ENTRY_COLUMNS, body.data);
  }),
);

function inForm<Body>(
  event: Parameters<typeof headerOf>[0],
  body: Body,
  columns: readonly string[],
  rows: readonly Values[],
  headers: Readonly<Record<string, string>> = {},
): RouteResponse<Body> {
  if (!(headerOf(event, 'accept') ?? '').includes('text/csv')) return { body };
  return { text: asCsv(columns, rows), headers: { 'content-type': 'text/csv; charset=utf-8', ...headers } };
}
