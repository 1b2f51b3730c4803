/** Days and periods of a quota, in UTC. A day is written `2026-11-22`. */
import type { Quota } from './api.ts';

export const DAY_MS = 24 * 3600 * 1000;

export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** The first day of the period that `epochMs` lies in. A week begins on Sunday. */
export function periodStart(period: Quota['period'], epochMs: number): string {
  const day = dayOf(epochMs);
  if (period === 'DAY') return day;
  if (period === 'MONTH') return `${day.slice(0, 7)}-01`;
  return dayOf(epochMs - new Date(epochMs).getUTCDay() * DAY_MS);
}

/** Every day from `first` to `last`, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) days.push(dayOf(at));
  return days;
}
