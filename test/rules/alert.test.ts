import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alertEmail,
  balanceMeter,
  dailyMeter,
  keyMeter,
  THRESHOLDS,
  thresholdsReached,
} from '../../functions/alerts/alert.ts';
import type { StoredKey } from '../../functions/keys/key.ts';

const KEY: StoredKey = {
  keyId: 'key_1',
  accountId: 'acct_1',
  name: 'shop',
  state: 'active',
  permissions: [],
  hint: '',
  createdAt: '2026-11-24T00:00:00.000Z',
};

describe('a threshold', () => {
  it.each([
    [79, 100, []],
    [80, 100, [80]],
    [99, 100, [80]],
    [100, 100, [80, 100]],
    [120, 100, [80, 100]],
    [4, 5, [80]],
    [7, 9, []],
    [8, 9, [80]],
    [0, 0, []],
    [5, 0, []],
  ])('of %d used of %d are reached %j', (used, limit, thresholds) => {
    expect(thresholdsReached({ used, limit })).toEqual(thresholds);
  });

  it('that is reached stays so as more is used, and the lower ones with it', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.integer({ min: 1, max: 10_000 }), (used, more, limit) => {
        const before = thresholdsReached({ used, limit });
        const after = thresholdsReached({ used: used + more, limit });
        expect(after).toEqual(expect.arrayContaining(before));
        expect(after).toEqual(THRESHOLDS.slice(0, after.length));
      }),
    );
  });
});

describe('what is watched', () => {
  it('is the balance since the last top-up, each a period of its own', () => {
    const account = { available: 200, highWaterMark: 1000, highWaterEntry: 'purchase#1' };
    expect(balanceMeter(account)).toEqual({ subject: 'balance', used: 800, limit: 1000, period: 'purchase#1' });
    expect(balanceMeter({ ...account, highWaterEntry: 'grant#2' })?.period).toBe('grant#2');
    expect(balanceMeter({ available: 200 })).toBeUndefined();
    // An adjustment may lift it above the high-water mark.
    expect(balanceMeter({ ...account, available: 1200 })?.used).toBe(0);
  });

  it('is the day, and a key that has a limit', () => {
    const daily = { subject: 'daily_videos', used: 16, limit: 20, period: '2026-11-24' };
    expect(dailyMeter({ generationsPerDay: 20 }, '2026-11-24', 16)).toEqual(daily);
    expect(keyMeter(KEY)).toBeUndefined();
    const spent = { subject: 'key_spend', used: 90, limit: 100, period: 'key_1#100', name: 'shop' };
    expect(keyMeter({ ...KEY, spendLimit: 100, spendable: 10 })).toEqual(spent);
    expect(keyMeter({ ...KEY, spendLimit: 50, spendable: -40 })?.period).toBe('key_1#50');
  });

  it('is notified with its numbers and what helps', () => {
    const meters = [
      balanceMeter({ available: 200, highWaterMark: 1000, highWaterEntry: 'purchase#1' }),
      dailyMeter({ generationsPerDay: 20 }, '2026-11-24', 16),
      keyMeter({ ...KEY, spendLimit: 100, spendable: 10 }),
    ];
    for (const meter of meters) {
      if (!meter) expect.fail();
      const { subject, text } = alertEmail(
        { ...meter, threshold: 80, alertId: 'alrt_1', at: '' },
        'Ada',
        'help@faro.example',
      );
      expect(subject).toMatch(new RegExp(`^80 % used: .*${meter.used}.*${meter.limit}`));
      expect(text).toMatch(/^Hello Ada,.*(At 0|At the limit), .*Help: help@faro.example/s);
    }
  });
});
