/** Reads a report, or the entries behind one, over the days that are exported. */
import type { z } from 'zod';
import { utcDay } from '../data/day-shard.ts';
import type * as contract from './contract.ts';
import { exportedDays } from './months-store.ts';
import { entriesSql, reportSql } from './queries.ts';
import { type Answered, entriesOf, monthsOf, periodOf, readEntryQuery, reportOf } from './report.ts';

export interface ReportDependencies {
  readonly coreTable: string;
  /** Runs SQL over the exported days. */
  readonly query: (sql: string) => Promise<Answered[]>;
  /** Epoch ms. */
  readonly now: () => number;
}

export async function readReport(
  { coreTable, query, now, baseUrl }: ReportDependencies & { readonly baseUrl: string },
  input: z.output<typeof contract.readReport.input>,
): Promise<z.output<typeof contract.readReport.output>> {
  const { report, account_id } = input;
  const period = periodOf(input, utcDay(now()));
  // Before the query: a day that is exported meanwhile may be in it and is called missing, but never the other way.
  const exported = await exportedDays(coreTable, monthsOf(period));
  const answered = await query(reportSql(report, period, account_id));
  return reportOf(baseUrl, { name: report, period, account: account_id }, answered, exported);
}

export async function listReportEntries(
  { query, now }: ReportDependencies,
  input: z.output<typeof contract.listReportEntries.input>,
): Promise<z.output<typeof contract.listReportEntries.output>> {
  const entryQuery = readEntryQuery(input, utcDay(now()));
  return entriesOf(entryQuery.limit, await query(entriesSql(entryQuery)));
}
