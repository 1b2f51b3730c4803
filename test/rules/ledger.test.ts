import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEDGER_KINDS } from '../../functions/catalogue/ledger-kinds.ts';
import {
  adjustment,
  availableBy,
  balanceOf,
  type Entry,
  expiry,
  grant,
  hold,
  type LedgerAccount,
  purchase,
  refundPurchase,
  reversePurchase,
  settle,
  valueDateOf,
} from '../../functions/credits/ledger.ts';

const credits = fc.integer({ min: 0, max: 100_000 });
const jobId = fc.integer({ min: 1, max: 5 });
const how = fc.constantFrom('capture' as const, 'release' as const);
const usd = (amount: number) => ({ amount, currency: 'usd', reference: 'pi_1' });
const cents = fc.integer({ min: 1, max: 1_000_000 });
const hand = { reason: 'the bank took it back', reference: 'SEPA 1' };
const corrects = { entryId: 'purchase#by_hand:1', bookedAt: '2026-11-23T10:00:00.000Z' };
const anyEntry = fc.oneof(
  fc
    .tuple(fc.string(), credits, cents)
    .map(([reference, amount, back]) => reversePurchase(reference, amount, usd(back), { corrects, hand })),
  fc.tuple(fc.string(), credits, cents).map(([reference, amount, paid]) => purchase(reference, amount, usd(paid))),
  fc
    .tuple(fc.string(), credits, cents)
    .map(([reference, amount, back]) => refundPurchase(reference, amount, usd(back))),
  fc.tuple(fc.string(), fc.integer({ min: -900, max: 900 })).map(([reference, by]) => adjustment(reference, by)),
  fc.tuple(fc.string(), credits).map(([reference, amount]) => expiry(reference, amount)),
  fc.tuple(fc.string(), credits).map(([reference, amount]) => grant(reference, amount)),
  fc.tuple(jobId, credits).map(([job, amount]) => hold(job, amount)),
  fc.tuple(jobId, credits, how).map(([job, amount, end]) => settle(job, amount, end)),
);
const total = (entries: readonly Entry[], account: LedgerAccount) =>
  entries
    .flatMap(({ postings }) => postings)
    .reduce((sum, posting) => sum + (posting.account === account ? posting.amount : 0), 0);

describe('an entry', () => {
  it('sums to zero', () => {
    fc.assert(
      fc.property(anyEntry, ({ postings }) => {
        expect(postings.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
      }),
    );
  });

  it('is of a known kind and has no posting of -0, which would not survive storage', () => {
    fc.assert(
      fc.property(anyEntry, entry => {
        expect(LEDGER_KINDS).toContain(entry.kind);
        for (const { amount } of entry.postings) expect(Object.is(amount, -0)).toBe(false);
      }),
    );
    expect(hold(1, 0).postings.map(({ amount }) => amount)).toEqual([0, 0]);
  });

  it.each([0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('of %d credits is refused', amount => {
    expect(() => grant('gift', amount)).toThrow(/whole number/);
    expect(() => hold(1, amount)).toThrow(RangeError);
    expect(() => settle(1, amount, 'capture')).toThrow(RangeError);
    expect(() => settle(1, amount, 'release')).toThrow(RangeError);
    expect(() => purchase('1', amount, usd(1))).toThrow(/whole number/);
    expect(() => refundPurchase('1', amount, usd(1))).toThrow(/whole number/);
    expect(() => expiry('1', amount)).toThrow(/whole number/);
  });

  it.each([0.5, 0, -1, Number.NaN])('of %d cents is refused', amount => {
    expect(() => purchase('1', 1, usd(amount))).toThrow(/cents above zero/);
    expect(() => refundPurchase('1', 1, usd(amount))).toThrow(/cents above zero/);
  });

  it.each([0.5, -0.5, Number.NaN, Number.NEGATIVE_INFINITY])('adjusts by whole credits, not by %d', amount => {
    expect(() => adjustment('1', amount)).toThrow(/whole number/);
  });

  it('says what of it may be spent', () => {
    fc.assert(
      fc.property(anyEntry, made => {
        expect(availableBy(made)).toBe(balanceOf([made]).available);
      }),
    );
  });

  it('says why and by what it is found where a person booked it, and when its money came', () => {
    for (const made of [adjustment('1', -5, hand), grant('1', 5, { hand }), purchase('1', 5, usd(4), hand)]) {
      expect(made).toMatchObject(hand);
    }
    const booked = { ...purchase('1', 5, usd(4)), bookedAt: '2026-11-24T23:59:59.999Z' };
    expect(valueDateOf(booked)).toBe('2026-11-24');
    expect(valueDateOf({ ...booked, money: { ...usd(4), valueDate: '2026-11-20' } })).toBe('2026-11-20');
  });

  it('has one id for capture and release of a job, so that the second is refused by the table', () => {
    fc.assert(
      fc.property(jobId, credits, credits, (job, one, other) => {
        expect(settle(job, one, 'capture').id).toBe(settle(job, other, 'release').id);
      }),
    );
  });

  it('has another id where it is about something else', () => {
    const ids = [
      grant('1', 1),
      grant('2', 1),
      hold(1, 1),
      hold(2, 1),
      settle(1, 1, 'capture'),
      settle(2, 1, 'capture'),
      purchase('1', 1, usd(1)),
      purchase('2', 1, usd(1)),
      refundPurchase('1', 1, usd(1)),
      reversePurchase('1', 1, usd(1), { corrects, hand }),
      adjustment('1', 1),
      adjustment('2', -1),
      expiry('1', 1),
    ];
    expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length);
  });

  it('moves credits where its kind says', () => {
    const moved = (entry: Entry) => [entry.kind, ...entry.postings.map(({ account, amount }) => [account, amount])];
    expect(moved(grant('gift', 5))).toEqual(['grant', ['issued', -5], ['available', 5]]);
    expect(moved(hold(1, 5))).toEqual(['hold', ['available', -5], ['held', 5]]);
    expect(moved(settle(1, 5, 'capture'))).toEqual(['capture', ['held', -5], ['revenue', 5]]);
    expect(moved(settle(1, 5, 'release'))).toEqual(['release', ['held', -5], ['available', 5]]);
    expect(moved(purchase('1', 5, usd(4)))).toEqual(['purchase', ['sold', -5], ['available', 5]]);
    expect(moved(refundPurchase('1', 5, usd(4)))).toEqual(['refund', ['available', -5], ['sold', 5]]);
    const reversed = reversePurchase('1', 5, usd(4), { corrects, hand });
    expect(moved(reversed)).toEqual(['reversal', ['available', -5], ['sold', 5]]);
    expect(reversed).toMatchObject({ ...hand, corrects, money: { amount: -4 } });
    expect(moved(adjustment('1', 5))).toEqual(['adjustment', ['adjusted', -5], ['available', 5]]);
    expect(moved(adjustment('1', -5))).toEqual(['adjustment', ['available', -5], ['adjusted', 5]]);
    expect(moved(expiry('1', 5))).toEqual(['expiry', ['available', -5], ['expired', 5]]);
    expect([purchase('1', 5, usd(4)).money?.amount, refundPurchase('1', 5, usd(4)).money?.amount]).toEqual([4, -4]);
    expect([hold(7, 5).jobId, settle(7, 5, 'release').jobId, grant('gift', 5).jobId]).toEqual([7, 7, undefined]);
  });
});

describe('the fold', () => {
  it('loses and makes nothing: what is had and what was used up are together what was given and sold', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), entries => {
        const { available, held } = balanceOf(entries);
        const given = total(entries, 'issued') + total(entries, 'sold') + total(entries, 'adjusted');
        expect(available + held + total(entries, 'revenue') + total(entries, 'expired')).toBe(0 - given);
      }),
    );
  });

  it('does not depend on the order of the entries', () => {
    const shuffled = fc
      .array(anyEntry)
      .chain(entries => fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })));
    fc.assert(
      fc.property(shuffled, ([entries, others]) => {
        expect(balanceOf(others)).toEqual(balanceOf(entries));
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(balanceOf([])).toEqual({ available: 0, held: 0 });
  });
});

/** What the tables do: an entry's id exists once, a hold is covered by what is available, and only a hold is settled. */
class Account {
  readonly entries: Entry[] = [];

  write(entry: Entry): boolean {
    if (this.entries.some(({ id }) => id === entry.id)) return false;
    this.entries.push(entry);
    return true;
  }

  hold(job: number, amount: number): boolean {
    return balanceOf(this.entries).available >= amount && this.write(hold(job, amount));
  }

  /** Whatever takes is covered too. */
  book(entry: Entry): boolean {
    return balanceOf(this.entries).available + availableBy(entry) >= 0 && this.write(entry);
  }

  settle(job: number, end: 'capture' | 'release'): boolean {
    const held = this.entries.find(({ id }) => id === hold(job, 0).id);
    const amount = held?.postings.find(({ account }) => account === 'held')?.amount;
    return amount !== undefined && this.write(settle(job, amount, end));
  }
}

type Attempt =
  | { readonly kind: 'grant'; readonly reference: string; readonly amount: number }
  | { readonly kind: 'hold'; readonly job: number; readonly amount: number }
  | { readonly kind: 'book'; readonly entry: Entry }
  | { readonly kind: 'settle'; readonly job: number; readonly end: 'capture' | 'release' };

const reference = fc.constantFrom('a', 'b', 'c');
const booked = fc.oneof(
  fc.tuple(reference, fc.nat(300)).map(([name, amount]) => purchase(name, amount, usd(1))),
  fc.tuple(reference, fc.nat(300)).map(([name, amount]) => refundPurchase(name, amount, usd(1))),
  fc.tuple(reference, fc.integer({ min: -300, max: 300 })).map(([name, amount]) => adjustment(name, amount)),
  fc.tuple(reference, fc.nat(300)).map(([name, amount]) => expiry(name, amount)),
);
const attempt: fc.Arbitrary<Attempt> = fc.oneof(
  fc.record({ kind: fc.constant('book' as const), entry: booked }),
  fc.record({ kind: fc.constant('grant' as const), reference: fc.constantFrom('a', 'b', 'c'), amount: fc.nat(300) }),
  fc.record({ kind: fc.constant('hold' as const), job: jobId, amount: fc.nat(200) }),
  fc.record({ kind: fc.constant('settle' as const), job: jobId, end: how }),
);

describe('any history of attempts, doubled and late ones among them', () => {
  it('never leaves available or held below zero, and charges each job once or not at all', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 40 }), attempts => {
        const account = new Account();
        let granted = 0;
        const open = new Map<number, number>();
        let captured = 0;
        for (const it of attempts) {
          if (it.kind === 'grant' && account.write(grant(it.reference, it.amount))) granted += it.amount;
          if (it.kind === 'book' && account.book(it.entry)) granted += availableBy(it.entry);
          if (it.kind === 'hold' && account.hold(it.job, it.amount)) open.set(it.job, it.amount);
          if (it.kind === 'settle' && account.settle(it.job, it.end)) {
            if (it.end === 'capture') captured += open.get(it.job) ?? 0;
            open.delete(it.job);
          }
          const held = [...open.values()].reduce((sum, amount) => sum + amount, 0);
          const balance = balanceOf(account.entries);
          expect(balance).toEqual({ available: granted - held - captured, held });
          expect(Math.min(balance.available, balance.held)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
