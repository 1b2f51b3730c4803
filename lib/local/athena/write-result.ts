/** Writes a result as it is computed: a chunk of rows at a time is in memory, whatever its length. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { writeRow } from './csv.ts';
import type { DuckDb } from './duckdb.ts';
import { type ResultColumn, resultColumn, writerOf } from './result-types.ts';

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
