import { type Cron, nextCron, parseCron } from './cron.ts';

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A schedule's expression. */
export type Expression =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron }
  | { readonly kind: 'at'; readonly time: number };

/** Reads `rate(5 minutes)`, `cron(...)` or `at(2030-01-31T12:00:00)`, in UTC; throws an Error that quotes what it cannot read. */
export function parseExpression(text: string): Expression {
  const [, kind, inside = ''] = /^(rate|cron|at)\((.*)\)$/.exec(text.trim()) ?? [];
  if (kind === 'cron') return { kind, cron: parseCron(inside) };
  if (kind === 'at' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inside)) {
    const time = Date.parse(`${inside}Z`);
    if (!Number.isNaN(time)) return { kind, time };
  }
  const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(inside) ?? [];
  if (kind === 'rate' && Number(count) > 0) {
    return { kind, everyMs: Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS] };
  }
  throw new Error(`ScheduleExpression '${text}' is not a rate(), cron() or at() expression`);
}

/** When a schedule made at `created` first runs (epoch ms): a rate at once, as on AWS; undefined where its time is past. */
export function firstRun(expression: Expression, created: number): number | undefined {
  if (expression.kind === 'rate') return created;
  if (expression.kind === 'cron') return nextCron(expression.cron, created);
  return expression.time > created ? expression.time : undefined;
}

/**
 * When it runs after the run that was due at `due` and is over at `now`. What was missed in between is passed over, so
 * that runs never pile up; a rate keeps its beat.
 */
export function nextRun(expression: Expression, due: number, now: number): number | undefined {
  if (expression.kind === 'cron') return nextCron(expression.cron, Math.max(due, now));
  if (expression.kind === 'at') return undefined;
  const beats = Math.max(1, Math.floor((now - due) / expression.everyMs) + 1);
  return due + beats * expression.everyMs;
}
