/** A report out of a query's rows: numbers as numbers, totals, and the way to the entries that each is made of. */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { BEGINNING, completenessOf } from './completeness.ts';
import { line } from './csv.ts';
import { ENTRY_COLUMNS, type EntryQuery, type Period, plain, REPORTS, type Values } from './queries.ts';
import type { listReportEntries, ReportName, readReport } from './report-contract.ts';

/** Cells as Athena answers them: text, or nothing. */
export type Answered = readonly (string | undefined)[];

const NUMBERS = new Set(['job_id', 'money_amount', 'money', 'paid', 'paid_back', 'fees', 'difference']);
const ENTRIES_ON_A_PAGE = 100;

/** The days that a report reads; throws a Refusal that names the member. `today` is the UTC day, which is not over. */
export function periodOf({ report, from, to, at }: z.output<typeof readReport.input>, today: string): Period {
  if (REPORTS[report].period === 'days') {
    if (at !== undefined) refuse('at', `does not go with ${report}: it takes from and to`);
    if (from === undefined) return refuse('from', `is required by ${report}`, 'missing_parameter');
    if (to === undefined) return refuse('to', `is required by ${report}`, 'missing_parameter');
    return ordered({ from, to: over('to', to, today) });
  }
  if (from !== undefined || to !== undefined) refuse('from', `does not go with ${report}: it takes at`);
  if (at === undefined) return refuse('at', `is required by ${report}`, 'missing_parameter');
  return { from: report === 'fees-paid' ? dayAfterYearBefore(at) : BEGINNING, to: over('at', at, today) };
}

export function reportOf(
  name: ReportName,
  period: Period,
  account: string | undefined,
  answered: readonly Answered[],
  exported: ReadonlySet<string>,
): z.output<typeof readReport.output> {
  const { columns, kinds, tracedBy } = REPORTS[name];
  const rows = answered.map(cells => valuesOf(columns, cells));
  const totals = Object.fromEntries(
    columns
      .filter(column => column.endsWith('#'))
      .map(plain)
      .map(column => [column, rows.reduce((sum, values) => sum + Number(values[column]), 0)]),
  );
  const whole = {
    ...period,
    ...(kinds.length > 0 && { kind: kinds.join(',') }),
    ...(account && { account_id: account }),
  };
  return {
    ...{ object: 'report', report: name, ...period, ...completenessOf(name, period, exported) },
    rows: rows.map(values => ({ values, trace: traceOf(whole, values, tracedBy) })),
    totals,
    trace: entriesUrl(whole),
  };
}

/** The link to the entries of a row: those of the report that share the row's values. */
function traceOf(whole: Readonly<Record<string, string>>, values: Values, tracedBy: readonly string[]): string | null {
  const own: Record<string, string> = { ...whole };
  for (const column of tracedBy) {
    const value = String(values[column] ?? '');
    if (column === 'day') Object.assign(own, { from: value, to: value });
    // What has no account, or no money, is of all of them.
    else if (value !== '' || !['account_id', 'currency'].includes(column)) own[column] = value;
  }
  return entriesUrl(own);
}

function entriesUrl(query: Readonly<Record<string, string>>): string {
  return `/v1/reports/entries?${new URLSearchParams(query)}`;
}

/** What a listing asks for; throws a Refusal that names the member. */
export function readEntryQuery(input: z.output<typeof listReportEntries.input>, today: string): EntryQuery {
  const { from, to, kind, account_id, cursor, limit = ENTRIES_ON_A_PAGE, plan, model, currency } = input;
  return {
    ...ordered({ from, to: over('to', to, today) }),
    limit,
    ...(kind && { kinds: kind }),
    ...(account_id && { account: account_id }),
    ...(plan !== undefined && { plan }),
    ...(input.function !== undefined && { function: input.function }),
    ...(model !== undefined && { model }),
    ...(currency && { currency }),
    ...(cursor && { after: readCursor(cursor) }),
  };
}

export function entriesOf(limit: number, answered: readonly Answered[]): z.output<typeof listReportEntries.output> {
  const data = answered.slice(0, limit).map(cells => valuesOf(ENTRY_COLUMNS, cells));
  const last = answered.length > limit ? data.at(-1) : undefined;
  const place = last && JSON.stringify([last.booked_at, last.account_id, last.entry_id]);
  return {
    ...{ object: 'list', data, has_more: place !== undefined },
    next_cursor: place ? Buffer.from(place).toString('base64url') : null,
  };
}

/** Rows as CSV, under the names of their columns. */
export function asCsv(columns: readonly string[], rows: readonly Values[]): string {
  const names = columns.map(plain);
  return [names, ...rows.map(values => names.map(name => String(values[name] ?? '')))].map(line).join('');
}

function valuesOf(columns: readonly string[], cells: Answered): Values {
  return Object.fromEntries(
    columns.map((column, index) => {
      const text = cells[index];
      const isNumber = column.endsWith('#') || NUMBERS.has(column);
      return [plain(column), text === undefined ? null : isNumber ? Number(text) : text];
    }),
  );
}

/** The twelve months that end with this day begin on the day after it, a year before. */
function dayAfterYearBefore(day: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  // 29 February has no day a year before: its year begins on the first of March, as that of the 28th does.
  const last = new Date(Date.UTC(year - 1, month, 0)).getUTCDate();
  return new Date(Date.UTC(year - 1, month - 1, Math.min(date, last) + 1)).toISOString().slice(0, 10);
}

function ordered(period: Period): Period {
  if (period.from > period.to) refuse('from', 'must not be after to');
  return period;
}

/** A day is exported once it is over. */
function over(field: string, day: string, today: string): string {
  if (day >= today) refuse(field, `must be before ${today}: days are exported when they are over in UTC`);
  return day;
}

function readCursor(cursor: string): readonly [string, string, string] {
  try {
    const [time, account, id, ...more] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const texts = [time, account, id].filter(text => typeof text === 'string');
    if (texts.length === 3 && more.length === 0) return texts as unknown as [string, string, string];
  } catch {
    // Whatever it is, it is none of ours: said below.
  }
  return refuse('cursor', 'must be the next_cursor of an earlier page');
}

function refuse(
  field: string,
  rule: string,
  kind: 'invalid_parameter' | 'missing_parameter' = 'invalid_parameter',
): never {
  throw new Refusal(kind, `${field} ${rule}`, field);
}
