import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ENTRY_KINDS,
  type Entry,
  fold,
  grant,
  hold,
  type LedgerAccount,
  settle,
} from '../../functions/credits/ledger.ts';

const credits = fc.integer({ min: 0, max: 100_000 });
const jobId = fc.integer({ min: 1, max: 5 });
const how = fc.constantFrom('capture' as const, 'release' as const);
const anyEntry = fc.oneof(
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
        expect(ENTRY_KINDS).toContain(entry.kind);
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
    ];
    expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length);
  });

  it('moves credits where its kind says', () => {
    const moved = (entry: Entry) => [entry.kind, ...entry.postings.map(({ account, amount }) => [account, amount])];
    expect(moved(grant('gift', 5))).toEqual(['grant', ['issued', -5], ['available', 5]]);
    expect(moved(hold(1, 5))).toEqual(['hold', ['available', -5], ['held', 5]]);
    expect(moved(settle(1, 5, 'capture'))).toEqual(['capture', ['held', -5], ['revenue', 5]]);
    expect(moved(settle(1, 5, 'release'))).toEqual(['release', ['held', -5], ['available', 5]]);
    expect([hold(7, 5).jobId, settle(7, 5, 'release').jobId, grant('gift', 5).jobId]).toEqual([7, 7, undefined]);
  });
});

describe('the fold', () => {
  it('loses and makes nothing: available, held and captured are together what was granted', () => {
    fc.assert(
      fc.property(fc.array(anyEntry), entries => {
        const { available, held } = fold(entries);
        // + 0: the sum of nothing taken is 0, not -0.
        expect(available + held + total(entries, 'revenue')).toBe(0 - total(entries, 'issued'));
      }),
    );
  });

  it('does not depend on the order of the entries', () => {
    const shuffled = fc
      .array(anyEntry)
      .chain(entries => fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })));
    fc.assert(
      fc.property(shuffled, ([entries, others]) => {
        expect(fold(others)).toEqual(fold(entries));
      }),
    );
  });

  it('of nothing is nothing', () => {
    expect(fold([])).toEqual({ available: 0, held: 0 });
  });
});

/** What the tables do: an entry's id stands once, a hold is covered by what is available, and only a hold is settled. */
class Account {
  readonly entries: Entry[] = [];

  write(entry: Entry): boolean {
    if (this.entries.some(({ id }) => id === entry.id)) return false;
    this.entries.push(entry);
    return true;
  }

  hold(job: number, amount: number): boolean {
    return fold(this.entries).available >= amount && this.write(hold(job, amount));
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
  | { readonly kind: 'settle'; readonly job: number; readonly end: 'capture' | 'release' };

const attempt: fc.Arbitrary<Attempt> = fc.oneof(
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
          if (it.kind === 'hold' && account.hold(it.job, it.amount)) open.set(it.job, it.amount);
          if (it.kind === 'settle' && account.settle(it.job, it.end)) {
            if (it.end === 'capture') captured += open.get(it.job) ?? 0;
            open.delete(it.job);
          }
          const held = [...open.values()].reduce((sum, amount) => sum + amount, 0);
          const balance = fold(account.entries);
          expect(balance).toEqual({ available: granted - held - captured, held });
          expect(Math.min(balance.available, balance.held)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
