/** CSV by RFC 4180: lines end with CR LF, and what has a comma, a quote or a line's end is in quotes. */
import type { Cell, Column, ColumnType, Dataset, Row } from './dataset-contract.ts';

/** Ten-thousandths in one of a decimal column. */
export const DECIMAL_SCALE = 10_000;

export function csvHeader({ columns }: Dataset): string {
  return line(columns.map(({ name }) => name));
}

/** Throws where a row does not fit the columns: a file that lacks something is worse than none. */
export function csvRow({ name, columns }: Dataset, row: Row): string {
  if (row.length !== columns.length) throw new RangeError(`a row of ${name} has ${row.length} cells`);
  return line(columns.map((column, index) => written(name, column, row[index] ?? null)));
}

/** Text cells as a line, also for responses that are no dataset. */
export function line(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function written(dataset: string, { name, type, optional }: Column, cell: Cell): string {
  if (cell === null) {
    if (!optional) throw new RangeError(`${dataset}.${name} is empty`);
    return '';
  }
  if ((typeof cell === 'string') !== (type === 'string')) throw new RangeError(`${dataset}.${name} is ${typeof cell}`);
  return typeof cell === 'string' ? cell : number(cell, type, `${dataset}.${name}`);
}

function number(cell: number, type: ColumnType, name: string): string {
  if (type === 'double') return String(cell);
  if (!Number.isSafeInteger(cell)) throw new RangeError(`${name} is not a whole number: ${cell}`);
  return type === 'decimal' ? decimal(cell) : String(cell);
}

/** `4500` ten-thousandths -> `0.4500`. */
function decimal(units: number): string {
  const digits = String(Math.abs(units)).padStart(5, '0');
  return `${units < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The cells of each line of a file that was written here. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  for (const [, inQuotes, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    cells.push(inQuotes?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    lines.push(cells);
    cells = [];
  }
  return lines;
}
