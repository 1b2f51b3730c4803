/**
 * Reverses a payment that finance recorded by hand: it never came, went back, or was booked to the wrong account. The money
 * goes out of the books as a whole, and of its credits those that are left; what was spent already becomes a payment
 * exception. The payment itself stays where it is: entries are never changed.
 */
import type { z } from 'zod';
import { findAccount } from '../accounts/accounts-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { availableBy, type Entry, purchaseId, reversePurchase, valueDateOf } from '../credits/ledger.ts';
import { balanceWrite, entryWrite, findEntry } from '../credits/ledger-store.ts';
import { utcDay } from '../data/day-shard.ts';
import { RETRY, type RefusedWrites, transact } from '../data/transaction.ts';
import type { Caller } from '../http/caller.ts';
import type { BookingDependencies, BookingResult } from './book-credits-command.ts';
import { bookingRefusal, describeEntry, differingMembers, refuseValueDate } from './booking.ts';
import type { reversePayment as contract } from './bookings-contract.ts';
import { reversedWrite } from './bookings-store.ts';
import { exceptionWrite } from './payment-exceptions-store.ts';

/** Throws a Refusal where the account has no such payment, or its reversal was booked with other members. */
export function reversePayment(
  { tables, now, random }: BookingDependencies,
  caller: Caller,
  { id: accountId, reference, reason, value_date: valueDate }: z.output<typeof contract.input>,
): Promise<BookingResult> {
  const name = `by_hand:${reference}`;
  return transact<BookingResult>(async () => {
    const [payment, account] = await Promise.all([
      findEntry(tables.ledger, accountId, purchaseId(name)),
      findAccount(tables.core, accountId),
    ]);
    if (!payment?.money || !account) throw noSuchPayment(accountId, reference);
    const at = now();
    refuseValueDate(valueDate, { today: utcDay(at), since: valueDateOf(payment) });
    const bought = availableBy(payment);
    const credits = Math.min(bought, Math.max(0, account.available));
    const entry = reversePurchase(
      name,
      credits,
      { ...payment.money, valueDate },
      { corrects: { entryId: payment.id, bookedAt: payment.bookedAt }, hand: { reason, reference } },
    );
    const uncollected = bought - credits;
    const detail = { credits: -credits, amount: payment.money.amount, currency: payment.money.currency, uncollected };
    const event = auditEvent(
      actorOf(caller),
      { accountId, action: 'credits.reversed', subject: entry.id, reason, detail },
      { now: at, random },
    );
    const why = `${uncollected} credits of the payment ${reference}, which was reversed, were spent already and could not be taken back`;
    const exception = {
      kind: 'reversal_uncollected',
      subject: reference,
      at: new Date(at).toISOString(),
      accountId,
      why,
    } as const;
    return {
      result: { entry: describeEntry(accountId, entry, 'booked'), replayed: false },
      writes: {
        entry: entryWrite(tables.ledger, accountId, entry, at),
        // What stays uncollected was reckoned with what could be spent then: with more, more is taken.
        account: balanceWrite(tables.core, accountId, [entry], uncollected > 0 ? account.available : undefined),
        payment: reversedWrite(tables.core, reference, accountId, at),
        event: auditWrite(tables.audit, event),
        ...(uncollected > 0 && { exception: exceptionWrite(tables.core, exception) }),
      },
      refused: refused => replayOf(refused, accountId, entry),
    };
  });
}

/** What stands there is this reversal, or one with other members; else credits were spent meanwhile. */
function replayOf(refused: RefusedWrites, accountId: string, entry: Entry): BookingResult | typeof RETRY {
  const item = refused.entry;
  if (!item) return RETRY;
  // How many credits were left is not the caller's to say.
  const existing = { ...entry, postings: item.postings as Entry['postings'] };
  if (differingMembers(item, existing).length > 0) {
    throw bookingRefusal({ kind: 'exists', item, reversed: false }, accountId, existing);
  }
  return { entry: describeEntry(accountId, existing, 'booked'), replayed: true };
}

function noSuchPayment(accountId: string, reference: string): Refusal {
  return new Refusal(
    'not_found',
    `the account ${accountId} has no payment with the reference ${reference} that finance recorded; one that was made at Checkout is paid back at the payment provider`,
    'reference',
  );
}
