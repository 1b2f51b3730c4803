/** Moments that callers write: one that there is not is refused, and never another than was written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideStanding } from '../../functions/enforcement/operators-contract.ts';
import { isMoment } from '../../functions/http/moment-contract.ts';
import { createKey } from '../../functions/keys/contract.ts';
import { orderTermination } from '../../functions/termination/contract.ts';
import { usageDetail } from '../../functions/usage/pixverse-contract.ts';

describe('a moment', () => {
  it('of a day that there is not is none, however Date reads it', () => {
    for (const day of [
      '2027-02-29',
      '2027-02-30',
      '2027-02-31',
      '2027-04-31',
      '2027-13-01',
      '2027-00-10',
      '2027-01-00',
    ])
      expect([day, isMoment(`${day}T00:00:00Z`)]).toEqual([day, false]);
  });

  it('that there is is one', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), date =>
        isMoment(date.toISOString()),
      ),
    );
    expect(isMoment('2028-02-29T23:59:60Z')).toBe(false);
    expect(isMoment('2028-02-29T23:30:00+14:00')).toBe(true);
  });

  it('is asked for so wherever a call names one', () => {
    const none = '2027-02-30T00:00:00Z';
    const said = { id: 'acct_1', reason: 'it was seen' };
    const calls = [
      [decideStanding.input, { ...said, action: 'warn', until: none }],
      [decideStanding.input, { ...said, action: 'warn', rectify_by: none }],
      [orderTermination.input, { ...said, cause: 'violation', closes_at: none }],
      [createKey.input, { name: 'a key', expires_at: none }],
      [usageDetail.input, { start_time: '2027-02-30 00:00:00', end_time: '2027-03-04 00:00:00' }],
    ] as const;
    for (const [input, call] of calls) expect(input.safeParse(call).success).toBe(false);
  });
});
