import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_DEATHS, MOST_FAILURES, mayBegin, pauseAfter } from '../../functions/worker/attempts.ts';
import { rest } from '../../functions/worker/engines/waiting.ts';
import { isPassing, PAUSES_MS, persistently } from '../../functions/worker/persistence.ts';

type End = 'failure' | 'death' | 'returned';

/** How many attempts begin where they end like this, one after another. */
function begun(ends: readonly End[]): number {
  let attempt = 0;
  let failures = 0;
  let count = 0;
  for (const end of ends) {
    attempt += 1;
    if (!mayBegin({ attempt, failures })) break;
    count += 1;
    if (end === 'failure') failures += 1;
    if (end === 'returned') attempt -= 1;
  }
  return count;
}

describe('an attempt', () => {
  it('may follow three hosts that died', () => {
    expect(mayBegin({ attempt: 4 })).toBe(true);
    expect(mayBegin({ attempt: 6, failures: 2 })).toBe(true);
  });

  it('is not begun after the third failure, however few hosts died', () => {
    expect(begun(Array(9).fill('failure'))).toBe(MOST_FAILURES);
  });

  it('is not begun for ever: a job that its workers die of is given up', () => {
    expect(begun(Array(99).fill('death'))).toBe(MOST_DEATHS);
  });

  it('that was given back in order does not count, however often', () => {
    expect(begun([...Array(50).fill('returned'), 'death', 'death', 'death', 'failure', 'failure'])).toBe(55);
  });

  it('begins as often as failures and deaths allow, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom<End>('failure', 'death', 'returned'), { maxLength: 40 }), ends => {
        const before = ends.slice(0, begun(ends));
        const of = (end: End) => before.filter(each => each === end).length;
        expect(of('failure')).toBeLessThanOrEqual(MOST_FAILURES);
        expect(of('death')).toBeLessThanOrEqual(MOST_DEATHS);
        if (before.length < ends.length)
          expect(of('failure') === MOST_FAILURES || of('death') === MOST_DEATHS).toBe(true);
      }),
    );
  });

  it('follows a failure after a pause that grows', () => {
    expect([1, 2].map(pauseAfter)).toEqual([2, 8]);
  });
});

describe('a call that is repeated', () => {
  const unavailable = Object.assign(new Error('503'), { $metadata: { httpStatusCode: 503 } });
  const signal = new AbortController().signal;
  const noting = (pauses: number[]) => ({
    pause: async (ms: number): Promise<void> => void pauses.push(ms),
    warn: () => {},
  });

  it('is made again after pauses that grow, each half to all of its longest, until it succeeds', async () => {
    const pauses: number[] = [];
    let left = 5;
    const call = async () => {
      if (left-- > 0) throw unavailable;
      return 'stored';
    };
    expect(await persistently('upload', call, signal, noting(pauses))).toBe('stored');
    expect(pauses).toHaveLength(5);
    for (const [index, ms] of pauses.entries()) {
      expect(ms).toBeGreaterThanOrEqual((PAUSES_MS[index] ?? 0) / 2);
      expect(ms).toBeLessThanOrEqual(PAUSES_MS[index] ?? 0);
    }
    expect([...PAUSES_MS].sort((a, b) => a - b)).toEqual(PAUSES_MS);
  });

  it('outlasts a service that is away for five minutes, and ends with its error where that is away for good', async () => {
    const pauses: number[] = [];
    const call = () => Promise.reject(unavailable);
    await expect(persistently('upload', call, signal, noting(pauses))).rejects.toBe(unavailable);
    expect(pauses.reduce((sum, ms) => sum + ms)).toBeGreaterThan(4 * 60_000);
    expect(PAUSES_MS.reduce((sum, ms) => sum + ms)).toBeLessThan(10 * 60_000);
  });

  it('ends at once where the job is lost, late or given back', async () => {
    const lost = new AbortController();
    const call = () => Promise.reject(unavailable);
    const ended = persistently('upload', call, lost.signal, { pause: rest, warn: () => {} });
    lost.abort(new Error('lost'));
    await expect(ended).rejects.toThrow('lost');
  });

  it.each([
    ['an object that is gone', { $metadata: { httpStatusCode: 404 } }, false],
    ['a grant that is missing', { $metadata: { httpStatusCode: 403 } }, false],
    ['a condition that was refused', { $metadata: { httpStatusCode: 400 } }, false],
    ['an error of our own', {}, false],
    ['a service that throttles', { $metadata: { httpStatusCode: 429 } }, true],
    ['a service in trouble', { $metadata: { httpStatusCode: 500 } }, true],
    ['a service that is not reached', { code: 'ECONNREFUSED' }, true],
    ['a connection that was cut', { code: 'ECONNRESET' }, true],
    ['a service that does not answer', { name: 'TimeoutError' }, true],
  ])('meets %s: that it may pass is %s', (_, error, passing) => {
    expect(isPassing(Object.assign(new Error('trouble'), error))).toBe(passing);
  });
});
