import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { csvRow, line } from '../../functions/finance/csv.ts';
import type { Column, Dataset, Row } from '../../functions/finance/dataset-contract.ts';
import { merged, type Placed } from '../../functions/finance/merge.ts';
import { ParquetRows } from '../../functions/finance/parquet.ts';

const column = (name: string, type: Column['type'], optional = false): Column => ({ name, type, optional });
const DATASET = {
  name: 'ledger_entries',
  about: '',
  columns: [
    column('text', 'string'),
    column('whole', 'bigint'),
    column('cost', 'decimal'),
    column('maybe', 'bigint', true),
  ],
} as const satisfies Dataset;

const units = fc.integer({ min: -1e12, max: 1e12 });
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.maxSafeInteger(),
  units,
  fc.oneof(fc.maxSafeInteger(), fc.constant(null)),
);

/** Reads a line of CSV by RFC 4180, character by character. */
function cellsOf(text: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  const characters = text.slice(0, -2).split('');
  for (const [at, character] of characters.entries()) {
    // The second of two quotes within quotes is one; the first closes and this opens again.
    if (character === '"') {
      if (!quoted && characters[at - 1] === '"') cell += '"';
      quoted = !quoted;
    } else if (character === ',' && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}

describe('a line of CSV', () => {
  it('says any text so that a reader finds the same', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), cells => {
        expect(line(cells).endsWith('\r\n')).toBe(true);
        expect(cellsOf(line(cells))).toEqual(cells);
      }),
    );
  });

  it('writes a decimal to its four digits, exactly', () => {
    fc.assert(
      fc.property(units, cost => {
        const [, , written = ''] = csvRow(DATASET, ['', 0, cost, null]).trim().split(',');
        expect(written).toMatch(/^-?\d+\.\d{4}$/);
        expect(Number(written.replace('.', '')) + 0).toBe(cost + 0);
      }),
    );
  });

  it.each<[string, Row]>([
    ['a cell too few', ['', 0, 0]],
    ['an empty cell that may not be empty', [null, 0, 0, null]],
    ['text for a number', ['', '0', 0, null]],
    ['a number for text', [0, 0, 0, null]],
    ['half a credit', ['', 0.5, 0, null]],
    ['more than numbers can count', ['', 2 ** 53, 0, null]],
  ])('is not written with %s', (_, cells) => {
    expect(() => csvRow(DATASET, cells)).toThrow(RangeError);
  });
});

describe('Parquet', () => {
  it('gives back every row, and has the same bytes for the same rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 40 }), async rows => {
        const [bytes, again] = [write(rows), write(rows)];
        expect(bytes.equals(again)).toBe(true);
        const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
        const read = await parquetReadObjects({ file });
        expect(read.map(({ text, whole, maybe }) => [text, whole, maybe ?? null])).toEqual(
          rows.map(([text, whole, , maybe]) => [
            text,
            BigInt(whole as number),
            maybe === null ? null : BigInt(maybe as number),
          ]),
        );
        for (const [index, { cost }] of read.entries()) expect(cost).toBeCloseTo(Number(rows[index]?.[2]) / 10_000, 4);
      }),
    );
  });

  it('is handed on by the row group', async () => {
    const parquet = new ParquetRows(DATASET);
    const groups = Array.from({ length: 25_000 }, (_, index) => parquet.add([`row ${index}`, index, index, null]));
    expect(groups.filter(Boolean).length).toBe(2);
    const bytes = Buffer.concat([...groups.filter(group => group !== undefined), parquet.end()]);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const read = await parquetReadObjects({ file });
    expect(read.length).toBe(25_000);
    expect(read[24_999]).toMatchObject({ text: 'row 24999', whole: 24_999n });
  });
});

describe('shards that are merged', () => {
  const placed = fc.record({
    time: fc.integer({ min: 0, max: 9 }).map(String),
    account: fc.constantFrom('a', 'b', 'c'),
    id: fc.uuid(),
  });

  it('are one stream in one order, however items lie in shards, pages and moments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(placed, { maxLength: 60, selector: ({ id }) => id }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 7 }),
        async (items, shards, size) => {
          const streams = Array.from({ length: shards }, (_, shard) =>
            pages(
              items
                .filter((_, index) => index % shards === shard)
                .toSorted((one, other) => Number(one.time) - Number(other.time)),
              size,
            ),
          );
          const given: string[] = [];
          for await (const item of merged(streams)) given.push(item);
          const wanted = items.map(({ time, account, id }) => `${time} ${account} ${id}`).sort();
          expect(given).toEqual(wanted);
        },
      ),
    );
  });
});

async function* pages(items: readonly Omit<Placed<string>, 'item'>[], size: number): AsyncGenerator<Placed<string>[]> {
  for (let at = 0; at < items.length; at += size) {
    yield items.slice(at, at + size).map(item => ({ ...item, item: `${item.time} ${item.account} ${item.id}` }));
  }
}

function write(rows: readonly Row[]): Buffer {
  const parquet = new ParquetRows(DATASET);
  const groups = rows.map(cells => parquet.add(cells)).filter(group => group !== undefined);
  return Buffer.concat([...groups, parquet.end()]);
}
