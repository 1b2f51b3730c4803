/** What makes a booking by hand the same one as another. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustment, type Entry, grant, openingGrant, purchase } from '../../functions/credits/ledger.ts';
import {
  bookingRefusal,
  describeEntry,
  differingMembers,
  ending,
  refuseEnd,
  refuseValueDate,
  termsText,
} from '../../functions/payments/booking.ts';
import { refusalOf } from './refusal-of.ts';

interface Terms {
  readonly credits: number;
  readonly amount: number;
  readonly currency: string;
  readonly value_date: string;
  readonly reason: string;
}
const terms = fc.record({
  credits: fc.constantFrom(1, 5, 7),
  amount: fc.constantFrom(100, 200),
  currency: fc.constantFrom('usd', 'eur'),
  value_date: fc.constantFrom('2026-11-01', '2026-11-02'),
  reason: fc.constantFrom('paid', 'paid again'),
});
const payment = ({ credits, amount, currency, value_date: valueDate, reason }: Terms): Entry =>
  purchase('by_hand:R', credits, { amount, currency, reference: 'R', valueDate }, { reason, reference: 'R' });

describe('two bookings of one reference', () => {
  it('are the same where they say the same, and else it is named what differs', () => {
    fc.assert(
      fc.property(terms, terms, (one, other) => {
        const differing = (Object.keys(one) as (keyof Terms)[]).filter(name => one[name] !== other[name]);
        expect(differingMembers({ ...payment(one) }, payment(other)).sort()).toEqual(differing.sort());
        expect(termsText(payment(one)) === termsText(payment(other))).toBe(differing.length === 0);
      }),
    );
  });

  it('with other members are refused by the reference, in words', () => {
    const [one, other] = [5, 6].map(credits => adjustment('CASE-1', credits, { reason: 'twice', reference: 'CASE-1' }));
    if (!one || !other) throw new Error('two');
    const refusal = bookingRefusal({ kind: 'exists', item: { ...one }, reversed: false }, 'acct_1', other);
    expect([refusal.kind, refusal.field]).toEqual(['idempotency_mismatch', 'reference']);
    expect(refusal.message).toContain('CASE-1 was used before with another credits');
  });
});

describe('a gift', () => {
  const hand = { reason: 'for the outage', reference: 'CASE-1' };
  const gift = (expiresOn?: string) => grant('by_hand:CASE-1', 500, { hand, expiresOn });
  const AT = Date.parse('2026-11-24T23:59:59.999Z');

  it('ends on the day that is said, and else a year after the day on which it is given', () => {
    expect(ending(gift('2026-12-24'), AT).expiresOn).toBe('2026-12-24');
    expect(ending(gift(), AT).expiresOn).toBe('2027-11-24');
    expect(openingGrant(500, AT).expiresOn).toBe('2027-11-24');
    expect(describeEntry('acct_1', ending(gift(), AT), 'booked').expires_on).toBe('2027-11-24');
    const other = adjustment('CASE-1', 5, hand);
    expect(ending(other, AT)).toEqual(other);
    expect(describeEntry('acct_1', other, 'booked').expires_on).toBeNull();
  });

  it('is the same where it is sent again on another day without an end, and another with another end', () => {
    const booked = { ...ending(gift(), AT) };
    expect(differingMembers(booked, gift())).toEqual([]);
    expect(differingMembers(booked, gift('2027-11-24'))).toEqual([]);
    expect(differingMembers(booked, gift('2027-11-25'))).toEqual(['expires_on']);
    expect(termsText(gift('2027-11-25'))).not.toBe(termsText(gift()));
  });

  it.each([
    ['2026-11-25', undefined],
    ['2036-12-31', undefined],
    ['2026-11-24', /after today, 2026-11-24/],
    ['2037-01-01', /on 2036-12-31 at the latest/],
  ])('that ends on %s is taken or refused by its name', (day, why) => {
    const refusal = refusalOf(() => refuseEnd(day, '2026-11-24'));
    if (why) expect([refusal?.field, refusal?.message]).toEqual(['expires_on', expect.stringMatching(why)]);
    else expect(refusal).toBeUndefined();
  });
});

describe('a value date', () => {
  it.each([
    ['2026-11-24', undefined],
    ['2026-11-25', /after today, 2026-11-24/],
    ['2024-12-31', /before 2025-01-01/],
  ])('%s is taken or refused by its name', (day, why) => {
    const refusal = refusalOf(() => refuseValueDate(day, { today: '2026-11-24' }));
    if (why) expect([refusal?.field, refusal?.message]).toEqual(['value_date', expect.stringMatching(why)]);
    else expect(refusal).toBeUndefined();
  });

  it('of a reversal is not before that of its payment', () => {
    const reversed = (day: string) =>
      refusalOf(() => refuseValueDate(day, { today: '2026-11-24', since: '2026-11-20' }));
    expect([reversed('2026-11-20'), reversed('2026-11-19')?.field]).toEqual([undefined, 'value_date']);
  });
});
