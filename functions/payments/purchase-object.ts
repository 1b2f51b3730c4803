/** A purchase as its buyer reads it. Pure. */
import type { z } from 'zod';
import type { purchaseObject } from './contract.ts';
import type { Purchase } from './purchase.ts';

export function describePurchase(purchase: Purchase): z.output<typeof purchaseObject> {
  const { purchaseId, state, checkoutUrl, createdAt, paidAt, refunds = {}, credits, amount, currency } = purchase;
  const sum = (of: 'amount' | 'credits' | 'shortfall'): number =>
    Object.values(refunds).reduce((total, refund) => total + (refund[of] ?? 0), 0);
  return {
    ...{ id: purchaseId, object: 'credit_purchase', status: state, package: purchase.package },
    ...{ credits, amount, currency },
    // What is paid or has run out is not to be paid again.
    checkout_url: state === 'open' ? (checkoutUrl ?? null) : null,
    ...{ created_at: createdAt, paid_at: paidAt ?? null },
    refunded: { amount: sum('amount'), credits: sum('credits'), shortfall: sum('shortfall') },
  };
}
