/** An auto top-up of a generated month: begun, charged and booked by the rules of the product themselves. */
import { packageOf } from '../../functions/catalogue/packages.ts';
import type { DayEntry } from '../../functions/finance/rows.ts';
import { type AutoTopUp, begun, decideTopUp, paidFor } from '../../functions/payments/auto-top-up.ts';
import { priceOf, pricingOf } from '../../functions/payments/price.ts';
import { decide, type Purchase } from '../../functions/payments/purchase.ts';

/** Prices are net: the customer's tax is added to them. */
const PRICING = pricingOf('net', 'platform', 'DE');

/** What is booked of it; `at` is ISO 8601. */
export function generatedTopUp(accountId: string, country: string | undefined, at: string): DayEntry[] {
  const now = Date.parse(at);
  const offer = packageOf('credits_1000');
  if (!offer) throw new Error('the package is not for sale any more');
  const price = priceOf(offer, country === undefined ? {} : { country }, PRICING);
  const set = { setBy: 'user_1', setAt: at };
  const state: AutoTopUp = {
    accountId,
    revision: 1,
    method: { methodId: 'pm_1', type: 'card', savedBy: 'user_1', savedAt: at },
    settings: { below: 500, package: offer.id, monthlyLimit: price.amount, ...set },
  };
  const decision = decideTopUp(state, { available: 499, amount: price.amount, now });
  if (decision.kind !== 'buy') throw new Error(`no top-up is due: ${decision.kind}`);
  const purchaseId = `pur_${accountId.slice(5)}`;
  const open = begun(state, { purchaseId, amount: price.amount, methodId: decision.methodId }, now);
  const { id, credits, currency } = decision.offer;
  const purchase: Purchase = {
    purchaseId,
    accountId,
    state: 'open',
    package: id,
    credits,
    ...price,
    currency,
    createdBy: 'user_1',
    isAutomatic: true,
    createdAt: at,
    revision: 0,
  };
  const paid = { kind: 'paid', amount: price.amount, currency, payment: `pi_${accountId.slice(5)}` } as const;
  const booked = decide(purchase, 499, paid, at);
  if (booked.kind !== 'changed') throw new Error(`it was not booked: ${booked.kind}`);
  if (decideTopUp(paidFor(open, purchaseId), { available: 499, amount: price.amount, now }).kind !== 'limit') {
    throw new Error('it would exceed the limit of the month');
  }
  return booked.entries.map(entry => ({ ...entry, accountId, bookedAt: at }));
}
