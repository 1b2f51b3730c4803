/** What finance books by hand, with who did it and why. */
import type { z } from 'zod';
import { type AuditAction, actorOf, auditEvent } from '../audit/event.ts';
import { adjustment, availableBy, type Entry, grant, purchase } from '../credits/ledger.ts';
import type { Caller } from '../http/caller.ts';
import { tokenOfKey } from '../http/idempotency-key.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { bookingRefusal, describeEntry, isSameBooking, type RecordedPayment } from './booking.ts';
import type { adjustCredits, bookedEntry, grantCredits, recordPayment } from './bookings-contract.ts';
import { type BookingTables, bookEntry } from './bookings-store.ts';

export interface BookingDependencies {
  readonly tables: BookingTables;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

export interface BookingResult {
  readonly entry: z.output<typeof bookedEntry>;
  /** It was booked by an earlier call. */
  readonly replayed: boolean;
}

/** Books a payment that was not made at Checkout; its reference makes it one. */
export function bookPayment(
  dependencies: BookingDependencies,
  caller: Caller,
  { id, reason, ...payment }: z.output<typeof recordPayment.input>,
): Promise<BookingResult> {
  const { credits, ...money } = payment;
  const entry = purchase(`by_hand:${money.reference}`, credits, money);
  const details = { accountId: id, action: 'credits.purchased', reason } as const;
  return book(dependencies, caller, details, entry, { accountId: id, ...payment });
}

/** `key` is the caller's Idempotency-Key, which names the entry for ever; without one each call books another entry. */
export function bookAdjustment(
  dependencies: BookingDependencies,
  caller: Caller,
  { id, credits, reason }: z.output<typeof adjustCredits.input>,
  key: string | undefined,
): Promise<BookingResult> {
  const entry = adjustment(referenceOf(dependencies, key), credits);
  return book(dependencies, caller, { accountId: id, action: 'credits.adjusted', reason }, entry);
}

/** As `bookAdjustment`. */
export function bookGrant(
  dependencies: BookingDependencies,
  caller: Caller,
  { id, credits, reason }: z.output<typeof grantCredits.input>,
  key: string | undefined,
): Promise<BookingResult> {
  const entry = grant(referenceOf(dependencies, key), credits);
  return book(dependencies, caller, { accountId: id, action: 'credits.granted', reason }, entry);
}

function referenceOf({ now, random }: BookingDependencies, key: string | undefined): string {
  return tokenOfKey(key) ?? prefixedId('ref', now(), random);
}

async function book(
  { tables, now, random }: BookingDependencies,
  caller: Caller,
  details: { readonly accountId: string; readonly action: AuditAction; readonly reason: string },
  entry: Entry,
  payment?: RecordedPayment,
): Promise<BookingResult> {
  const { accountId } = details;
  const at = now();
  const event = auditEvent(
    actorOf(caller),
    { ...details, subject: entry.id, detail: { credits: availableBy(entry) } },
    { now: at, random },
  );
  const booked = await bookEntry(tables, { accountId, entry, event, payment }, at);
  const replayed = booked.kind === 'exists' && isSameBooking(booked.item, entry, payment);
  if (booked.kind !== 'booked' && !replayed) throw bookingRefusal(booked, accountId, entry);
  return { entry: describeEntry(accountId, entry), replayed };
}
