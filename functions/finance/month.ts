/**
 * The books of a month. A day is exported as often as needed until its month is closed; a closed month is a manifest of
 * all its files by their digests, chained to the month before, and the manifest's own digest is the month's hash.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { DATASET_NAMES, type Form } from './dataset-contract.ts';
import type { DaySummary } from './export-day.ts';
import type { StoredFile } from './files.ts';
import type { readMonth } from './months-contract.ts';

export interface DayRecord extends Partial<DaySummary> {
  /** `2026-11-24`. */
  readonly day: string;
  readonly state: 'exporting' | 'provisional' | 'reconciled';
  /** Raised by each export: what is closed is what was read. */
  readonly run: number;
  /** ISO 8601, of the latest export; absent where it failed. */
  readonly startedAt?: string;
  /** Of a provisional day: until when its entries are there, ISO 8601. */
  readonly asOf?: string;
}

export interface ClosedMonth {
  readonly month: string;
  readonly hash: string;
  readonly previousHash: string | null;
  readonly reason: string | null;
  readonly closedBy: string;
  /** ISO 8601. */
  readonly closedAt: string;
  /** What was paid and not earned at its beginning, by currency; absent where it was closed before that was in the books. */
  readonly deferredBefore?: Deferred;
}

/** By currency, in its smallest unit. */
export type Deferred = Readonly<Record<string, number>>;

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function daysOf(month: string): string[] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}

export function monthBefore(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}

export function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** Lambda's longest life: an export that began earlier has ended, whatever became of it. */
const LONGEST_EXPORT_MS = 15 * 60 * 1000;

export function mayStillRun({ state, startedAt }: DayRecord, at: string): boolean {
  return state === 'exporting' && startedAt !== undefined && Date.parse(at) - Date.parse(startedAt) < LONGEST_EXPORT_MS;
}

/** A month as it is before it is closed. */
export interface OpenMonth {
  readonly month: string;
  readonly days: readonly DayRecord[];
  /** The day on which the first account came; undefined where there is none. */
  readonly firstDay: string | undefined;
  readonly before: {
    readonly isClosed: boolean;
    readonly isExported: boolean;
    /** What was paid and not earned at its end; null where it has days and is not closed. */
    readonly deferred: Deferred | null;
  };
}

/** What was paid and not earned at the end of a closed month, which is what the next one begins with. */
export function deferredAfter(closed: ClosedMonth | undefined, days: readonly DayRecord[]): Deferred {
  const revenue = revenueOf(days, closed?.deferredBefore ?? {});
  return Object.fromEntries(revenue.map(({ currency, deferred_after }) => [currency, deferred_after ?? 0]));
}

/** What the days sold, paid back and earned, between what was deferred before and after them, where that is known. */
export function revenueOf(
  days: readonly DayRecord[],
  before: Deferred | null,
): z.output<typeof readMonth.output>['revenue'] {
  const currencies = new Set([before ?? {}, ...days.map(({ revenue = {} }) => revenue)].flatMap(Object.keys));
  return [...currencies].sort().map(currency => {
    const moved = (how: 'sold' | 'refunded' | 'recognised') =>
      days.reduce((sum, { revenue }) => sum + (revenue?.[currency]?.[how] ?? 0), 0);
    const [sold, refunded, recognised] = [moved('sold'), moved('refunded'), moved('recognised')];
    const deferred_before = before && (before[currency] ?? 0);
    const deferred_after = deferred_before === null ? null : deferred_before + sold - refunded - recognised;
    return { currency, deferred_before, sold, refunded, recognised, deferred_after };
  });
}

/** The days of a month of which there can be something: none before the first account, unless it was exported. */
export function neededDays({ month, days, firstDay }: Omit<OpenMonth, 'before'>): string[] {
  const known = [firstDay, ...days.map(({ day }) => day)].filter(day => day !== undefined).sort();
  const [first] = known;
  return first === undefined ? [] : daysOf(month).filter(day => day >= first);
}

/** Those of them that the close has to export. */
export function unexportedDays(open: OpenMonth): string[] {
  const exported = new Set(open.days.filter(({ state }) => state === 'reconciled').map(({ day }) => day));
  return neededDays(open).filter(day => !exported.has(day));
}

/** Why a month cannot be closed, whatever is exported, in words with what helps; undefined where it can. */
export function whyNotYet(open: OpenMonth, today: string): string | undefined {
  const { month, firstDay = today, before } = open;
  if (monthOf(today) <= month) return `${month} is not over`;
  // A month is chained to the one before, which therefore comes first, where there is anything in it.
  const previous = monthBefore(month);
  if (!before.isClosed && (before.isExported || monthOf(firstDay) <= previous))
    return `${previous} is not closed: close it first`;
  return neededDays(open).length === 0
    ? `there is nothing in ${month}: the first account came on ${firstDay}`
    : undefined;
}

/** Why an exported month is not closed without a reason; undefined where it is. */
export function whyNotExplained(days: readonly DayRecord[], reason: string | null): string | undefined {
  const unclear = days.filter(({ unexplained = 0 }) => unexplained > 0).map(({ day }) => day);
  if (unclear.length === 0 || reason !== null) return undefined;
  return `${unclear.join(', ')} with differences that nobody explains: see GET /v1/reports/reconciliation, or give a reason`;
}

/** The manifest's bytes: of the same days always the same. */
export function manifestOf(
  month: string,
  days: readonly DayRecord[],
  facts: Pick<ClosedMonth, 'previousHash' | 'reason' | 'deferredBefore'>,
): string {
  const { previousHash, reason, deferredBefore } = facts;
  const revenue = deferredBefore && revenueOf(days, deferredBefore);
  const byDay = new Map(days.map(record => [record.day, record]));
  const kinds = new Map<string, { count: number; credits: number }>();
  const described = daysOf(month).map(day => {
    const { datasets, kinds: moved = {}, unexplained = 0 } = byDay.get(day) ?? {};
    for (const [kind, { count, credits }] of Object.entries(moved)) {
      const sum = kinds.get(kind) ?? { count: 0, credits: 0 };
      kinds.set(kind, { count: sum.count + count, credits: sum.credits + credits });
    }
    return { day, unexplained, files: filesOf(datasets) };
  });
  const totals = Object.fromEntries([...kinds].sort(([one], [other]) => (one < other ? -1 : 1)));
  return `${JSON.stringify({ format: 1, month, previousHash, reason, totals, revenue, days: described }, null, 1)}\n`;
}

/** All files of a month, as its days record them. */
export function filesOfMonth(days: readonly DayRecord[]): StoredFile[] {
  return days.flatMap(({ datasets }) => filesOf(datasets).flatMap(({ csv, parquet }) => [csv, parquet]));
}

export function hashOf(manifest: string): string {
  return createHash('sha256').update(manifest).digest('hex');
}

export function manifestKey(month: string, hash: string): string {
  return `months/${month}/${hash}.json`;
}

function filesOf(datasets: DayRecord['datasets']) {
  return DATASET_NAMES.flatMap(dataset => {
    const stored = datasets?.[dataset];
    return stored ? [{ dataset, rows: stored.rows, csv: file(stored.csv), parquet: file(stored.parquet) }] : [];
  });
}

/** Items come back from the table with their members in any order. */
function file({ key, bytes, sha256, checksum }: StoredFile): StoredFile {
  return { key, bytes, sha256, checksum };
}

/** The state of a month, for finance. */
export function describeMonth(
  month: string,
  days: readonly DayRecord[],
  state: {
    readonly needed: readonly string[];
    readonly closed: ClosedMonth | undefined;
    /** Of a closed one: what is no longer as it was closed. */
    readonly changed: readonly string[];
    readonly blocked: string | null;
    /** Of the API, as its caller called it. */
    readonly baseUrl: string;
    readonly deferredBefore: Deferred | null;
  },
): z.output<typeof readMonth.output> {
  const { closed, changed, blocked, baseUrl, deferredBefore } = state;
  const needed = new Set(state.needed);
  const byDay = new Map(days.map(record => [record.day, record]));
  return {
    object: 'month',
    month,
    state: closed ? 'closed' : 'open',
    hash: closed?.hash ?? null,
    previous_hash: closed?.previousHash ?? null,
    reason: closed?.reason ?? null,
    closed_by: closed?.closedBy ?? null,
    closed_at: closed?.closedAt ?? null,
    reproduces: closed ? changed.length === 0 : null,
    changed: [...changed],
    blocked_by: blocked,
    revenue: revenueOf(days, deferredBefore),
    days: daysOf(month).map(day => {
      const unknown = needed.has(day) ? 'missing' : 'not_needed';
      const { state = unknown, unexplained = 0, causes = {}, datasets } = byDay.get(day) ?? {};
      const files = filesOf(datasets).map(({ dataset, rows, csv, parquet }) => ({
        dataset,
        rows,
        csv: { ...csv, link: linkOf(baseUrl, day, dataset, 'csv') },
        parquet: { ...parquet, link: linkOf(baseUrl, day, dataset, 'parquet') },
      }));
      return { day, state, unexplained, causes: { ...causes }, files };
    }),
  };
}

function linkOf(baseUrl: string, day: string, dataset: string, form: Form): string {
  return `${baseUrl}/v1/reports/files/${day}/${dataset}?form=${form}`;
}
