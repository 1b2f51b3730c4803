/** What finance books by hand: what makes two bookings the same one, and what is answered. Pure. */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { availableBy, type Entry, type Posting } from '../credits/ledger.ts';
import type { bookedEntry } from './bookings-contract.ts';

/** A payment that was not made at Checkout: it is recorded once for its reference, for one account. */
export interface RecordedPayment {
  readonly accountId: string;
  readonly credits: number;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
}

export type Booked =
  | { readonly kind: 'booked' }
  /** The entry, or the payment with this reference, exists already. */
  | { readonly kind: 'exists'; readonly item: Readonly<Record<string, unknown>> }
  | { readonly kind: 'no_account' }
  /** This person may not book it, or not alone. */
  | { readonly kind: 'no_leave' }
  | { readonly kind: 'insufficient'; readonly available: number };

export function describeEntry(
  accountId: string,
  entry: Entry,
  state: z.output<typeof bookedEntry>['state'],
): z.output<typeof bookedEntry> {
  const { id, kind, money } = entry;
  return {
    id,
    object: 'ledger_entry',
    account_id: accountId,
    state,
    kind: kind as z.output<typeof bookedEntry>['kind'],
    credits: availableBy(entry),
    money: money ? { ...money } : null,
  };
}

/** Whether what exists is this same payment or, where there is no payment, an entry that moves the same credits. */
export function isSameBooking(
  existing: Readonly<Record<string, unknown>>,
  entry: Entry,
  payment: RecordedPayment | undefined,
): boolean {
  if (payment) {
    return (['accountId', 'credits', 'amount', 'currency'] as const).every(name => existing[name] === payment[name]);
  }
  return availableBy(entry) === availableBy({ postings: (existing.postings ?? []) as Posting[] });
}

/** Why it was not booked. */
export function bookingRefusal(booked: Exclude<Booked, { kind: 'booked' }>, accountId: string, entry: Entry): Refusal {
  if (booked.kind === 'no_account') return new Refusal('not_found', `there is no account ${accountId}`, 'id');
  if (booked.kind === 'insufficient') {
    return new Refusal(
      'insufficient_credits',
      `the account has ${booked.available} credits that can be taken, and ${-availableBy(entry)} were to be; credits must not be below -${booked.available}`,
      'credits',
    );
  }
  if (booked.kind === 'no_leave') {
    return new Refusal('wrong_state', 'this was proposed or booked by another at this moment; send it again');
  }
  const what = entry.money ? `the reference ${entry.money.reference}` : 'this Idempotency-Key';
  return new Refusal(
    'idempotency_mismatch',
    `${what} was used before with another account, credits or amount; nothing was booked now`,
    entry.money ? 'reference' : 'Idempotency-Key',
  );
}
