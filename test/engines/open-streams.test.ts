import { afterAll, beforeAll, expect, it } from 'vitest';
import { releaseSlot, takeSlot } from '../../functions/generation/videos/open-streams-store.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

let product: ProductTables;

beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

const take = (accountId: string, slotId: string, { now = 0, until = 1000, limit = 3 } = {}) =>
  takeSlot(product.tables.core, { accountId, slotId, until }, { limit, now });
const release = (accountId: string, slotId: string) => releaseSlot(product.tables.core, { accountId, slotId });

it('an account has as many open streams as its limit, and another again when one ends', async () => {
  for (const slot of ['a', 'b', 'c']) expect(await take('one', slot)).toBe(true);
  expect(await take('one', 'd')).toBe(false);
  expect(await take('another', 'd')).toBe(true);
  await release('one', 'b');
  await release('one', 'b');
  expect(await take('one', 'd')).toBe(true);
  expect(await take('one', 'e')).toBe(false);
});

it('a stream that was never given back counts until it cannot live any more', async () => {
  for (const slot of ['a', 'b']) expect(await take('crashed', slot, { until: 1000 })).toBe(true);
  expect(await take('crashed', 'c', { until: 5000 })).toBe(true);
  expect(await take('crashed', 'd', { now: 999 })).toBe(false);
  expect(await take('crashed', 'd', { now: 1000, until: 6000 })).toBe(true);
  expect(await take('crashed', 'e', { now: 1000, until: 6000 })).toBe(true);
  expect(await take('crashed', 'f', { now: 1000, until: 6000 })).toBe(false);
});

it('those that come at once get as many as there are, the first ones too', async () => {
  const slots = Array.from({ length: 12 }, (_, index) => `slot${index}`);
  const taken = await Promise.all(slots.map(slot => take('busy', slot, { limit: 5 })));
  expect(taken.filter(Boolean).length).toBe(5);
});

it('what nobody holds is given back without a word, also of an account that never had any', async () => {
  await release('nobody', 'a');
  expect(await take('nobody', 'a', { limit: 1 })).toBe(true);
});
