/** Misuse that is reported and undone, by the product's own store over its own tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../functions/accounts/accounts-store.ts';
import { freezeKeys, unfreezeKeys } from '../../functions/accounts/misuse-store.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { racer, random } from '../support/racer.ts';

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

const REPORTED = Date.UTC(2026, 10, 24);
const contextAt = (now: number) => ({
  tables: product.tables,
  actor: { kind: 'person', id: 'user_1' } as const,
  now,
  random,
});

describe('keys that were frozen', () => {
  it('are accepted again after the last report that was known of, and stay frozen where another one came since', async () => {
    const { accountId } = await racer(product);
    const read = async () => (await findAccount(product.tables.core, accountId)) ?? expect.fail();
    const frozen = async () => {
      const { keysFrozenAt = expect.fail(), ...account } = await read();
      return { ...account, keysFrozenAt };
    };
    await freezeKeys(contextAt(REPORTED), await read(), 'not ours');
    const seen = await frozen();
    await freezeKeys(contextAt(REPORTED + 5), seen, 'again');
    expect(await unfreezeKeys(contextAt(REPORTED + 9), seen)).toBe(false);
    const later = await frozen();
    expect(later).toMatchObject({ keysFrozenAt: seen.keysFrozenAt, sessionsEndedAtMs: REPORTED + 5 });
    expect(await unfreezeKeys(contextAt(REPORTED + 10), later)).toBe(true);
    expect((await read()).keysFrozenAt).toBeUndefined();
  });
});
