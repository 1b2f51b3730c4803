/** Purchases of an account that is at work: its submissions write the same item. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditEvent } from '../../functions/audit/event.ts';
import { findRecord } from '../../functions/data/idempotency-store.ts';
import { createPurchase, findPurchase } from '../../functions/payments/purchases-store.ts';
import { withConflicts } from '../support/conflicts.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { racer, random } from '../support/racer.ts';

/** Of the account, in the transaction that begins a purchase. */
const ACCOUNT = 1;
const AT = Date.UTC(2026, 10, 1);
const KEY = { token: 'purchase:a', requestHash: 'credits_1000' };

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

/** Begins a purchase of the account; answers how it went. */
async function begin(accountId: string, purchaseId: string) {
  const purchase = {
    purchaseId,
    accountId,
    state: 'open' as const,
    package: 'credits_1000',
    credits: 1000,
    amount: 1000,
    currency: 'usd',
    createdBy: 'per_1',
    createdAt: new Date(AT).toISOString(),
    revision: 0,
  };
  const event = auditEvent(
    { kind: 'person', id: 'per_1' },
    { accountId, action: 'purchase.begun', subject: purchaseId },
    { now: AT, random },
  );
  const outcome = await createPurchase(product.tables, purchase, { event, key: KEY });
  return outcome;
}

describe('a purchase of an active account', () => {
  it('that meets its submissions waits, and begins', async () => {
    const { accountId } = await racer(product);
    expect(await withConflicts(4, ACCOUNT, () => begin(accountId, 'pur_1'))).toBe('begun');
    expect(await findPurchase(product.tables.core, accountId, 'pur_1')).toMatchObject({ state: 'open' });
  });

  it('that meets them again and again says so, and nothing was begun', async () => {
    const { accountId } = await racer(product);
    await expect(withConflicts(100, ACCOUNT, () => begin(accountId, 'pur_1'))).rejects.toMatchObject({ kind: 'busy' });
    expect(await findPurchase(product.tables.core, accountId, 'pur_1')).toBeUndefined();
  });

  it('that is requested again is another answer than one of an account that may not pay', async () => {
    const { accountId } = await racer(product);
    expect(await begin(accountId, 'pur_1')).toBe('begun');
    expect(await withConflicts(1, ACCOUNT, () => begin(accountId, 'pur_2'))).toBe('repeated');
    const record = await findRecord(product.tables.idempotency, accountId, KEY.token, AT);
    expect(record).toMatchObject({ purchaseId: 'pur_1' });
    expect(await begin('acct_nobody', 'pur_1')).toBe('not_active');
  });
});
