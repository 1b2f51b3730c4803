/** What finance books by hand, with who did it and why. */
import type { z } from 'zod';
import { actorOf, auditEvent } from '../audit/event.ts';
import type { AuditAction } from '../catalogue/audit-actions.ts';
import { GIVEN_ALONE } from '../catalogue/ledger-kinds.ts';
import { adjustment, availableBy, type Entry, grant, purchase } from '../credits/ledger.ts';
import { utcDay } from '../data/day-shard.ts';
import type { Caller } from '../http/caller.ts';
import type { Random } from '../runtime/ids.ts';
import {
  type Booked,
  bookingRefusal,
  describeEntry,
  differingMembers,
  ending,
  type RecordedPayment,
  refuseEnd,
  refuseValueDate,
} from './booking.ts';
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
import { givenBy, nextBooking, proposalOf } from './second-person.ts';

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
  { id, reason, credits, amount, currency, reference, value_date }: z.output<typeof recordPayment.input>,
): Promise<BookingResult> {
  refuseValueDate(value_date, { today: utcDay(dependencies.now()) });
  const money = { amount, currency, reference, valueDate: value_date };
  const entry = purchase(`by_hand:${reference}`, credits, money, { reason, reference });
  const details = { accountId: id, action: 'credits.purchased', reason } as const;
  return book(dependencies, caller, details, entry, { accountId: id, credits, ...money });
}

/** Its reference makes it one, in its account. */
export function bookAdjustment(
  dependencies: BookingDependencies,
  caller: Caller,
  { id, credits, reason, reference }: z.output<typeof adjustCredits.input>,
): Promise<BookingResult> {
  const entry = adjustment(reference, credits, { reason, reference });
  return book(dependencies, caller, { accountId: id, action: 'credits.adjusted', reason }, entry);
}

/** As `bookAdjustment`. */
export function bookGrant(
  dependencies: BookingDependencies,
  caller: Caller,
  { id, credits, reason, reference, expires_on: expiresOn }: z.output<typeof grantCredits.input>,
): Promise<BookingResult> {
  if (expiresOn !== undefined) refuseEnd(expiresOn, utcDay(dependencies.now()));
  // Not the grants of the platform's own, such as what an account is opened with.
  const entry = grant(`by_hand:${reference}`, credits, { hand: { reason, reference }, expiresOn });
  return book(dependencies, caller, { accountId: id, action: 'credits.granted', reason }, entry);
}

async function book(
  dependencies: BookingDependencies,
  caller: Caller,
  details: { readonly accountId: string; readonly action: AuditAction; readonly reason: string },
  entry: Entry,
  payment?: RecordedPayment,
): Promise<BookingResult> {
  const { tables, now, random } = dependencies;
  const { accountId } = details;
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
    const lasting = { ...booking, entry: ending(entry, at) };
    const booked = await bookEntry(tables, { ...lasting, leave }, at);
    if (booked.kind !== 'no_leave') return resultOf(booked, booking, lasting.entry);
  }
  return bookByTwo(dependencies, caller, booking);
}

/** Proposes the entry, or books it where another has proposed it. */
async function bookByTwo(
  { tables, now }: BookingDependencies,
  caller: Caller,
  booking: Booking,
): Promise<BookingResult> {
  const { accountId, entry, event } = booking;
  const at = now();
  const proposal = proposalOf(entry, { personId: caller.id, now: at });
  const next = nextBooking(await findProposal(tables.core, accountId, entry.id), proposal);
  if (next === 'do') {
    const leave = secondWrite(tables.core, accountId, entry.id, proposal, at);
    const lasting = { ...booking, entry: ending(entry, at) };
    return resultOf(await bookEntry(tables, { ...lasting, leave }, at), booking, lasting.entry);
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

function resultOf(booked: Booked, { accountId, entry }: Booking, lasting: Entry): BookingResult {
  const replayed = booked.kind === 'exists' && differingMembers(booked.item, entry).length === 0;
  if (booked.kind !== 'booked' && !replayed) throw bookingRefusal(booked, accountId, entry);
  const reversed = booked.kind === 'exists' && booked.reversed;
  const stands = booked.kind === 'exists' ? (booked.item as unknown as Entry) : lasting;
  return { entry: describeEntry(accountId, stands, reversed ? 'reversed' : 'booked'), replayed };
}
