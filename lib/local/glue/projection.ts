/**
 * Partition projection: the values that a partition column may have, from the table's parameters instead of the catalog.
 * Pure. Known are the types date (with a unit of the format's own step), enum, integer and injected.
 */
import { type DateFormat, parseDateBound, readDateFormat } from './projected-dates.ts';

export type ProjectedColumn =
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
