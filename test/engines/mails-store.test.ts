/** E-mails of decisions over the product's own tables: each is sent once, whoever repeats the decision and when. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

let product: ProductTables;
let store: typeof import('../../functions/accounts/mails-store.ts');

beforeAll(async () => {
  product = await startProductTables();
  store = await import('../../functions/accounts/mails-store.ts');
});
afterAll(() => product?.stop());

const NOW = Date.UTC(2026, 10, 29);
const AT = new Date(NOW).toISOString();
const MAIL = { mailId: 'mail_1', template: 'freeze', fields: { reason: 'r' }, createdAt: AT } as const;

async function due(accountId: string): Promise<(now: number) => Promise<boolean>> {
  const { core } = product.tables;
  const { Put } = store.mailWrite(core, accountId, MAIL);
  await product.put(core, Put?.Item ?? expect.fail());
  return async now => (await store.claimMail(core, accountId, 'mail_1', now)) !== undefined;
}

it('is claimed by one of those that come at once, and by none once it is sent', async () => {
  const claim = await due('acct_once');
  const claims = await Promise.all([claim(NOW), claim(NOW), claim(NOW)]);
  expect(claims.filter(Boolean)).toHaveLength(1);
  await store.noteMail(product.tables.core, 'acct_once', 'mail_1', { to: 'a…@b.example', at: AT, isSent: true });
  expect(await claim(NOW + 3600_000)).toBe(false);
  const { mails } = await store.mailsOf(product.tables.core, 'acct_once', { limit: 5 });
  expect(mails).toEqual([expect.objectContaining({ mailId: 'mail_1', to: 'a…@b.example', sentAt: AT })]);
});

it('is claimed again where it failed, and where who claimed it is gone', async () => {
  const claim = await due('acct_again');
  expect(await claim(NOW)).toBe(true);
  await store.noteMail(product.tables.core, 'acct_again', 'mail_1', { to: 'a…@b.example', at: AT, isSent: false });
  expect(await claim(NOW + 1)).toBe(true);
  expect([await claim(NOW + 30_000), await claim(NOW + 61_000)]).toEqual([false, true]);
});

it('is none that never was due', async () => {
  expect(await store.claimMail(product.tables.core, 'acct_again', 'mail_2', NOW)).toBeUndefined();
});
