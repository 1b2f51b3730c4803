/** Results as CSV, as Athena writes them: every value in quotes, null as nothing. Pure but for the stream it reads. */

/** Null is written as nothing, which tells it from the empty text. */
export function writeRow(values: readonly (string | null)[]): string {
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
