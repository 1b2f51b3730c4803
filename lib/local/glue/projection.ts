/**
 * Partition projection: the values that a partition column may have, from the table's parameters instead of the catalog.
 * Pure. Known are the types date (with a unit of the format's own step), enum, integer and injected.
 */

type ProjectedColumn =
  | { readonly type: 'injected' }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | {
      readonly type: 'integer';
      readonly first: bigint;
      readonly last: bigint;
      readonly interval: bigint;
      readonly digits: number;
    }
  | { readonly type: 'date'; readonly format: DateFormat; readonly first: string; readonly last: string };

export interface Projection {
  readonly columns: Readonly<Record<string, ProjectedColumn>>;
  /** Of a partition's objects, after the bucket: text with `${column}` in it; ends with `/`. */
  readonly template: string;
}

const SUFFIXES = {
  injected: [],
  enum: ['values'],
  integer: ['range', 'interval', 'digits'],
  date: ['range', 'format', 'interval', 'interval.unit'],
} as const;

/** Reads the `projection.<column>.*` parameters of one column; throws an Error that names the parameter. */
export function readProjectedColumn(column: string, parameters: Readonly<Record<string, string>>): ProjectedColumn {
  const name = (suffix: string): string => `projection.${column}.${suffix}`;
  const need = (suffix: string): string => {
    const value = parameters[name(suffix)];
    if (value === undefined || value === '') throw new Error(`${name(suffix)} is missing`);
    return value;
  };
  const type = need('type').toLowerCase();
  if (!isKnown(type)) throw new Error(`${name('type')}: the local cloud knows ${Object.keys(SUFFIXES)}, not ${type}`);
  const allowed = ['type', ...SUFFIXES[type]].map(name);
  const extra = Object.keys(parameters).find(key => key.startsWith(name('')) && !allowed.includes(key));
  if (extra !== undefined) throw new Error(`${extra} means nothing for the type ${type}`);
  switch (type) {
    case 'injected':
      return { type };
    case 'enum':
      return { type, values: need('values').split(',') };
    case 'integer': {
      const [first, last] = bounds(need('range'), name('range')).map(text => whole(text, name('range')));
      const interval = whole(parameters[name('interval')] ?? '1', name('interval'));
      const digits = Number(whole(parameters[name('digits')] ?? '0', name('digits')));
      return { type, first: first as bigint, last: last as bigint, interval, digits };
    }
    case 'date': {
      if ((parameters[name('interval')] ?? '1') !== '1') throw new Error(`${name('interval')} should be 1`);
      const format = readDateFormat(need('format'), name('format'));
      const unit = parameters[name('interval.unit')]?.toUpperCase();
      if (unit !== undefined && unit !== format.unit) {
        throw new Error(`${name('interval.unit')} should be ${format.unit}, the step of the format ${format.text}`);
      }
      const [first = '', last = ''] = bounds(need('range'), name('range'));
      for (const bound of [first, last]) parseDateBound(bound, format, 0, name('range'));
      return { type, format, first, last };
    }
  }
}

/** Whether the projection has this value, as it stands in a key; `now` is in epoch ms. */
export function projects(column: ProjectedColumn, value: string, now: number): boolean {
  switch (column.type) {
    case 'injected':
      return value !== '';
    case 'enum':
      return column.values.includes(value);
    case 'integer': {
      if (!/^-?\d+$/.test(value)) return false;
      const number = BigInt(value);
      const written = number.toString().padStart(column.digits, '0');
      const within =
        number >= column.first && number <= column.last && (number - column.first) % column.interval === 0n;
      return within && written === value;
    }
    case 'date': {
      const time = column.format.read(value);
      if (time === undefined) return false;
      const [first, last] = [column.first, column.last].map(bound =>
        parseDateBound(bound, column.format, now, 'range'),
      );
      return time >= (first as number) && time <= (last as number);
    }
  }
}

function isKnown(type: string): type is keyof typeof SUFFIXES {
  return Object.hasOwn(SUFFIXES, type);
}

function bounds(range: string, name: string): string[] {
  const parts = range.split(',').map(part => part.trim());
  if (parts.length !== 2) throw new Error(`${name} should be two values with a comma between them, not ${range}`);
  return parts;
}

function whole(text: string, name: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new Error(`${name} should be a whole number, not ${text}`);
  return BigInt(text);
}

// Dates of a projection: a format of Java's letters, and bounds such as `2026-01-01` or `NOW-3YEARS`. In UTC. Pure.

interface DateFormat {
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
function readDateFormat(text: string, parameter: string): DateFormat {
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
function parseDateBound(text: string, format: DateFormat, now: number, parameter: string): number {
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
