/** What finance books by hand, with who did it and why. */
import type { z } from 'zod';
import { actorOf, auditEvent } from '../audit/event.ts';
import type { AuditAction } from '../catalogue/audit-actions.ts';
import { GIVEN_ALONE } from '../catalogue/ledger-kinds.ts';
import { adjustment, availableBy, type Entry, grant, purchase } from '../credits/ledger.ts';
import type { Caller } from '../http/caller.ts';
import { tokenOfKey } from '../http/idempotency-key.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { type Booked, bookingRefusal, describeEntry, isSameBooking, type RecordedPayment } from './booking.ts';
import type { adjustCredits, bookedEntry, grantCredits, recordPayment } from './bookings-contract.ts';
import {
  aloneWrite,
  type Booking,
  type BookingTables,
  bookEntry,
  findProposal,
  putProposal,
  secondWrite,
} from './bookings-store.ts';
import { givenBy, nextOf, proposalOf } from './second-person.ts';

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
  return book(dependencies, caller, details, entry, { payment: { accountId: id, ...payment } });
}

/** `key` is the caller's Idempotency-Key, which names the entry for ever; without one each call books another entry. */
export function bookAdjustment(
  dependencies: BookingDependencies,
  caller: Caller,
  { id, credits, reason }: z.output<typeof adjustCredits.input>,
  key: string | undefined,
): Promise<BookingResult> {
  const entry = adjustment(referenceOf(dependencies, key), credits);
  return book(dependencies, caller, { accountId: id, action: 'credits.adjusted', reason }, entry, { key });
}

/** As `bookAdjustment`. */
export function bookGrant(
  dependencies: BookingDependencies,
  caller: Caller,
  { id, credits, reason }: z.output<typeof grantCredits.input>,
  key: string | undefined,
): Promise<BookingResult> {
  const entry = grant(referenceOf(dependencies, key), credits);
  return book(dependencies, caller, { accountId: id, action: 'credits.granted', reason }, entry, { key });
}

function referenceOf({ now, random }: BookingDependencies, key: string | undefined): string {
  return tokenOfKey(key) ?? prefixedId('ref', now(), random);
}

/** What makes the same call the same entry, so that another person can repeat it. */
interface Named {
  readonly key?: string | undefined;
  readonly payment?: RecordedPayment;
}

async function book(
  dependencies: BookingDependencies,
  caller: Caller,
  details: { readonly accountId: string; readonly action: AuditAction; readonly reason: string },
  entry: Entry,
  named: Named,
): Promise<BookingResult> {
  const { tables, now, random } = dependencies;
  const { accountId } = details;
  const { payment } = named;
  const at = now();
  const event = auditEvent(
    actorOf(caller),
    { ...details, subject: entry.id, detail: { credits: availableBy(entry) } },
    { now: at, random },
  );
  const booking = { accountId, entry, event, payment };
  const given = givenBy(entry);
  if (given <= GIVEN_ALONE) {
    const leave = given > 0 ? aloneWrite(tables.core, caller.id, given, at) : undefined;
    const booked = await bookEntry(tables, { ...booking, leave }, at);
    if (booked.kind !== 'no_leave') return resultOf(booked, booking);
  }
  return bookByTwo(dependencies, caller, booking, named.key !== undefined || payment !== undefined);
}

/** Proposes the entry, or books it where another has proposed it. */
async function bookByTwo(
  { tables, now }: BookingDependencies,
  caller: Caller,
  booking: Booking,
  isNamed: boolean,
): Promise<BookingResult> {
  const { accountId, entry, event, payment } = booking;
  const at = now();
  const proposal = proposalOf(entry, payment, { personId: caller.id, now: at });
  const next = nextOf(await findProposal(tables.core, accountId, entry.id), proposal, isNamed);
  if (next === 'book') {
    const leave = secondWrite(tables.core, accountId, entry.id, proposal, at);
    return resultOf(await bookEntry(tables, { ...booking, leave }, at), booking);
  }
  if (next === 'propose') {
    const outcome = await putProposal(
      tables,
      { ...booking, event: { ...event, action: 'credits.proposed' } },
      proposal,
      at,
    );
    if (outcome !== 'proposed') {
      throw bookingRefusal({ kind: outcome === 'changed' ? 'no_leave' : outcome }, accountId, entry);
    }
  }
  return { entry: describeEntry(accountId, entry, 'awaiting_second_person'), replayed: next === 'wait' };
}

function resultOf(booked: Booked, { accountId, entry, payment }: Booking): BookingResult {
  const replayed = booked.kind === 'exists' && isSameBooking(booked.item, entry, payment);
  if (booked.kind !== 'booked' && !replayed) throw bookingRefusal(booked, accountId, entry);
  return { entry: describeEntry(accountId, entry, 'booked'), replayed };
}
