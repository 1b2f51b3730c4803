import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideRetry, errorMatches, retryDelay } from '../../lib/local/states/leave.ts';

const retrier = fc.record(
  {
    IntervalSeconds: fc.integer({ min: 1, max: 1000 }),
    BackoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
    MaxDelaySeconds: fc.integer({ min: 1001, max: 31_622_400 }),
    MaxAttempts: fc.integer({ min: 0, max: 8 }),
    JitterStrategy: fc.constantFrom('FULL' as const, 'NONE' as const),
  },
  { requiredKeys: [] },
);

test('a delay is IntervalSeconds x BackoffRate ^ n, at most MaxDelaySeconds, and jitter takes from 0 to that', () => {
  fc.assert(
    fc.property(retrier, fc.nat(50), fc.double({ min: 0, max: 0.999, noNaN: true }), (given, n, random) => {
      let full = given.IntervalSeconds ?? 1;
      for (let i = 0; i < n; i++) full *= given.BackoffRate ?? 2;
      full = Math.min(full, given.MaxDelaySeconds ?? 99_999_999, 99_999_999);
      const expected = given.JitterStrategy === 'FULL' ? full * random : full;
      const delay = retryDelay({ ErrorEquals: ['X'], ...given }, n, () => random);
      expect(delay).toBeCloseTo(expected, 3);
    }),
  );
});

test('a retrier is used MaxAttempts times (3 unless given), each retrier by its own count', () => {
  fc.assert(
    fc.property(retrier, fc.nat(3), (given, others) => {
      const retriers = [{ ErrorEquals: ['Other'] }, { ErrorEquals: ['X'], ...given }];
      let used: readonly number[] = [others, 0];
      let times = 0;
      for (
        let retry = decideRetry(retriers, used, 'X', () => 0.5);
        retry;
        retry = decideRetry(retriers, used, 'X', () => 0.5)
      ) {
        used = retry.used;
        times++;
      }
      expect(times).toBe(given.MaxAttempts ?? 3);
      expect(used[0]).toBe(others);
    }),
  );
});

const matching: readonly [string, string, boolean][] = [
  ['States.ALL', 'Anything', true],
  ['States.ALL', 'States.Timeout', true],
  ['States.ALL', 'States.HeartbeatTimeout', true],
  ['States.ALL', 'States.Runtime', false],
  ['States.ALL', 'States.DataLimitExceeded', false],
  ['States.TaskFailed', 'Anything', true],
  ['States.TaskFailed', 'States.Timeout', false],
  ['States.TaskFailed', 'States.HeartbeatTimeout', false],
  ['States.TaskFailed', 'States.DataLimitExceeded', false],
  ['States.Timeout', 'States.HeartbeatTimeout', true],
  ['States.HeartbeatTimeout', 'States.Timeout', false],
  ['States.Runtime', 'States.Runtime', false],
  ['States.DataLimitExceeded', 'States.DataLimitExceeded', true],
  ['Anything', 'anything', false],
];
for (const [name, error, expected] of matching) {
  test(`${name} ${expected ? 'takes' : 'does not take'} ${error}`, () => {
    expect(errorMatches([name], error)).toBe(expected);
  });
}
