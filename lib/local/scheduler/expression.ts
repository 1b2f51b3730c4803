const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** A schedule's expression. */
type Expression =
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

// `cron(minutes hours day-of-month month day-of-week year)` of EventBridge, in UTC: lists, ranges, steps, `*`, `?` and names.

interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** Undefined where the field is `?`: the other day field decides. */
  readonly daysOfMonth: ReadonlySet<number> | undefined;
  readonly months: ReadonlySet<number>;
  /** 1 is Sunday. */
  readonly daysOfWeek: ReadonlySet<number> | undefined;
  readonly years: ReadonlySet<number>;
}

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTES = { name: 'minutes', first: 0, last: 59 };
const HOURS = { name: 'hours', first: 0, last: 23 };
const DAYS_OF_MONTH = { name: 'day-of-month', first: 1, last: 31 };
const MONTHS_OF_YEAR = { name: 'month', first: 1, last: 12, names: MONTHS };
const DAYS_OF_WEEK = { name: 'day-of-week', first: 1, last: 7, names: DAYS };
const YEARS = { name: 'year', first: 1970, last: 2199 };

/** Reads the six fields; throws an Error that names the field which is not understood. */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6 || !minutes || !hours || !dayOfMonth || !month || !dayOfWeek || !year) {
    throw new Error(`cron(${text}) must have six fields`);
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error(`cron(${text}): exactly one of day-of-month and day-of-week must be ?`);
  }
  return {
    minutes: values(minutes, MINUTES),
    hours: values(hours, HOURS),
    daysOfMonth: dayOfMonth === '?' ? undefined : values(dayOfMonth, DAYS_OF_MONTH),
    months: values(month, MONTHS_OF_YEAR),
    daysOfWeek: dayOfWeek === '?' ? undefined : values(dayOfWeek, DAYS_OF_WEEK),
    years: values(year, YEARS),
  };
}

function values(text: string, field: Field): ReadonlySet<number> {
  return new Set(text.split(',').flatMap(part => span(part, field)));
}

/** One member of a list: `*`, `5`, `MON-FRI`, `0/15`, `10-20/2`. */
function span(part: string, field: Field): number[] {
  const [range = '', step = '1', ...more] = part.split('/');
  const [from = '', to, ...rest] = range === '*' ? [`${field.first}`, `${field.last}`] : range.split('-');
  const first = number(from, field);
  const openEnd = part.includes('/') ? field.last : first;
  const last = to === undefined ? openEnd : number(to, field);
  const by = Number(step);
  if (more.length + rest.length > 0 || !Number.isInteger(by) || by < 1 || first > last) refuse(part, field);
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, i) => first + i * by);
}

function number(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + 1 : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.first && value <= field.last ? value : refuse(text, field);
}

function refuse(text: string, field: Field): never {
  throw new Error(`cron: '${text}' is not supported in ${field.name}, which is ${field.first} to ${field.last}`);
}

/** The first time after `after` (epoch ms) that the expression names, or undefined where there is none any more. */
export function nextCron(cron: Cron, after: number): number | undefined {
  const start = Math.floor(after / 60_000 + 1) * 60_000;
  const day = new Date(start);
  day.setUTCHours(0, 0, 0, 0);
  for (; day.getUTCFullYear() <= YEARS.last; day.setUTCDate(day.getUTCDate() + 1)) {
    if (!cron.years.has(day.getUTCFullYear())) {
      // The loop's step goes to the first of January.
      day.setUTCMonth(11, 31);
      continue;
    }
    if (!namesDay(cron, day)) continue;
    for (let minute = 0; minute < 24 * 60; minute++) {
      const time = day.getTime() + minute * 60_000;
      if (time >= start && cron.hours.has(Math.floor(minute / 60)) && cron.minutes.has(minute % 60)) return time;
    }
  }
  return undefined;
}

function namesDay(cron: Cron, day: Date): boolean {
  if (!cron.months.has(day.getUTCMonth() + 1)) return false;
  return cron.daysOfMonth?.has(day.getUTCDate()) ?? cron.daysOfWeek?.has(day.getUTCDay() + 1) ?? false;
}
