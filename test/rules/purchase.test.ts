import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceOf, type Entry } from '../../functions/credits/ledger.ts';
import {
  decide,
  type Fact,
  PURCHASE_STATES,
  type Purchase,
  uncollectedRefunds,
} from '../../functions/payments/purchase.ts';

const AT = '2026-11-24T12:00:00.000Z';
const OPEN: Purchase = {
  purchaseId: 'pur_1',
  accountId: 'acct_1',
  state: 'open',
  package: 'credits_1000',
  credits: 1000,
  amount: 1000,
  currency: 'usd',
  createdBy: 'user_1',
  createdAt: AT,
  revision: 0,
};
/** Stripe adds the tax to the price. */
const UNTAXED: Purchase = { ...OPEN, stripeTax: 'exclusive' };
const PAID = { kind: 'paid', amount: 1000, currency: 'usd', payment: 'pi_1' } as const;
const back = (refundId: string, amount: number): Fact => ({ kind: 'refunded', refundId, amount, currency: 'usd' });

/** What the store does: one change after another on what is stored, and an entry's id only once. */
function walked(facts: readonly Fact[], from: Purchase = OPEN, spent = 0) {
  let purchase = from;
  const entries = new Map<string, Entry>();
  const exceptions: string[] = [];
  for (const fact of facts) {
    const decision = decide(purchase, balanceOf(entries.values()).available - spent, fact, AT);
    if (decision.kind === 'refused') exceptions.push(decision.exception);
    if (decision.kind !== 'changed') continue;
    ({ purchase } = decision);
    for (const entry of decision.entries) {
      expect(entries.has(entry.id), `${entry.id} is written twice`).toBe(false);
      entries.set(entry.id, entry);
    }
  }
  const { available } = balanceOf(entries.values());
  const ledger = [...entries.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  return { purchase, ledger, available, exceptions };
}

describe('a purchase', () => {
  it('is credited once it is paid, with the money in the entry', () => {
    const { purchase, ledger, available } = walked([PAID]);
    expect(purchase).toMatchObject({ state: 'paid', paidAt: AT, payment: 'pi_1', revision: 1 });
    expect(ledger.map(({ id, money }) => [id, money])).toEqual([
      ['purchase#pur_1', { amount: 1000, currency: 'usd', reference: 'pi_1' }],
    ]);
    expect(available).toBe(1000);
  });

  it('is credited once however often it is said to be paid', () => {
    expect(walked([PAID, PAID, PAID]).available).toBe(1000);
  });

  it.each([
    { ...PAID, amount: 999 },
    { ...PAID, amount: 100_000 },
    { ...PAID, currency: 'eur' },
  ])(
    'that is paid with $amount $currency where the price is 1000 usd is not credited, and is a payment exception',
    fact => {
      expect(walked([fact])).toMatchObject({
        available: 0,
        exceptions: ['amount_mismatch'],
        purchase: { state: 'open' },
      });
    },
  );

  it('that is paid by two payments is credited once, and is a payment exception', () => {
    const twice = walked([PAID, { ...PAID, payment: 'pi_2' }]);
    expect(twice).toMatchObject({ available: 1000, exceptions: ['paid_twice'] });
  });

  it('that ran out is closed, and is credited all the same if it was paid', () => {
    expect(walked([{ kind: 'closed' }])).toMatchObject({ available: 0, purchase: { state: 'closed' } });
    expect(walked([{ kind: 'closed' }, PAID])).toMatchObject({ available: 1000, purchase: { state: 'paid' } });
    expect(walked([PAID, { kind: 'closed' }])).toMatchObject({ available: 1000, purchase: { state: 'paid' } });
  });

  it('goes from state to state as the table says', () => {
    const facts: Fact[] = [PAID, { kind: 'closed' }, back('re_1', 1)];
    for (const state of ['open', 'closed', 'paid'] as const) {
      for (const fact of facts) {
        const decision = decide({ ...OPEN, state, ...(state === 'paid' && { payment: 'pi_1' }) }, 0, fact, AT);
        if (decision.kind !== 'changed' || decision.purchase.state === state) continue;
        expect(PURCHASE_STATES[state].next).toContain(decision.purchase.state);
      }
    }
  });
});

describe('a refund', () => {
  it('takes back credits in proportion, rounded down, and says what went back', () => {
    const cheap = { ...OPEN, credits: 5000, amount: 4800 };
    const { ledger, available } = walked([{ ...PAID, amount: 4800 }, back('re_1', 1001)], cheap);
    expect(available).toBe(5000 - 1042);
    expect(ledger[1]).toMatchObject({ id: 'refund#re_1', kind: 'refund', money: { amount: -1001, reference: 're_1' } });
  });

  it('takes what is left where credits are spent, and the rest stays uncollected', () => {
    const { purchase, available } = walked([PAID, back('re_1', 1000)], OPEN, 700);
    expect(available).toBe(700);
    expect(purchase.refunds).toEqual({ re_1: { amount: 1000, credits: 300, uncollected: 700 } });
    expect(uncollectedRefunds(OPEN, purchase)).toEqual([['re_1', 700]]);
    expect(uncollectedRefunds(purchase, { ...purchase, revision: 9 })).toEqual([]);
  });

  it('of more than was paid is refused, in one or in parts, and in another currency', () => {
    expect(walked([PAID, back('re_1', 1001)])).toMatchObject({
      available: 1000,
      exceptions: ['refund_exceeds_payment'],
    });
    const parts = [PAID, back('re_1', 600), back('re_2', 600)];
    expect(walked(parts)).toMatchObject({ available: 400, exceptions: ['refund_exceeds_payment'] });
    const euros = { kind: 'refunded', refundId: 're_1', amount: 1, currency: 'eur' } as const;
    expect(walked([PAID, euros])).toMatchObject({ available: 1000, exceptions: ['refund_exceeds_payment'] });
  });

  it('that failed after all is for a person; one that was never booked is nothing', () => {
    const failed = { kind: 'refund_failed', refundId: 're_1' } as const;
    expect(walked([PAID, back('re_1', 100), failed])).toMatchObject({ available: 900, exceptions: ['refund_failed'] });
    expect(walked([PAID, failed])).toMatchObject({ available: 1000, exceptions: [] });
  });
});

describe('the facts of a purchase', () => {
  const refunds = fc.array(fc.integer({ min: 1, max: 250 }), { maxLength: 4 });
  const story = fc.tuple(refunds, fc.boolean()).chain(([amounts, ranOut]) => {
    const facts: Fact[] = [
      PAID,
      ...amounts.map((amount, index) => back(`re_${index}`, amount)),
      ...(ranOut ? [{ kind: 'closed' } as const] : []),
    ];
    // Each at least once, then any of them again, in any order.
    return fc
      .array(fc.constantFrom(...facts), { maxLength: 8 })
      .chain(again => fc.shuffledSubarray([...facts, ...again], { minLength: facts.length + again.length }))
      .map(reported => ({ facts, reported }));
  });

  it('in any order and any number end in the same ledger', () => {
    fc.assert(
      fc.property(story, ({ facts, reported }) => {
        expect(walked(reported).ledger).toEqual(walked(facts).ledger);
        expect(walked(reported).exceptions).toEqual([]);
        expect(walked(reported).purchase.refunds).toEqual(walked(facts).purchase.refunds);
      }),
      { numRuns: 500 },
    );
  });

  it('never take more than there is, whatever was spent, and each refund is taken or stays uncollected', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 0, max: 1000 }), ({ reported }, spent) => {
        const { purchase, available } = walked(reported, OPEN, spent);
        expect(available).toBeGreaterThanOrEqual(Math.min(spent, 1000));
        for (const { amount, credits = 0, uncollected = 0 } of Object.values(purchase.refunds ?? {}))
          expect(credits + uncollected).toBe(amount);
      }),
    );
  });
});

describe('a purchase of which Stripe computes the tax', () => {
  const taxed = (amount: number, tax: number) =>
    ({ ...PAID, amount, taxed: { subtotal: 1000, tax }, hosted: { id: 'in_1', number: 'AB-0007' } }) as const;

  it('is paid with the tax that Stripe adds, which stands in its entry with the number of its invoice', () => {
    const { purchase, ledger, exceptions } = walked([taxed(1210, 210)], UNTAXED);
    expect([purchase.state, purchase.amount, exceptions]).toEqual(['paid', 1210, []]);
    expect(ledger[0]?.money).toEqual({
      amount: 1210,
      currency: 'usd',
      reference: 'pi_1',
      tax: { amount: 210, rate: 2100, treatment: 'stripe' },
      hosted: { id: 'in_1', number: 'AB-0007' },
    });
  });

  it('is not paid with another amount, and where the tax is in the price, it is paid with the price', () => {
    expect(walked([taxed(1209, 210)], UNTAXED).exceptions).toEqual(['amount_mismatch']);
    expect(walked([taxed(1000, 174)], { ...OPEN, stripeTax: 'inclusive' }).purchase.state).toBe('paid');
    expect(walked([taxed(1174, 174)], { ...OPEN, stripeTax: 'inclusive' }).exceptions).toEqual(['amount_mismatch']);
  });

  it('is paid back by what was paid, tax and all, also where that is reported first', () => {
    for (const facts of [
      [taxed(1210, 210), back('re_1', 1210)],
      [back('re_1', 1210), taxed(1210, 210)],
    ]) {
      const { purchase, exceptions } = walked(facts, UNTAXED);
      expect([purchase.refunds?.re_1?.credits, exceptions]).toEqual([1000, []]);
    }
  });
});
