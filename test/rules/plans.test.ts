import { describe, expect, it } from 'vitest';
import { PLAN_NAMES, PLANS, type Plan } from '../../functions/catalogue/plans.ts';

const ALL = PLAN_NAMES.map(name => PLANS[name]);
const NUMBERS = [
  'requestsPerSecond',
  'requestBurst',
  'requestsPerDay',
  'generationsPerDay',
  'concurrency',
] as const satisfies (keyof Plan)[];
/** What official clients do for one video: one upload, one start, up to 20 polls. */
const CALLS_PER_VIDEO = 22;

describe('the plans', () => {
  it('are listed under their own names, each once', () => {
    expect(Object.keys(PLANS)).toEqual([...PLAN_NAMES]);
    expect(ALL.map(({ name }) => name)).toEqual([...PLAN_NAMES]);
  });

  it.each(NUMBERS)('each allow more than the one before: %s', number => {
    const values = ALL.map(plan => plan[number]);
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
  });

  it('keep what PixVerse sells as Essential: five videos at once', () => {
    expect(PLANS.essential.concurrency).toBe(5);
  });
});

describe.each(ALL)('plan $name', plan => {
  it.each(NUMBERS)('has a whole number above zero: %s', number => {
    expect(Number.isSafeInteger(plan[number]) && plan[number] > 0).toBe(true);
  });

  it('has a burst of at least a second of its rate, within what API Gateway allows an account', () => {
    expect(plan.requestBurst).toBeGreaterThanOrEqual(plan.requestsPerSecond);
    expect(plan.requestsPerSecond).toBeLessThanOrEqual(10_000);
    expect(plan.requestBurst).toBeLessThanOrEqual(5_000);
  });

  it('has calls enough to make and poll all the videos of a day', () => {
    expect(plan.requestsPerDay).toBeGreaterThanOrEqual(plan.generationsPerDay * CALLS_PER_VIDEO);
  });

  it('can use up all its places at once within a day', () => {
    expect(plan.generationsPerDay).toBeGreaterThanOrEqual(plan.concurrency);
  });
});
