/**
 * Reports and lists of entries: which days they read and which of those are exported, and what is answered of a query's
 * rows: numbers as numbers, totals, and links to the entries that each is made of. Pure.
 */
import * as z from 'zod';
import { BEGINNING } from '../catalogue/ledger-kinds.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { dayPlus } from '../data/day-shard.ts';
import { cursorOf } from '../http/cursor.ts';
import { pageOfPlaces } from '../http/page.ts';
import type { listReportEntries, listReports, readReport } from './contract.ts';
import { line } from './csv.ts';
import { daysOf, monthAfter, monthOf } from './month.ts';
import {
  type Days,
  ENTRY_COLUMNS,
  type EntryQuery,
  type Period,
  type ResultColumn,
  reportColumns,
  STATUS,
  type Values,
} from './queries.ts';
import { REPORT_NAMES, REPORTS, type ReportName } from './reports-contract.ts';

/** Cells as Athena returns them: text, or nothing. */
export type Answered = readonly (string | undefined)[];

const ENTRIES_ON_A_PAGE = 100;
/** The moment, account and id of the last entry of a page. */
const CURSORS = cursorOf(z.tuple([z.string(), z.string(), z.string()]));

/** The reports that there are. */
export function describeReports(baseUrl: string): z.output<typeof listReports.output>['data'] {
  return REPORT_NAMES.map(name => {
    const { about, period } = REPORTS[name];
    return {
      name,
      object: 'report_description',
      about,
      period: period === 'days' ? 'days' : 'date',
      url: `${baseUrl}/v1/reports/${name}`,
    };
  });
}

/**
 * The days that a report reads; throws a Refusal that names the member. `today` is the UTC day, which is not over. Money
 * counts by its value date, and is never booked before it: what is at a date by it can be booked up to today.
 */
export function periodOf({ report, from, to, at }: z.output<typeof readReport.input>, today: string): RequestedPeriod {
  const { period } = REPORTS[report];
  if (period === 'days') {
    if (at !== undefined) refuse('at', `does not go with ${report}: it takes from and to`);
    if (from === undefined) return refuse('from', `is required by ${report}`, 'missing_parameter');
    if (to === undefined) return refuse('to', `is required by ${report}`, 'missing_parameter');
    return ordered({ from, to: begun('to', to, today) });
  }
  if (from !== undefined || to !== undefined) refuse('from', `does not go with ${report}: it takes at`);
  if (at === undefined) return refuse('at', `is required by ${report}`, 'missing_parameter');
  const until = begun('at', at, today);
  if (period === 'until_date') return { from: BEGINNING, to: until };
  const since = dayAfterYearBefore(until);
  return { from: since, to: today, valued: { from: since, to: until } };
}

/** A period before it is known which of its days are exported. */
export type RequestedPeriod = Omit<Period, 'provisionalFrom'>;

/** What is known of the days of a period. */
export interface KnownDays {
  readonly exported: ReadonlySet<string>;
  /** Days of which there is what was booked until a moment, ISO 8601. */
  readonly provisional: ReadonlyMap<string, string>;
}

/** The day from which on a period is provisional: the first that is not exported for good, at the latest today. */
export function provisionalFrom({ from }: Days, { provisional }: KnownDays, today: string): string {
  return [...provisional.keys()].filter(day => day >= from).sort()[0] ?? today;
}

export interface Completeness {
  /** In their order. */
  readonly missing_days: string[];
  /** From this day to the last of the period nothing is missing; null where the last is. */
  readonly complete_from: string | null;
}

/** Which days of a period are exported: a report is made of those alone, and says which it lacks. */
export function completenessOf(
  name: ReportName,
  period: RequestedPeriod,
  { exported, provisional }: KnownDays,
): Completeness {
  const days = monthsOf(period)
    .flatMap(daysOf)
    .filter(day => day >= period.from && day <= period.to);
  const missing = days.filter(day => !exported.has(day) && !provisional.has(day) && day >= BEGINNING);
  const last = missing.at(-1);
  return {
    missing_days: REPORTS[name].period === 'days' ? missing : sinceTheFirst(missing, days, exported),
    complete_from: (last === undefined ? days : days.slice(days.indexOf(last) + 1))[0] ?? null,
  };
}

/** A report at a date is made of every day before it, also of those before anything was exported: `complete_from` says so. */
function sinceTheFirst(missing: string[], days: readonly string[], exported: ReadonlySet<string>): string[] {
  const first = days.find(day => exported.has(day)) ?? days.at(-1) ?? '';
  return missing.filter(day => day >= first);
}

/** The months that a period touches, of those in which there can be entries. */
export function monthsOf({ from, to }: Days): string[] {
  const months: string[] = [];
  for (let month = monthOf(from < BEGINNING ? BEGINNING : from); month <= monthOf(to); month = monthAfter(month)) {
    months.push(month);
  }
  return months;
}

/** A report as the API at `baseUrl` shows it. */
export function reportOf(
  baseUrl: string,
  {
    name,
    period,
    account,
  }: { readonly name: ReportName; readonly period: Period; readonly account: string | undefined },
  answered: readonly Answered[],
  known: KnownDays,
): z.output<typeof readReport.output> {
  const { columns, kinds } = REPORTS[name];
  const rows = answered.map(cells => valuesOf(reportColumns(name), cells));
  const ofType = (wanted: 'key' | 'sum') => Object.keys(columns).filter(column => columns[column]?.type === wanted);
  const totals = Object.fromEntries(
    ofType('sum').map(column => [column, rows.reduce((sum, values) => sum + Number(values[column]), 0)]),
  );
  const entries = new URL(`${baseUrl}/v1/reports/entries`);
  const { from, to, valued } = period;
  const whole = {
    from,
    to,
    ...(valued && { value_from: valued.from, value_to: valued.to }),
    ...(kinds.length > 0 && { kind: kinds.join(',') }),
    ...(account && { account_id: account }),
  };
  return {
    object: 'report',
    report: name,
    from: (valued ?? period).from,
    to: (valued ?? period).to,
    ...completenessOf(name, period, known),
    provisional: [...known.provisional]
      .filter(([day]) => day >= from && day <= to)
      .map(([day, as_of]) => ({ day, as_of })),
    rows: rows.map(values => ({ values, trace: traceOf({ entries, whole }, values, ofType('key'), period) })),
    totals,
    trace: linkOf(entries, whole),
  };
}

/** The link to the entries of a row: those of the report that share the row's keys. */
function traceOf(
  { entries, whole }: { readonly entries: URL; readonly whole: Readonly<Record<string, string>> },
  values: Values,
  keys: readonly string[],
  { provisionalFrom }: Period,
): string {
  const own: Record<string, string> = { ...whole };
  for (const column of keys) {
    const value = String(values[column] ?? '');
    // By its days and not by its name: tomorrow they are final, and the same entries.
    if (column === STATUS) {
      if (value === 'provisional') own.from = later(own.from ?? '', provisionalFrom);
      else own.to = earlier(own.to ?? '', dayPlus(provisionalFrom, -1));
    } else if (column === 'day') Object.assign(own, { from: value, to: value });
    // A row without an account is of all of them.
    else if (value !== '' || column !== 'account_id') own[column] = value;
  }
  return linkOf(entries, own);
}

function linkOf(entries: URL, query: Readonly<Record<string, string>>): string {
  return `${entries}?${new URLSearchParams(query)}`;
}

/** The entries that a list requests; throws a Refusal that names the member. */
export function readEntryQuery(
  input: z.output<typeof listReportEntries.input>,
  today: string,
): Omit<EntryQuery, 'provisionalFrom'> {
  const { from, to, kind, account_id, after, limit = ENTRIES_ON_A_PAGE, plan, model, currency } = input;
  const { value_from = from, value_to = to } = input;
  const isValued = input.value_from !== undefined || input.value_to !== undefined;
  return {
    ...ordered({ from, to: begun('to', to, today) }),
    ...(isValued && { valued: { from: value_from, to: value_to } }),
    limit,
    ...(kind && { kinds: kind }),
    ...(account_id && { account: account_id }),
    ...(plan !== undefined && { plan }),
    ...(input.function !== undefined && { function: input.function }),
    ...(model !== undefined && { model }),
    ...(currency !== undefined && { currency }),
    ...(after && { after: CURSORS.read(after) }),
  };
}

export function entriesOf(limit: number, answered: readonly Answered[]): z.output<typeof listReportEntries.output> {
  const data = answered.slice(0, limit).map(cells => valuesOf(ENTRY_COLUMNS, cells));
  const [first, last] = [data[0], data.at(-1)].map(entry => entry && placeOf(entry));
  return pageOfPlaces(data, { first, last, more: answered.length > limit });
}

function placeOf({ booked_at, account_id, entry_id }: Values): string {
  return CURSORS.write([String(booked_at), String(account_id), String(entry_id)]);
}

/** Rows as CSV, under the names of their columns. */
export function asCsv(columns: readonly ResultColumn[], rows: readonly Values[]): string {
  const names = columns.map(({ name }) => name);
  return [names, ...rows.map(values => names.map(name => String(values[name] ?? '')))].map(line).join('');
}

function valuesOf(columns: readonly ResultColumn[], cells: Answered): Values {
  return Object.fromEntries(
    columns.map(({ name, isNumber }, index) => {
      const text = cells[index];
      return [name, text === undefined ? null : isNumber ? Number(text) : text];
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

function ordered(period: Days): Days {
  if (period.from > period.to) refuse('from', 'must not be after to');
  return period;
}

/** A day that is not over is read as far as it is known, and one that has not begun not at all. */
function begun(field: string, day: string, today: string): string {
  if (day > today) refuse(field, `must not be after ${today}, which is today in UTC`);
  return day;
}

const later = (one: string, other: string): string => (one > other ? one : other);
const earlier = (one: string, other: string): string => (one < other ? one : other);

function refuse(
  field: string,
  rule: string,
  kind: 'invalid_parameter' | 'missing_parameter' = 'invalid_parameter',
): never {
  throw new Refusal(kind, `${field} ${rule}`, field);
}
