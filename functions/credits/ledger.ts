/**
 * The ledger's rules. Double entry, append-only, credits are whole numbers:
 * - the postings of one entry sum to zero;
 * - an account's `available` and `held` are sums over its entries (balance projections) and are never below zero;
 * - a hold is settled once, as a whole: captured (earned by the platform) or released (available again).
 * An entry's id is made of what it is about, so the table refuses to write the same entry again.
 */
import { GIFTS_LAST_DAYS, type LEDGER_KINDS } from '../catalogue/ledger-kinds.ts';
import type { TaxTreatment } from '../catalogue/tax.ts';
import type { VideoFunction } from '../catalogue/video-request.ts';
import { dayPlus, utcDay } from '../data/day-shard.ts';

/** `available` and `held` are the customer's; the others say where credits come from and go to: gifts, sales, and what was used up. */
export type LedgerAccount = 'available' | 'held' | 'revenue' | 'issued' | 'sold' | 'expired' | 'adjusted';

export interface Posting {
  readonly account: LedgerAccount;
  /** Credits; negative takes away. */
  readonly amount: number;
}

export type EntryKind = (typeof LEDGER_KINDS)[number];

export interface Entry {
  /** Unique in its account, and the same for every retry of the same event. */
  readonly id: string;
  readonly kind: EntryKind;
  readonly postings: readonly Posting[];
  /** The job it is about, where it is about one, and what that job makes: usage is reported without reading the job. */
  readonly jobId?: number;
  readonly function?: VideoFunction;
  readonly model?: string;
  /** The key, or the person, that started the job. */
  readonly keyId?: string;
  /** The account's plan when the job was started. */
  readonly plan?: string;
  /** Of a purchase, refund or reversal: what was paid or, below zero, paid back. */
  readonly money?: Money;
  /** Why a person booked it, where one did; its account reads it too. */
  readonly reason?: string;
  /** What a person finds it by, where one booked it; the entry's id is made of it. */
  readonly reference?: string;
  /** Of a refund, reversal or expiry: the purchase or grant that it takes back or ends, and when that was booked, ISO 8601. */
  readonly corrects?: Corrected;
  /** Of a grant: the UTC day with whose beginning what is left of it ends; it does not where absent. */
  readonly expiresOn?: string;
}

/** What a person says of an entry that it books by hand. */
export type ByHand = Required<Pick<Entry, 'reason' | 'reference'>>;

export interface Corrected {
  readonly entryId: string;
  readonly bookedAt: string;
}

export interface Money {
  /** In the currency's smallest unit, such as cents. */
  readonly amount: number;
  /** ISO 4217 in small letters, such as `usd`. */
  readonly currency: string;
  /** What the payment is found by where it was paid: a payment intent, a refund, a bank's reference. */
  readonly reference: string;
  /** The UTC day on which the money came or went, `2026-11-23`; the day of the booking where absent. */
  readonly valueDate?: string;
  /** How much of it is tax, where that was said when it was paid: it was added to the price, or Stripe computed it. */
  readonly tax?: Taxed;
  /** The invoice that Stripe made of it, where it did: its id and its number there. */
  readonly hosted?: { readonly id: string; readonly number: string };
}

export interface Taxed {
  /** In the currency's smallest unit. */
  readonly amount: number;
  /** Hundredths of a per cent. */
  readonly rate: number;
  readonly treatment: TaxTreatment;
  /** Whose tax it is; absent where none is charged, or nobody says. */
  readonly country?: string;
}

/** What a job's entries record of it, so that usage is reported without reading the job. */
export interface Made {
  readonly function: VideoFunction;
  readonly model?: string;
  readonly keyId?: string;
  readonly plan?: string;
}

/** What an account has: credits that it may spend, and credits that open jobs hold. */
export interface Balance {
  readonly available: number;
  readonly held: number;
}

/** Gives credits to an account; `reference` names the gift and makes it happen once. */
export function grant(
  reference: string,
  credits: number,
  { hand, expiresOn }: { readonly hand?: ByHand; readonly expiresOn?: string | undefined } = {},
): Entry {
  const given = entry(`grant#${reference}`, 'grant', 'issued', 'available', credits);
  return { ...given, ...hand, ...(expiresOn !== undefined && { expiresOn }) };
}

/** What an account is opened with; `at` is epoch ms. */
export function openingGrant(credits: number, at: number): Entry {
  return grant('opening', credits, { expiresOn: dayPlus(utcDay(at), GIFTS_LAST_DAYS.opening) });
}

/** The id of the sale of this reference. */
export const purchaseId = (reference: string): string => `purchase#${reference}`;

/** Sells credits; `reference` names the sale and makes it happen once. `money` is what was paid. */
export function purchase(reference: string, credits: number, money: Money, hand?: ByHand): Entry {
  const sale = entry(purchaseId(reference), 'purchase', 'sold', 'available', credits);
  return { ...sale, money: paid(money, 1), ...hand };
}

/**
 * Takes sold credits back because the money went back; `money.amount` is how much, above zero. The credits may be fewer
 * than were bought with it, and none: what is spent cannot be taken.
 */
export function refundPurchase(reference: string, credits: number, money: Money, corrects?: Corrected): Entry {
  const taken = entry(`refund#${reference}`, 'refund', 'available', 'sold', credits);
  return { ...taken, money: paid(money, -1), ...(corrects && { corrects }) };
}

/** Undoes a payment that was recorded by hand, as a whole; of its credits those that are left. Once for each reference. */
export function reversePurchase(
  reference: string,
  credits: number,
  money: Money,
  { corrects, hand }: { readonly corrects: Corrected; readonly hand: ByHand },
): Entry {
  const taken = entry(`reversal#${reference}`, 'reversal', 'available', 'sold', credits);
  return { ...taken, money: paid(money, -1), corrects, ...hand };
}

/** Puts a mistake right by hand: gives credits, or takes them where they are below zero. */
export function adjustment(reference: string, credits: number, hand?: ByHand): Entry {
  const id = `adjustment#${reference}`;
  const made =
    credits < 0
      ? entry(id, 'adjustment', 'available', 'adjusted', -credits)
      : entry(id, 'adjustment', 'adjusted', 'available', credits);
  return { ...made, ...hand };
}

/** Ends credits that were not used in time; `corrects` is the gift that gave them. */
export function expiry(reference: string, credits: number, corrects?: Corrected): Entry {
  return {
    ...entry(`expiry#${reference}`, 'expiry', 'available', 'expired', credits),
    ...(corrects && { corrects }),
  };
}

/** Sets credits aside for a job. */
export function hold(jobId: number, credits: number, made?: Made): Entry {
  return { ...entry(`job#${jobId}#hold`, 'hold', 'available', 'held', credits), jobId, ...made };
}

/** Ends a job's hold. Both ends have one id: a job is captured or released, never both. */
export function settle(jobId: number, credits: number, how: 'capture' | 'release', made?: Made): Entry {
  const to = how === 'capture' ? 'revenue' : 'available';
  return { ...entry(`job#${jobId}#settle`, how, 'held', to, credits), jobId, ...made };
}

/** The balance projection: what an account has after all of `entries`, in any order. */
export function balanceOf(entries: Iterable<Pick<Entry, 'postings'>>): Balance {
  let available = 0;
  let held = 0;
  for (const { postings } of entries) {
    for (const { account, amount } of postings) {
      if (account === 'available') available += amount;
      else if (account === 'held') held += amount;
    }
  }
  return { available, held };
}

/** How the entry moves what may be spent; below zero where it takes. */
export function availableBy({ postings }: Pick<Entry, 'postings'>): number {
  return postings.reduce((sum, { account, amount }) => sum + (account === 'available' ? amount : 0), 0);
}

/** The UTC day on which the money of a booked entry came or went, and which counts for what was paid when. */
export function valueDateOf({ money, bookedAt }: Pick<Entry, 'money'> & { readonly bookedAt: string }): string {
  return money?.valueDate ?? bookedAt.slice(0, 10);
}

function paid(money: Money, sign: 1 | -1): Money {
  if (!Number.isSafeInteger(money.amount) || money.amount <= 0)
    throw new RangeError(`money must be a whole number of cents above zero, not ${money.amount}`);
  return { ...money, amount: sign * money.amount };
}

function entry(id: string, kind: EntryKind, from: LedgerAccount, to: LedgerAccount, credits: number): Entry {
  if (!Number.isSafeInteger(credits) || credits < 0)
    throw new RangeError(`credits must be a whole number, not ${credits}`);
  // 0 - 0 keeps a free job's posting at 0: -0 would not survive storage.
  return {
    id,
    kind,
    postings: [
      { account: from, amount: 0 - credits },
      { account: to, amount: credits },
    ],
  };
}
