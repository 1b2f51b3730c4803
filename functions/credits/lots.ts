/**
 * Lots: what one purchase, gift or correction gave, followed until it is used up. A fold of an account's entries in the
 * order of their booking; requests know nothing of lots.
 * - What lots have left, less what is owed, is what the account has: `available` and `held` together.
 * - What is captured uses gifts first, those that end first, then what was bought, the oldest first.
 * - Money is earned as a lot is used: what is recognised of a lot is floor(money * used / credits) of all its use so far,
 *   so that a lot that is used up has recognised exactly what was paid for it less what was paid back.
 * - deferred before + sold - refunded - recognised = deferred after, in each currency.
 */
import { availableBy, type Entry, type LedgerAccount } from './ledger.ts';

export interface Lot {
  /** The id of the entry that gave it. */
  readonly id: string;
  readonly kind: 'granted' | 'paid';
  /** What it gave, less what was taken back with its money. */
  readonly credits: number;
  /** Of these: what was captured, ended or taken. */
  readonly used: number;
  /** What was paid for it less what was paid back, in the currency's smallest unit. */
  readonly money?: { readonly amount: number; readonly currency: string };
  /** ISO 8601. */
  readonly bookedAt: string;
  /** The UTC day with whose beginning the rest of it ends; it does not where absent. */
  readonly expiresOn?: string;
}

/** An account's lots after some of its entries. What is used up is forgotten: it has recognised all its money. */
export interface Lots {
  /** In the order of their use; each has something left. */
  readonly open: readonly Lot[];
  /** Captured or taken before the lot that gave it was seen, as clocks differ: the next lot begins with that used. */
  readonly owed: number;
  readonly available: number;
  readonly held: number;
}

export interface DatedLots extends Lots {
  /** The UTC day at whose end they stood so. */
  readonly day: string;
}

export const NO_LOTS: Lots = { open: [], owed: 0, available: 0, held: 0 };

/**
 * How the lots that were paid in one currency moved; those without money are under the empty currency. Credits:
 * before + given - used - expired - taken = after. Use goes below zero where what one lot gave was taken back, and what had
 * been used of it becomes use of others.
 */
export interface LotMovement {
  sold: number;
  refunded: number;
  recognised: number;
  deferredBefore: number;
  deferredAfter: number;
  creditsBefore: number;
  creditsGiven: number;
  creditsUsed: number;
  creditsExpired: number;
  creditsTaken: number;
  creditsAfter: number;
}

type Taking = 'creditsUsed' | 'creditsExpired' | 'creditsTaken';
type LotEntry = Entry & { readonly bookedAt: string };

/** The currency of a lot without money. */
const NO_CURRENCY = '';

/** Folds entries into lots, one after the other, in the order of booking and then of ids. */
export class LotFold {
  #open: Lot[];
  #owed: number;
  #available: number;
  #held: number;
  readonly #movements = new Map<string, LotMovement>();

  constructor({ open, owed, available, held }: Lots) {
    this.#open = [...open];
    this.#owed = owed;
    this.#available = available;
    this.#held = held;
    for (const lot of open) {
      const movement = this.#of(currencyOf(lot));
      movement.deferredBefore += deferredOf(lot);
      movement.creditsBefore += leftOf(lot);
    }
  }

  apply(entry: LotEntry): void {
    const available = availableBy(entry);
    const held = by(entry, 'held');
    this.#available += available;
    this.#held += held;
    const { kind } = entry;
    if (kind === 'capture') this.#take(-held, 'creditsUsed', this.#open);
    else if (kind === 'expiry') this.#expire(entry, -available);
    else if (kind === 'refund' || kind === 'reversal') this.#takeBack(entry, -available);
    else if (kind === 'adjustment' && available < 0)
      this.#take(-available, 'creditsTaken', this.#open.toSorted(newest));
    else if (kind === 'purchase' || kind === 'grant' || kind === 'adjustment') this.#give(entry, available);
  }

  /** The lots after what was applied so far. */
  lots(): Lots {
    return { open: [...this.#open], owed: this.#owed, available: this.#available, held: this.#held };
  }

  /** What moved since the beginning, in the order of currencies. */
  movements(): [currency: string, LotMovement][] {
    const movements = new Map([...this.#movements].map(([currency, movement]) => [currency, { ...movement }]));
    for (const lot of this.#open) {
      const movement = movements.get(currencyOf(lot));
      if (!movement) throw new Error(`the lot ${lot.id} has no movement`);
      movement.deferredAfter += deferredOf(lot);
      movement.creditsAfter += leftOf(lot);
    }
    return [...movements].sort(([one], [other]) => order(one, other));
  }

  #give({ id, kind, money, bookedAt, expiresOn }: LotEntry, credits: number): void {
    const used = Math.min(this.#owed, credits);
    const lot: Lot = {
      id,
      kind: kind === 'purchase' ? 'paid' : 'granted',
      credits,
      used,
      ...(money && { money: { amount: money.amount, currency: money.currency } }),
      bookedAt,
      ...(expiresOn !== undefined && { expiresOn }),
    };
    this.#owed -= used;
    const movement = this.#of(currencyOf(lot));
    movement.sold += money?.amount ?? 0;
    movement.creditsGiven += credits;
    movement.creditsUsed += used;
    // Of no credits all money is earned at once: nothing is owed for it.
    movement.recognised += recognisedOf(lot);
    if (leftOf(lot) === 0) return;
    const at = this.#open.findIndex(other => byUse(lot, other) < 0);
    this.#open.splice(at < 0 ? this.#open.length : at, 0, lot);
  }

  #expire(entry: LotEntry, credits: number): void {
    const own = this.#open.filter(({ id }) => id === entry.corrects?.entryId);
    this.#take(credits, 'creditsExpired', [...own, ...this.#open.filter(lot => !own.includes(lot))]);
  }

  /** From the purchase that it corrects; what was used of that becomes use of the other lots. */
  #takeBack({ corrects, money }: LotEntry, credits: number): void {
    const back = -(money?.amount ?? 0);
    const currency = money?.currency ?? NO_CURRENCY;
    const movement = this.#of(currency);
    movement.refunded += back;
    const own = this.#open.find(lot => lot.id === corrects?.entryId && currencyOf(lot) === currency);
    if (!own) {
      // It is used up, and all its money recognised; of a lot that was never seen it is the same.
      movement.recognised -= back;
      movement.creditsTaken += credits;
      movement.creditsUsed -= credits;
      this.#take(credits, 'creditsUsed', this.#open);
      return;
    }
    const whole = Math.max(0, own.credits - credits);
    const amount = (own.money?.amount ?? 0) - back;
    const after = { ...own, credits: whole, used: Math.min(own.used, whole), money: { amount, currency } };
    movement.creditsTaken += own.credits - whole;
    movement.creditsUsed -= own.used - after.used;
    this.#change(own, after);
    this.#take(Math.max(0, credits - leftOf(own)), 'creditsUsed', this.#open);
  }

  /** Takes credits of lots in this order; what none of them has is owed. */
  #take(credits: number, how: Taking, from: readonly Lot[]): void {
    let rest = credits;
    for (const lot of [...from]) {
      if (rest === 0) return;
      const taken = Math.min(rest, leftOf(lot));
      rest -= taken;
      this.#of(currencyOf(lot))[how] += taken;
      this.#change(lot, { ...lot, used: lot.used + taken });
    }
    this.#owed += rest;
  }

  /** Puts the lot as it is after beside what it has earned so, and forgets it where nothing is left. */
  #change(before: Lot, after: Lot): void {
    this.#of(currencyOf(after)).recognised += recognisedOf(after) - recognisedOf(before);
    this.#open.splice(this.#open.indexOf(before), 1, ...(leftOf(after) > 0 ? [after] : []));
  }

  #of(currency: string): LotMovement {
    const known = this.#movements.get(currency);
    if (known) return known;
    const money = { sold: 0, refunded: 0, recognised: 0, deferredBefore: 0, deferredAfter: 0 };
    const credits = { creditsBefore: 0, creditsGiven: 0, creditsUsed: 0, creditsExpired: 0, creditsTaken: 0 };
    const movement: LotMovement = { ...money, ...credits, creditsAfter: 0 };
    this.#movements.set(currency, movement);
    return movement;
  }
}

/** Whether a movement adds up, in money and in credits. */
export function addsUp(movement: LotMovement): boolean {
  const { sold, refunded, recognised, deferredBefore, deferredAfter } = movement;
  const { creditsBefore, creditsGiven, creditsUsed, creditsExpired, creditsTaken, creditsAfter } = movement;
  return (
    deferredBefore + sold - refunded - recognised === deferredAfter &&
    creditsBefore + creditsGiven - creditsUsed - creditsExpired - creditsTaken === creditsAfter
  );
}

export function leftOf({ credits, used }: Lot): number {
  return credits - used;
}

/** What is earned of a lot's money, in the currency's smallest unit. */
export function recognisedOf({ credits, used, money }: Pick<Lot, 'credits' | 'used' | 'money'>): number {
  if (!money) return 0;
  if (used === credits) return money.amount;
  // Both may have fifteen digits.
  return Number((BigInt(money.amount) * BigInt(used)) / BigInt(credits));
}

export function deferredOf(lot: Lot): number {
  return (lot.money?.amount ?? 0) - recognisedOf(lot);
}

/** What of a lot can be ended now: open jobs hold the first credits that would be used, and keep them. */
export function endable({ open, held }: Lots, lotId: string): number {
  let holding = held;
  for (const lot of open) {
    const free = Math.max(0, leftOf(lot) - holding);
    if (lot.id === lotId) return free;
    holding = Math.max(0, holding - leftOf(lot));
  }
  return 0;
}

export interface Standing {
  /** Credits that are left, those that open jobs hold among them. */
  readonly granted: number;
  readonly paid: number;
  /** What ends next. */
  readonly next: { readonly expiresOn: string; readonly credits: number } | undefined;
}

export function standingOf({ open }: Lots): Standing {
  const left = (kind: Lot['kind']) => open.reduce((sum, lot) => sum + (lot.kind === kind ? leftOf(lot) : 0), 0);
  const [first] = open.flatMap(({ expiresOn }) => expiresOn ?? []);
  const ending = open.filter(({ expiresOn }) => expiresOn === first).reduce((sum, lot) => sum + leftOf(lot), 0);
  return {
    granted: left('granted'),
    paid: left('paid'),
    next: first === undefined ? undefined : { expiresOn: first, credits: ending },
  };
}

function currencyOf({ money }: Lot): string {
  return money?.currency ?? NO_CURRENCY;
}

function by({ postings }: Entry, name: LedgerAccount): number {
  return postings.reduce((sum, { account, amount }) => sum + (account === name ? amount : 0), 0);
}

/** Later than every day. */
const NEVER = '~';

/** Gifts before what was bought; of gifts the first that ends, of what was bought the oldest. */
function byUse(one: Lot, other: Lot): number {
  return (
    order(one.kind, other.kind) || order(one.expiresOn ?? NEVER, other.expiresOn ?? NEVER) || byBooking(one, other)
  );
}

/** The order in which a correction takes: the newest gift first, and then the newest of what was bought. */
function newest(one: Lot, other: Lot): number {
  return order(one.kind, other.kind) || byBooking(other, one);
}

function byBooking(one: Lot, other: Lot): number {
  return order(one.bookedAt, other.bookedAt) || order(one.id, other.id);
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
