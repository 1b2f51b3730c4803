/** What finance books by hand: what makes two bookings the same one, and what is answered. Pure. */
import type { z } from 'zod';
import { BEGINNING, GIFTS_LAST_DAYS } from '../catalogue/ledger-kinds.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { availableBy, type Entry } from '../credits/ledger.ts';
import { dayPlus, utcDay } from '../data/day-shard.ts';
import { describeMoney } from '../usage/ledger-list.ts';
import type { bookedEntry } from './bookings-contract.ts';

/** A payment that was not made at Checkout: it is recorded once for its reference, for one account. */
export interface RecordedPayment {
  readonly accountId: string;
  readonly credits: number;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  /** Absent where it was recorded before there were value dates. */
  readonly valueDate?: string;
  /** When it was reversed, ISO 8601: from then on another account may have its reference. */
  readonly reversedAt?: string;
}

export type Booked =
  | { readonly kind: 'booked' }
  /** The entry, or the payment with this reference, exists already. */
  | { readonly kind: 'exists'; readonly item: Readonly<Record<string, unknown>>; readonly reversed: boolean }
  | { readonly kind: 'no_account' }
  /** This person may not book it, or not alone. */
  | { readonly kind: 'no_leave' }
  | { readonly kind: 'insufficient'; readonly available: number };

export function describeEntry(
  accountId: string,
  entry: Entry,
  state: z.output<typeof bookedEntry>['state'],
): z.output<typeof bookedEntry> {
  const { id, kind, money, reason = null, reference = null } = entry;
  return {
    id,
    object: 'ledger_entry',
    account_id: accountId,
    state,
    kind: kind as z.output<typeof bookedEntry>['kind'],
    credits: availableBy(entry),
    money: describeMoney(money),
    reference,
    reason,
    expires_on: entry.expiresOn ?? null,
  };
}

/** A gift of which nobody says when it ends, with the day on which it does. `at` is epoch ms. */
export function ending(entry: Entry, at: number): Entry {
  const isOpen = entry.kind === 'grant' && entry.expiresOn === undefined;
  return isOpen ? { ...entry, expiresOn: dayPlus(utcDay(at), GIFTS_LAST_DAYS.by_hand) } : entry;
}

/** What two bookings of one reference must share to be the same, by the member of the call that says it. */
function termsOf(entry: Pick<Entry, 'postings' | 'money' | 'reason' | 'expiresOn'>): Readonly<Record<string, unknown>> {
  const { money, reason } = entry;
  return {
    credits: availableBy(entry),
    amount: money?.amount,
    currency: money?.currency,
    value_date: money?.valueDate,
    reason,
    // Left out it is the day that follows from that of the booking, whatever day this call is made on.
    ...(entry.expiresOn !== undefined && { expires_on: entry.expiresOn }),
  };
}

/** The same terms as a text. */
export function termsText(entry: Entry): string {
  return JSON.stringify(termsOf(entry));
}

/** The members of a booking that are not as they were booked under this reference; none where it is the same one. */
export function differingMembers(existing: Readonly<Record<string, unknown>>, entry: Entry): string[] {
  // A payment's reference may be of another account, and then it is not the entry that is found, but the payment.
  if (existing.postings === undefined) return ['account'];
  const [before, now] = [termsOf(existing as unknown as Entry), termsOf(entry)];
  return Object.keys(now).filter(name => before[name] !== now[name]);
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
  return new Refusal('idempotency_mismatch', usedBefore(entry, differingMembers(booked.item, entry)), 'reference');
}

function usedBefore({ reference = '' }: Entry, members: readonly string[]): string {
  return `the reference ${reference} was used before with another ${members.join(' and ')}; nothing was booked now: send what was booked, or another reference`;
}

/** Years for which a gift may last, at most. */
const LONGEST_YEARS = 10;

/** Throws a Refusal for a day on which a gift cannot end. */
export function refuseEnd(day: string, today: string): void {
  const last = `${Number(today.slice(0, 4)) + LONGEST_YEARS}-12-31`;
  const why = day <= today ? `after today, ${today} in UTC` : day > last ? `on ${last} at the latest` : undefined;
  if (why) throw new Refusal('invalid_parameter', `expires_on must be ${why}`, 'expires_on');
}

/** Throws a Refusal for a day on which the money cannot have come or gone. */
export function refuseValueDate(
  day: string,
  { today, since = BEGINNING }: { readonly today: string; readonly since?: string },
): void {
  const why = day > today ? `after today, ${today} in UTC` : day < since ? `before ${since}` : undefined;
  if (why) throw new Refusal('invalid_parameter', `value_date must not be ${why}`, 'value_date');
}
