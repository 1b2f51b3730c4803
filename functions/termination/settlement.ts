/** What becomes of one lot when service ends. Pure. */
import { type Entry, expiry, refundPurchase } from '../credits/ledger.ts';
import { deferredOf, type Lot, leftOf } from '../credits/lots.ts';

/** Of what was paid the money that is not earned goes back; all else ends. Its id is of the termination and the lot: it is booked once. */
export function settlementOf(terminationId: string, lot: Lot): Entry {
  const { id: entryId, bookedAt, money } = lot;
  const [left, amount] = [leftOf(lot), deferredOf(lot)];
  const reference = `${terminationId}:${entryId}`;
  if (money === undefined || amount <= 0) return expiry(reference, left, { entryId, bookedAt });
  return refundPurchase(
    reference,
    left,
    { amount, currency: money.currency, reference: terminationId },
    { entryId, bookedAt },
  );
}
