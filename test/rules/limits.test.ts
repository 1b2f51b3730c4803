import { expect, it } from 'vitest';
import { describeLimits } from '../../functions/usage/limits.ts';

const ACCOUNT = { plan: 'trial', available: 540, held: 5, running: 1 } as const;
const now = Date.UTC(2026, 10, 24, 12);
const of = (id: string, kind: 'granted' | 'paid', more: object) => ({
  id,
  kind,
  credits: 500,
  used: 0,
  bookedAt: '2026-11-23T10:00:00.000Z',
  ...more,
});

it('the credits of an account are shown by what they are of, as they were counted last', () => {
  const open = [
    of('grant#1', 'granted', { used: 455, expiresOn: '2027-11-23' }),
    of('grant#2', 'granted', { credits: 100, expiresOn: '2027-12-01' }),
    of('purchase#1', 'paid', { used: 100 }),
  ];
  const lots = { day: '2026-11-23', open, owed: 0, available: 545, held: 0 };
  const { credits } = describeLimits({ account: ACCOUNT, started: 1, now, lots });
  expect(credits).toEqual({
    available: 540,
    held: 5,
    lots: {
      as_of: '2026-11-23',
      granted: 145,
      paid: 400,
      next_expiry: { expires_on: '2027-11-23', credits: 45 },
    },
  });
});

it('credits that were not counted yet are not said to be of anything, and those that do not end have no end', () => {
  expect(describeLimits({ account: ACCOUNT, started: 1, now }).credits).toEqual({
    available: 540,
    held: 5,
    lots: null,
  });
  const lots = { day: '2026-11-23', open: [of('purchase#1', 'paid', {})], owed: 0, available: 500, held: 0 };
  expect(describeLimits({ account: ACCOUNT, started: 1, now, lots }).credits.lots).toMatchObject({
    granted: 0,
    paid: 500,
    next_expiry: null,
  });
});
