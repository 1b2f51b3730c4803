/** Types: Hive's of a table's columns, DuckDB's of a query, and Athena's of a result, with how each value is written. Pure. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { DuckDb } from './duckdb.ts';
import { QueryFailure } from './statement.ts';

/** A column of a result, as ResultSetMetadata describes it. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
  readonly precision: number;
  readonly scale: number;
}

/** DuckDB's name for a column type of the catalog. */
export function duckTypeOf(hive: string): string {
  if (/^(string|varchar|char)/.test(hive)) return 'VARCHAR';
  return hive === 'int' ? 'INTEGER' : hive.toUpperCase();
}

interface ResultType {
  readonly type: string;
  readonly precision: number;
  readonly write: (value: unknown) => string;
}

const RESULT_TYPES: Readonly<Record<string, ResultType>> = {
  BOOLEAN: { type: 'boolean', precision: 0, write: String },
  TINYINT: { type: 'tinyint', precision: 3, write: String },
  SMALLINT: { type: 'smallint', precision: 5, write: String },
  INTEGER: { type: 'integer', precision: 10, write: String },
  BIGINT: { type: 'bigint', precision: 19, write: String },
  // What DuckDB adds bigints up to; Athena's sum is a bigint again.
  HUGEINT: { type: 'bigint', precision: 19, write: writeBigint },
  FLOAT: { type: 'float', precision: 17, write: writeDouble },
  DOUBLE: { type: 'double', precision: 17, write: writeDouble },
  VARCHAR: { type: 'varchar', precision: 2_147_483_647, write: String },
  DATE: { type: 'date', precision: 0, write: String },
  TIMESTAMP: { type: 'timestamp', precision: 3, write: writeTimestamp },
};

/** The column that DuckDB names `duckType`; throws QueryFailure for a type that results do not have here. */
function resultColumn(name: string, duckType: string): ResultColumn {
  const [, precision, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(duckType) ?? [];
  if (precision !== undefined) return { name, type: 'decimal', precision: Number(precision), scale: Number(scale) };
  const known = RESULT_TYPES[duckType];
  if (known) return { name, type: known.type, precision: known.precision, scale: 0 };
  throw new QueryFailure(`NOT_SUPPORTED: the local Athena does not write ${duckType}; cast ${name} to varchar`);
}

/** How values of the DuckDB type are written in a result. */
function writerOf(duckType: string): (value: unknown) => string {
  return RESULT_TYPES[duckType]?.write ?? String;
}

function writeBigint(value: unknown): string {
  const number = value as bigint;
  if (BigInt.asIntN(64, number) === number) return number.toString();
  throw new QueryFailure(`NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow: ${number}`);
}

/** As Java writes a double: 0.001 to 10,000,000 plainly, others with an exponent, always with a fraction. */
function writeDouble(value: unknown): string {
  const number = value as number;
  const size = Math.abs(number);
  if (!Number.isFinite(number)) return String(number);
  if (Object.is(number, -0)) return '-0.0';
  if (number === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(number) ? `${number}.0` : String(number);
  const [digits = '', exponent = ''] = number.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

function writeTimestamp(value: unknown): string {
  const { micros } = value as { micros: bigint };
  const ms = Number(micros / 1000n) - (micros % 1000n < 0n ? 1 : 0);
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

// Results as CSV, as Athena writes them: every value in quotes, null as nothing. Pure but for the stream it reads.

/** Null is written as nothing, which tells it from the empty text. */
function writeRow(values: readonly (string | null)[]): string {
  return `${values.map(value => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`;
}

/** Up to `limit` rows of what `writeRow` wrote, and how many bytes they are; reads no further than it must. */
export async function readRows(
  bytes: AsyncIterable<Buffer>,
  limit: number,
): Promise<{ rows: (string | null)[][]; size: number }> {
  const rows: (string | null)[][] = [];
  let size = 0;
  let pending: Buffer = Buffer.alloc(0);
  let seen = 0;
  let quoted = false;
  for await (const part of bytes) {
    pending = Buffer.concat([pending, part]);
    for (; seen < pending.length; seen++) {
      if (pending[seen] === QUOTE) quoted = !quoted;
      if (pending[seen] !== NEWLINE || quoted) continue;
      rows.push(readRow(pending.toString('utf8', 0, seen)));
      size += seen + 1;
      pending = pending.subarray(seen + 1);
      seen = -1;
      if (rows.length === limit) return { rows, size };
    }
  }
  return { rows, size };
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;

function readRow(line: string): (string | null)[] {
  if (line === '') return [null];
  const values: (string | null)[] = [];
  for (const [, quoted] of line.matchAll(/(?:"((?:[^"]|"")*)")?(?:,|$)/g))
    values.push(quoted?.replaceAll('""', '"') ?? null);
  // The end of the line matches once more, after the last value, unless that one is nothing.
  return line.endsWith(',') ? values : values.slice(0, -1);
}

// Writes a result as it is computed: a chunk of rows at a time is in memory, whatever its length.

/** Runs `sql` and writes its rows to `path` until `signal`; answers the columns. */
export async function writeResult(
  duck: DuckDb,
  sql: string,
  path: string,
  signal: AbortSignal,
): Promise<readonly ResultColumn[]> {
  const result = await duck.stream(sql);
  const types = result.columnTypes().map(String);
  const columns = result.columnNames().map((name, n) => resultColumn(name, types[n] ?? ''));
  const writers = types.map(writerOf);
  await pipeline(
    async function* () {
      yield writeRow(columns.map(({ name }) => name));
      for await (const rows of result.yieldRows()) {
        const texts = rows.map(row =>
          writeRow(row.map((value, n) => (value === null ? null : (writers[n]?.(value) ?? null)))),
        );
        yield texts.join('');
      }
    },
    createWriteStream(path),
    { signal },
  );
  return columns;
}
