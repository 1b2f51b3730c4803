/**
 * How much of a usage plan's quota each key has used. A row is a plan, a key and a day: `used` that day, and what was
 * `remaining` of the period after the last request. Requests that were refused do not count. The row's limit is the
 * plan's when it was written: where a later start has another, what remains moves by the difference.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { Quota, UsagePlan } from './api.ts';

export class Usage {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    database.exec(`
      CREATE TABLE IF NOT EXISTS apigateway_usage (
        plan_id TEXT NOT NULL, key_id TEXT NOT NULL, day TEXT NOT NULL, used INTEGER NOT NULL, remaining INTEGER NOT NULL,
        quota_limit INTEGER NOT NULL, PRIMARY KEY (plan_id, key_id, day)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS apigateway_plans (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL) STRICT`);
  }

  /** Notes when a plan came to be: a quota's offset counts in its first period. */
  notePlan(planId: string): void {
    this.#database.prepare('INSERT OR IGNORE INTO apigateway_plans VALUES (?, ?)').run(planId, this.#clock.now());
  }

  forgetPlan(planId: string): void {
    this.#database.prepare('DELETE FROM apigateway_usage WHERE plan_id = ?').run(planId);
    this.#database.prepare('DELETE FROM apigateway_plans WHERE id = ?').run(planId);
  }

  /** Counts one request; false, and nothing counted, where the quota is used up. */
  count(plan: UsagePlan, keyId: string): boolean {
    const remaining = this.remaining(plan, keyId);
    if (plan.quota && remaining <= 0) return false;
    this.#write(plan, keyId, 1, plan.quota ? remaining - 1 : 0);
    return true;
  }

  /** Sets what is left of the current period, as `UpdateUsage` does. */
  grant(plan: UsagePlan, keyId: string, remaining: number): void {
    this.#write(plan, keyId, 0, remaining);
  }

  /** What is left of the current period; zero for a plan without a quota, which has nothing to count down. */
  remaining(plan: UsagePlan, keyId: string): number {
    if (!plan.quota) return 0;
    const now = this.#clock.now();
    const row = this.#database
      .prepare(`SELECT remaining, quota_limit FROM apigateway_usage
        WHERE plan_id = ? AND key_id = ? AND day BETWEEN ? AND ? ORDER BY day DESC LIMIT 1`)
      .get(plan.id, keyId, periodStart(plan.quota.period, now), dayOf(now));
    if (!row) return this.#whole(plan.id, plan.quota, now);
    return Math.max(0, Number(row.remaining) + plan.quota.limit - Number(row.quota_limit));
  }

  /** `[used, remaining]` of each day; a day without a request has what the one before it left, or the whole. */
  days(plan: UsagePlan, keyId: string, first: string, last: string): [number, number][] {
    const rows = this.#database
      .prepare('SELECT day, used, remaining FROM apigateway_usage WHERE plan_id = ? AND key_id = ? AND day <= ?')
      .all(plan.id, keyId, last);
    const byDay = new Map(rows.map(row => [String(row.day), row]));
    const before = rows.findLast(row => String(row.day) < first);
    let known = before && { day: String(before.day), remaining: Number(before.remaining) };
    return daysBetween(first, last).map(day => {
      const row = byDay.get(day);
      if (row) known = { day, remaining: Number(row.remaining) };
      if (row || !plan.quota) return [Number(row?.used ?? 0), Number(row?.remaining ?? 0)];
      const at = Date.parse(day);
      const inPeriod = known && known.day >= periodStart(plan.quota.period, at);
      return [0, inPeriod && known ? known.remaining : this.#whole(plan.id, plan.quota, at)];
    });
  }

  /** Keys with a row in these days, in the order of their ids; some may be deleted since. */
  keysOf(planId: string, first: string, last: string): string[] {
    return this.#database
      .prepare('SELECT DISTINCT key_id FROM apigateway_usage WHERE plan_id = ? AND day BETWEEN ? AND ? ORDER BY key_id')
      .all(planId, first, last)
      .map(row => String(row.key_id));
  }

  #whole(planId: string, quota: Quota, at: number): number {
    const row = this.#database.prepare('SELECT created_at FROM apigateway_plans WHERE id = ?').get(planId);
    const firstPeriod = row && periodStart(quota.period, Number(row.created_at)) === periodStart(quota.period, at);
    return Math.max(0, quota.limit - (firstPeriod ? quota.offset : 0));
  }

  #write(plan: UsagePlan, keyId: string, used: number, remaining: number): void {
    const limit = plan.quota?.limit ?? 0;
    this.#database
      .prepare(`INSERT INTO apigateway_usage VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET used = used + excluded.used, remaining = excluded.remaining, quota_limit = excluded.quota_limit`)
      .run(plan.id, keyId, dayOf(this.#clock.now()), used, remaining, limit);
  }
}

// Days and periods of a quota, in UTC. A day is written `2026-11-22`.

export const DAY_MS = 24 * 3600 * 1000;

export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** The first day of the period that `epochMs` lies in. A week begins on Sunday. */
function periodStart(period: Quota['period'], epochMs: number): string {
  const day = dayOf(epochMs);
  if (period === 'DAY') return day;
  if (period === 'MONTH') return `${day.slice(0, 7)}-01`;
  return dayOf(epochMs - new Date(epochMs).getUTCDay() * DAY_MS);
}

/** Every day from `first` to `last`, both included. */
function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) days.push(dayOf(at));
  return days;
}
