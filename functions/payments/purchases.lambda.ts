import { restHandler } from '../audit/api-handlers.ts';
import { PACKAGES } from '../catalogue/packages.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { pageOfIds, wholeList } from '../http/page.ts';
import { setting } from '../runtime/runtime.ts';
import { listCreditPackages, listPurchases, retrievePurchase } from './contract.ts';
import { describePurchase } from './purchase.ts';
import { findPurchase, purchasesOf } from './purchases-store.ts';

const CORE_TABLE = setting('CORE_TABLE');
const PRICES = setting('PACKAGE_PRICES');
const LIMIT = 20;

/** What is for sale, and what the account bought. */
export const handler = restHandler(
  route(listCreditPackages, async () => {
    const data = PACKAGES.map(({ id, credits, price, currency }) => ({
      id,
      object: 'credit_package' as const,
      credits,
      amount: price,
      tax: PRICES === 'net' ? ('added' as const) : ('included' as const),
      currency,
    }));
    return { body: wholeList(data) };
  }),
  route(listPurchases, async ({ caller, input: { limit = LIMIT, after } }) => {
    const { purchases, more } = await purchasesOf(CORE_TABLE, caller.accountId, { after, limit });
    return { body: pageOfIds(purchases.map(describePurchase), more) };
  }),
  route(retrievePurchase, async ({ caller, input: { id } }) => {
    const purchase = await findPurchase(CORE_TABLE, caller.accountId, id);
    if (!purchase) throw new Refusal('not_found', `there is no purchase ${id} in this account`, 'id');
    return { body: describePurchase(purchase) };
  }),
);
