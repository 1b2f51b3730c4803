/**
 * How a day moves the lots of its accounts: what was sold, paid back and earned, and whether that adds up. Memory grows
 * with the accounts of a day and what each has left, not with entries.
 */
import { addsUp, type Lot, LotFold, type LotMovement, type Lots, leftOf } from '../credits/lots.ts';
import type { Row } from './dataset-contract.ts';
import type { Difference } from './reconciliation.ts';
import type { DayEntry } from './rows.ts';

/** Where lots stand, day after day. */
export interface LotBook {
  /** The account's lots at the beginning of the day. */
  before(accountId: string, day: string): Promise<Lots>;
  /** Keeps them as they are at its end; `begun` are those that began on it. */
  keep(accountId: string, day: string, kept: { readonly lots: Lots; readonly begun: readonly Lot[] }): Promise<void>;
}

/** By currency, in its smallest unit. */
export type Revenue = Readonly<Record<string, Sales>>;

export interface Sales {
  readonly sold: number;
  readonly refunded: number;
  readonly recognised: number;
}

/** Writes under way at once. */
const AT_ONCE = 16;

export class DayLots {
  readonly #day: string;
  readonly #book: LotBook;
  readonly #folds = new Map<string, LotFold>();
  /** By account: the lots that it had before. */
  readonly #known = new Map<string, ReadonlySet<string>>();

  constructor(day: string, book: LotBook) {
    this.#day = day;
    this.#book = book;
  }

  async entry(entry: DayEntry): Promise<void> {
    const { accountId } = entry;
    const known = this.#folds.get(accountId);
    const fold = known ?? (await this.#begin(accountId));
    fold.apply(entry);
  }

  async #begin(accountId: string): Promise<LotFold> {
    const before = await this.#book.before(accountId, this.#day);
    const fold = new LotFold(before);
    this.#folds.set(accountId, fold);
    this.#known.set(accountId, new Set(before.open.map(({ id }) => id)));
    return fold;
  }

  #kept(accountId: string, fold: LotFold): Parameters<LotBook['keep']>[2] {
    const lots = fold.lots();
    return { lots, begun: lots.open.filter(({ id }) => !this.#known.get(accountId)?.has(id)) };
  }

  /** What moved, in the order of accounts and currencies. */
  *rows(names: ReadonlyMap<string, string>): Generator<Row> {
    for (const { accountId, currency, movement } of this.#movements()) {
      const { sold, refunded, recognised, deferredBefore, deferredAfter, ...credits } = movement;
      const { creditsBefore, creditsGiven, creditsUsed, creditsExpired, creditsTaken, creditsAfter } = credits;
      if ([sold, refunded, recognised, creditsGiven, creditsUsed, creditsExpired, creditsTaken].every(by => by === 0)) {
        continue;
      }
      const money = [sold, refunded, recognised, deferredBefore, deferredAfter];
      const moved = [creditsBefore, creditsGiven, creditsUsed, creditsExpired, creditsTaken, creditsAfter];
      yield [accountId, names.get(accountId) || null, currency || null, ...money, ...moved];
    }
  }

  revenue(): Revenue {
    const sums = new Map<string, Sales>();
    for (const { currency, movement } of this.#movements()) {
      if (currency === '') continue;
      const { sold, refunded, recognised } = sums.get(currency) ?? { sold: 0, refunded: 0, recognised: 0 };
      sums.set(currency, {
        sold: sold + movement.sold,
        refunded: refunded + movement.refunded,
        recognised: recognised + movement.recognised,
      });
    }
    return Object.fromEntries([...sums].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** What does not add up: nothing explains it. */
  *differences(): Generator<Difference> {
    for (const { accountId, currency, movement } of this.#movements()) {
      if (addsUp(movement)) continue;
      const { deferredBefore, sold, refunded, recognised, deferredAfter } = movement;
      const ledger = deferredBefore + sold - refunded - recognised;
      const measure = `deferred ${currency}`;
      yield { accountId, measure, beside: 'lots', ledger, counted: deferredAfter, cause: 'unexplained' };
    }
    for (const [accountId, fold] of this.#accounts()) {
      const { open, owed, available, held } = fold.lots();
      const counted = open.reduce((sum, lot) => sum + leftOf(lot), 0) - owed;
      const ledger = available + held;
      if (ledger === counted) continue;
      yield { accountId, measure: 'credits_left', beside: 'lots', ledger, counted, cause: 'unexplained' };
    }
  }

  async keep(): Promise<void> {
    const folds = [...this.#accounts()];
    for (let at = 0; at < folds.length; at += AT_ONCE) {
      const some = folds.slice(at, at + AT_ONCE);
      await Promise.all(
        some.map(([accountId, fold]) => this.#book.keep(accountId, this.#day, this.#kept(accountId, fold))),
      );
    }
  }

  #accounts(): [accountId: string, LotFold][] {
    return [...this.#folds].sort(([one], [other]) => (one < other ? -1 : 1));
  }

  *#movements(): Generator<{ accountId: string; currency: string; movement: LotMovement }> {
    for (const [accountId, fold] of this.#accounts()) {
      for (const [currency, movement] of fold.movements()) yield { accountId, currency, movement };
    }
  }
}
