import { describe, expect, it } from 'vitest';
import { PLAN_NAMES, PLANS } from '../../functions/catalogue/plans.ts';
import { queueGroup } from '../../functions/generation/fair-queue.ts';
import { numericId } from '../../functions/runtime/ids.ts';

const random = (seed: number) => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  return (bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, next);
};

describe('the message group of a job', () => {
  it.each(PLAN_NAMES)(
    'is one of as many as the weight of plan %s, each as often, and never that of another account',
    plan => {
      const next = random(7);
      const ids = Array.from({ length: 4_000 }, () => numericId(Date.UTC(2026, 10, 24), next));
      const groups = Map.groupBy(ids, id => queueGroup('acct_1', id, plan));
      expect(groups.size).toBe(PLANS[plan].priority);
      for (const [group, all] of groups) {
        expect(group.split('#')[0]).toBe('acct_1');
        expect(all.length).toBeGreaterThan((ids.length / groups.size) * 0.9);
      }
    },
  );

  it("of a job from before plans were written into jobs is its account's", () => {
    expect(queueGroup('acct_1', 7, undefined)).toBe('acct_1');
  });
});
