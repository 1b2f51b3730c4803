/** `cron(minutes hours day-of-month month day-of-week year)` of EventBridge, in UTC: lists, ranges, steps, `*`, `?` and names. */

export interface Cron {
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
