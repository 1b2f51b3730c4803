/** Which days of a period are exported: a report is made of those alone, and says which it lacks. */
import { daysOf, monthAfter, monthOf } from './month.ts';
import { type Period, REPORTS } from './queries.ts';
import type { ReportName } from './report-contract.ts';

/** Before the first entry that there can be. */
export const BEGINNING = '2025-01-01';

export interface Completeness {
  /** In their order. */
  readonly missing_days: string[];
  /** From this day to the last of the period nothing is missing; null where the last is. */
  readonly complete_from: string | null;
}

/** `exported` are the days with a finished export. */
export function completenessOf(name: ReportName, period: Period, exported: ReadonlySet<string>): Completeness {
  const days = monthsOf(period)
    .flatMap(daysOf)
    .filter(day => day >= period.from && day <= period.to);
  const missing = days.filter(day => !exported.has(day) && day >= BEGINNING);
  const last = missing.at(-1);
  return {
    missing_days: REPORTS[name].period === 'days' ? missing : sinceTheFirst(missing, days, exported),
    complete_from: (last === undefined ? days : days.slice(days.indexOf(last) + 1))[0] ?? null,
  };
}

/** What is at a date is made of every day before it, also of those before anything was exported: `complete_from` says so. */
function sinceTheFirst(missing: string[], days: readonly string[], exported: ReadonlySet<string>): string[] {
  const first = days.find(day => exported.has(day)) ?? days.at(-1) ?? '';
  return missing.filter(day => day >= first);
}

/** The months that a period touches, of those in which there can be entries. */
export function monthsOf({ from, to }: Period): string[] {
  const months: string[] = [];
  for (let month = monthOf(from < BEGINNING ? BEGINNING : from); month <= monthOf(to); month = monthAfter(month)) {
    months.push(month);
  }
  return months;
}
