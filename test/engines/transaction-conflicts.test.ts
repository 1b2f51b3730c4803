/** Transactions that meet others on their item, by the product's own store over its own tables. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFLICT_RETRIES } from '../../functions/data/conflict-pause.ts';
import { documents } from '../../functions/data/table.ts';
import { commit } from '../../functions/data/transaction-store.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

let product: ProductTables;
/** How many transactions meet another one before one gets through. */
let meetings = 0;
const pauses: number[] = [];

beforeAll(async () => {
  product = await startProductTables();
  documents.middlewareStack.add(next => async args => {
    if (meetings-- <= 0) return next(args);
    const CancellationReasons = [{ Code: 'TransactionConflict' }];
    throw new TransactionCanceledException({ message: 'met another', $metadata: {}, CancellationReasons });
  });
});
afterAll(() => product?.stop());

/** Commits after so many meetings; every pause is its longest. */
function commitAfter(count: number, pk: string) {
  meetings = count;
  pauses.length = 0;
  const item = { Put: { TableName: product.tables.core, Item: { pk, sk: 'ITEM' } } };
  const pause = async (ms: number) => void pauses.push(ms);
  return commit({ item }, { random: bytes => new Uint8Array(bytes).fill(255), pause });
}

describe('a transaction that meets others', () => {
  it('is sent again after pauses that double up to a second, and gets through', async () => {
    expect(await commitAfter(CONFLICT_RETRIES, 'late')).toBeUndefined();
    expect(await product.items(product.tables.core, 'late')).toHaveLength(1);
    expect(pauses.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 320, 640, 1000]);
    expect(pauses).toHaveLength(CONFLICT_RETRIES);
    expect(Math.max(...pauses)).toBe(1000);
  });

  it('is given up at last, and says that it may be sent again', async () => {
    await expect(commitAfter(CONFLICT_RETRIES + 1, 'never')).rejects.toMatchObject({ kind: 'busy' });
    expect(await product.items(product.tables.core, 'never')).toEqual([]);
  });
});
