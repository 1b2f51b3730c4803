/** Reads a report, or the entries behind one, over the days that are exported and over today as far as it is known. */
import type { z } from 'zod';
import { utcDay } from '../data/day-shard.ts';
import type * as contract from './contract.ts';
import type { ExportRequest } from './exports-client.ts';
import { mayStillRun } from './month.ts';
import { findDay, knownDays } from './months-store.ts';
import { type Days, entriesSql, reportSql } from './queries.ts';
import {
  type Answered,
  entriesOf,
  type KnownDays,
  monthsOf,
  periodOf,
  provisionalFrom,
  readEntryQuery,
  reportOf,
} from './report.ts';

export interface ReportDependencies {
  readonly coreTable: string;
  /** Runs SQL over the exported days. */
  readonly query: (sql: string) => Promise<Answered[]>;
  /** Starts an export, and does not wait for it. */
  readonly startExport: (request: ExportRequest) => Promise<void>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What is known of today is as old as this at most, where it can be had so soon. */
const FRESH_MS = 2_000;
/** Of the 29 seconds that API Gateway waits; the query needs the rest. A larger day is read as it was known before. */
const LONGEST_WAIT_MS = 8_000;
const LOOK_MS = 250;

export async function readReport(
  { baseUrl, ...dependencies }: ReportDependencies & { readonly baseUrl: string },
  input: z.output<typeof contract.readReport.input>,
): Promise<z.output<typeof contract.readReport.output>> {
  const { report, account_id } = input;
  const today = utcDay(dependencies.now());
  const requested = periodOf(input, today);
  const known = await knownOf(dependencies, requested, today);
  const period = { ...requested, provisionalFrom: provisionalFrom(requested, known, today) };
  const answered = await dependencies.query(reportSql(report, period, account_id));
  return reportOf(baseUrl, { name: report, period, account: account_id }, answered, known);
}

export async function listReportEntries(
  dependencies: ReportDependencies,
  input: z.output<typeof contract.listReportEntries.input>,
): Promise<z.output<typeof contract.listReportEntries.output>> {
  const today = utcDay(dependencies.now());
  const requested = readEntryQuery(input, today);
  const known = await knownOf(dependencies, requested, today);
  const query = { ...requested, provisionalFrom: provisionalFrom(requested, known, today) };
  return entriesOf(query.limit, await dependencies.query(entriesSql(query)));
}

/** Before the query: a day that is exported meanwhile may be in it and is called missing, but never the other way. */
async function knownOf(dependencies: ReportDependencies, period: Days, today: string): Promise<KnownDays> {
  if (period.to >= today) await refreshed(dependencies, today);
  return knownDays(dependencies.coreTable, monthsOf(period));
}

/** Has today's entries written as they are now, unless they are a few seconds old, and waits for it a while. */
async function refreshed({ coreTable, startExport, pause, now }: ReportDependencies, today: string): Promise<void> {
  const before = await findDay(coreTable, today);
  const since = now();
  if (before?.state === 'provisional' && Date.parse(before.asOf ?? '') > since - FRESH_MS) return;
  if (!before || !mayStillRun(before, new Date(since).toISOString())) {
    await startExport({ day: today, provisional: true });
  }
  while (now() < since + LONGEST_WAIT_MS) {
    await pause(LOOK_MS);
    const found = await findDay(coreTable, today);
    if (found?.state === 'provisional' && found.asOf !== before?.asOf) return;
  }
}
