/** Dates of a projection: a format of Java's letters, and bounds such as `2026-01-01` or `NOW-3YEARS`. In UTC. Pure. */

export interface DateFormat {
  readonly text: string;
  /** The step from one value to the next, as `interval.unit` names it. */
  readonly unit: 'YEARS' | 'MONTHS' | 'DAYS' | 'HOURS' | 'MINUTES' | 'SECONDS';
  /** Epoch ms of a value that is written exactly so; undefined for any other text. */
  read(value: string): number | undefined;
}

/** Letters from the largest step to the smallest: each with its digits and its unit. */
const LETTERS = {
  yyyy: 'YEARS',
  MM: 'MONTHS',
  dd: 'DAYS',
  HH: 'HOURS',
  mm: 'MINUTES',
  ss: 'SECONDS',
} as const;
const FIELD = /yyyy|MM|dd|HH|mm|ss/g;
const UNITS = Object.values(LETTERS);

/** Reads a format; throws an Error that names `parameter` for a letter that is not known. */
export function readDateFormat(text: string, parameter: string): DateFormat {
  const fields = (text.match(FIELD) ?? []) as (keyof typeof LETTERS)[];
  const rest = text.replace(FIELD, '').replace(/'[^']*'/g, '');
  if (/[A-Za-z]/.test(rest) || !fields.includes('yyyy') || new Set(fields).size < fields.length) {
    throw new Error(`${parameter}: the local cloud knows yyyy, MM, dd, HH, mm and ss, each once, not ${text}`);
  }
  const pattern = text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll("'", '')
    .replace(FIELD, field => `(?<${field}>\\d{${field.length}})`);
  const unit = fields.map(field => LETTERS[field]).sort((a, b) => UNITS.indexOf(b) - UNITS.indexOf(a))[0] ?? 'YEARS';
  return {
    text,
    unit,
    read(value) {
      const found = new RegExp(`^${pattern}$`).exec(value)?.groups;
      if (!found) return undefined;
      const { yyyy, MM = '01', dd = '01', HH = '00', mm = '00', ss = '00' } = found;
      const iso = `${yyyy}-${MM}-${dd}T${HH}:${mm}:${ss}.000Z`;
      const time = Date.parse(iso);
      // 30 February has a time, but is not how that time is written.
      return Number.isNaN(time) || new Date(time).toISOString() !== iso ? undefined : time;
    },
  };
}

/** Epoch ms of a bound: a value of the format, or `NOW` with a distance; throws an Error that names `parameter`. */
export function parseDateBound(text: string, format: DateFormat, now: number, parameter: string): number {
  const [, sign, count, unit = ''] = /^NOW(?:([+-])(\d+)(YEAR|MONTH|WEEK|DAY|HOUR|MINUTE|SECOND)S?)?$/.exec(text) ?? [];
  if (text === 'NOW') return now;
  if (count !== undefined) return shift(now, Number(`${sign}${count}`), unit);
  const time = format.read(text);
  if (time === undefined) throw new Error(`${parameter}: ${text} is neither NOW nor of the format ${format.text}`);
  return time;
}

function shift(time: number, by: number, unit: string): number {
  const date = new Date(time);
  if (unit === 'YEAR') return date.setUTCFullYear(date.getUTCFullYear() + by);
  if (unit === 'MONTH') return date.setUTCMonth(date.getUTCMonth() + by);
  const seconds = { WEEK: 604_800, DAY: 86_400, HOUR: 3600, MINUTE: 60, SECOND: 1 }[unit] ?? 0;
  return time + by * seconds * 1000;
}
