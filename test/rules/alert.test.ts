import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceGauge, dailyGauge, keyGauge, LEVELS, letterOf, levelsReached } from '../../functions/alerts/alert.ts';
import type { StoredKey } from '../../functions/keys/key.ts';

const KEY: StoredKey = {
  ...{ keyId: 'key_1', accountId: 'acct_1', name: 'shop', state: 'active', permissions: [], hint: '' },
  createdAt: '2026-11-24T00:00:00.000Z',
};

describe('a level', () => {
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
  ])('of %d used of %d are reached %j', (used, limit, levels) => {
    expect(levelsReached({ used, limit })).toEqual(levels);
  });

  it('that is reached stays so as more is used, and the lower ones with it', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.integer({ min: 1, max: 10_000 }), (used, more, limit) => {
        const before = levelsReached({ used, limit });
        const after = levelsReached({ used: used + more, limit });
        expect(after).toEqual(expect.arrayContaining(before));
        expect(after).toEqual(LEVELS.slice(0, after.length));
      }),
    );
  });
});

describe('what is watched', () => {
  it('is the balance since the last top-up, each a period of its own', () => {
    const account = { available: 200, topUpLevel: 1000, topUpId: 'purchase#1' };
    expect(balanceGauge(account)).toEqual({ subject: 'balance', used: 800, limit: 1000, period: 'purchase#1' });
    expect(balanceGauge({ ...account, topUpId: 'grant#2' })?.period).toBe('grant#2');
    expect(balanceGauge({ available: 200 })).toBeUndefined();
    // An adjustment may lift it above the level.
    expect(balanceGauge({ ...account, available: 1200 })?.used).toBe(0);
  });

  it('is the day, and a key that has a limit', () => {
    const daily = { subject: 'daily_videos', used: 16, limit: 20, period: '2026-11-24' };
    expect(dailyGauge({ generationsPerDay: 20 }, '2026-11-24', 16)).toEqual(daily);
    expect(keyGauge(KEY)).toBeUndefined();
    const spent = { subject: 'key_spend', used: 90, limit: 100, period: 'key_1#100', name: 'shop' };
    expect(keyGauge({ ...KEY, spendLimit: 100, spendable: 10 })).toEqual(spent);
    expect(keyGauge({ ...KEY, spendLimit: 50, spendable: -40 })?.period).toBe('key_1#50');
  });

  it('is told with its numbers and what helps', () => {
    const gauges = [
      balanceGauge({ available: 200, topUpLevel: 1000, topUpId: 'purchase#1' }),
      dailyGauge({ generationsPerDay: 20 }, '2026-11-24', 16),
      keyGauge({ ...KEY, spendLimit: 100, spendable: 10 }),
    ];
    for (const gauge of gauges) {
      if (!gauge) expect.fail();
      const { subject, text } = letterOf({ ...gauge, level: 80, alertId: 'alrt_1', at: '' }, 'Ada');
      expect(subject).toMatch(new RegExp(`^80 % used: .*${gauge.used}.*${gauge.limit}`));
      expect(text).toMatch(/^Hello Ada,.*(At 0|At the limit), /s);
    }
  });
});
