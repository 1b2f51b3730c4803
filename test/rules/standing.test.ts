import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standingAt } from '../../functions/accounts/standing.ts';
import { PLANS } from '../../functions/catalogue/plans.ts';
import {
  MEASURE_STEPS,
  MOST_POINTS,
  pointsOf,
  rankOf,
  SEVERITIES,
  SKIPPING_POINTS,
  STANDING_ACTION_NAMES,
  STANDING_ACTIONS,
  STANDING_STEPS,
  STANDING_TABLE,
  type StandingStep,
  stepAfter,
  VIOLATION_CATEGORIES,
  VIOLATIONS,
} from '../../functions/catalogue/standing.ts';
import { planWithin } from '../../functions/catalogue/standing-refusals.ts';
import {
  addMeasure,
  addViolation,
  excuseViolation,
  fieldsOf,
  liftMeasure,
  NEW_STATE,
  pointsFor,
  refuseAction,
  STEP_OF,
  type StandingState,
  standingOf,
} from '../../functions/enforcement/ladder.ts';

const DAY = 24 * 3600_000;
const START = Date.parse('2026-11-30T00:00:00Z');

/** An act of some category and severity, at a moment within a year and a half. */
const act = fc
  .record({
    category: fc.constantFrom(...VIOLATION_CATEGORIES),
    severity: fc.constantFrom(...SEVERITIES),
    // Often days that others share, so that their points stand together; the last of them are alive at the end.
    at: fc.oneof(
      fc.nat({ max: 540 * DAY }).map(ms => START + ms),
      fc.nat({ max: 4 }).map(days => START + (540 - 30 * days) * DAY),
    ),
  })
  .map(({ category, severity, at }) => ({ points: pointsFor(category, severity, at), at }));
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;
const acts = fc.array(act, { maxLength: 40 });
/** After all of them. */
const NOW = START + 540 * DAY;

const stateOf = (all: readonly Act[], now = NOW): StandingState =>
  all.reduce<StandingState>((state, { points }) => addViolation(state, points, now), NEW_STATE);
/** All but how often it was decided. */
const decided = ({ revision: _, ...state }: StandingState) => state;
const stepOf = (state: StandingState, now = NOW): StandingStep => standingOf(state, now).step;

describe('the table of standing', () => {
  it('6.1: has one way down it, step by step, and none out of the last', () => {
    expect(STANDING_STEPS.map(step => STANDING_TABLE[step].next)).toEqual([
      ...STANDING_STEPS.slice(1).map(step => [step]),
      [],
    ]);
  });

  it('takes away no less with each step, and ends use with suspension', () => {
    const withheld = STANDING_STEPS.map(step => STANDING_TABLE[step].withholds.length);
    expect(withheld.toSorted((one, other) => one - other)).toEqual(withheld);
    expect(
      STANDING_STEPS.filter(step => (STANDING_TABLE[step].withholds as readonly string[]).includes('use')),
    ).toEqual(['suspended', 'terminated']);
  });

  it('has no two thresholds nearer than the most points of a violation that skips no step', () => {
    const thresholds = (['good', ...MEASURE_STEPS] as const).map(step => STANDING_TABLE[step].fromPoints);
    for (const [index, threshold] of thresholds.slice(1).entries()) {
      expect(threshold - (thresholds[index] ?? 0)).toBeGreaterThanOrEqual(MOST_POINTS);
    }
  });

  it('3.3.9: counts an attempt to get past the review more than a refusal of the same severity, and for longer', () => {
    for (const severity of SEVERITIES) {
      expect(pointsOf('review_evasion', severity)).toBeGreaterThan(pointsOf('refused_text', severity));
    }
    expect(VIOLATIONS.review_evasion.decayDays).toBeGreaterThan(VIOLATIONS.refused_text.decayDays);
  });

  it('has points that grow with severity, and either skip no step or suspend at once', () => {
    for (const category of VIOLATION_CATEGORIES) {
      const points = SEVERITIES.map(severity => pointsOf(category, severity));
      expect(
        points.toSorted((one, other) => one - other),
        category,
      ).toEqual(points);
      for (const each of points) expect(each <= MOST_POINTS || each === SKIPPING_POINTS, category).toBe(true);
      expect(360 % VIOLATIONS[category].decayDays, category).toBe(0);
    }
  });
});

describe('the page on standing', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/standing.md'), 'utf8');

  it('has the points, the end and the time to mend of every category', () => {
    const rows = VIOLATION_CATEGORIES.map(category => {
      const { clause, points, decayDays, rectifyDays } = VIOLATIONS[category];
      return `| \`${category}\` | ${clause} | ${points.join(' | ')} | ${decayDays} | ${rectifyDays ?? '–'} |`;
    });
    expect(page.match(/^\| `.*$/gm)).toEqual(rows);
  });

  it('has the points from which every step follows', () => {
    for (const step of ['good', ...MEASURE_STEPS] as const) {
      expect(page).toContain(`| ${step} | ${STANDING_TABLE[step].fromPoints} points |`);
    }
  });
});

describe('a violation', () => {
  it('6.1: leads one step further at most, unless its points are those that suspend at once', () => {
    fc.assert(
      fc.property(acts, act, (before, one) => {
        const state = stateOf(before);
        const climbed = rankOf(stepOf(addViolation(state, one.points, NOW))) - rankOf(stepOf(state));
        expect(climbed).toBeGreaterThanOrEqual(0);
        expect(climbed).toBeLessThanOrEqual(one.points.points === SKIPPING_POINTS ? 3 : 1);
      }),
    );
  });

  it('of the gravest suspends an account at once', () => {
    const one = pointsFor('prohibited_content', 'critical', NOW);
    expect(stepOf(addViolation(NEW_STATE, one, NOW))).toBe('suspended');
  });

  it('never leads to termination, whatever their number', () => {
    const one = pointsFor('prohibited_content', 'critical', NOW);
    const all = Array.from({ length: 50 }, () => ({ points: one, at: NOW }));
    expect(stepOf(stateOf(all))).toBe('suspended');
  });

  it('counts the same in whatever order it is reported', () => {
    const shuffled = acts.chain(all =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(decided(stateOf(other))).toEqual(decided(stateOf(all)));
      }),
    );
  });

  it('counts the same when it is reported late as when it was reported at once', () => {
    fc.assert(
      fc.property(acts, all => {
        const inTime = all
          .toSorted((one, other) => one.at - other.at)
          .reduce<StandingState>((state, { points, at }) => addViolation(state, points, at), NEW_STATE);
        expect(standingOf({ ...inTime, revision: 0 }, NOW)).toEqual(standingOf({ ...stateOf(all), revision: 0 }, NOW));
      }),
    );
  });

  it('that is excused leaves exactly what would be without it, whenever the appeal is upheld', () => {
    fc.assert(
      fc.property(acts, act, acts, fc.nat({ max: 400 }), (before, one, later, days) => {
        const now = NOW + days * DAY;
        const excused = excuseViolation(stateOf([...before, one, ...later]), one.points, now);
        expect(standingOf({ ...excused, revision: 0 }, now)).toEqual(
          standingOf({ ...stateOf([...before, ...later], now), revision: 0 }, now),
        );
        expect(stepOf(excused, now)).toBe(stepOf(stateOf([...before, ...later], now), now));
      }),
    );
  });

  it('is lighter with every day, and never graver: decay raises no step', () => {
    fc.assert(
      fc.property(acts, fc.array(fc.nat({ max: 30 }), { maxLength: 30 }), (all, waits) => {
        const fields = fieldsOf(stateOf(all), NOW);
        let now = NOW;
        let rank = rankOf(standingAt(fields, now).step);
        for (const days of waits) {
          now += days * DAY;
          const next = standingAt(fields, now).step;
          expect(rankOf(next)).toBeLessThanOrEqual(rank);
          // What the account's item says of the day is what would be decided on it.
          expect(next).toBe(stepOf(stateOf(all), now));
          rank = rankOf(next);
        }
        expect(standingAt(fields, NOW + 361 * DAY).step).toBe('good');
      }),
    );
  });

  it('ends on the day that the standing names', () => {
    fc.assert(
      fc.property(acts, all => {
        const fields = fieldsOf(stateOf(all), NOW);
        const { step, untilMs } = standingAt(fields, NOW);
        fc.pre(step !== 'good' && untilMs !== undefined);
        const until = untilMs ?? 0;
        expect(standingAt(fields, until - 1).step).toBe(step);
        expect(rankOf(standingAt(fields, until).step)).toBeLessThan(rankOf(step));
      }),
    );
  });

  it('of 40 points that end in 90 days keeps an account warned for 45 days, and to the end of the last', () => {
    const one = { points: pointsFor('review_evasion', 'high', NOW), at: NOW };
    const fields = fieldsOf(stateOf([one, one]), NOW);
    expect(standingAt(fields, NOW)).toMatchObject({ step: 'warned', untilMs: NOW + 46 * DAY });
    expect(stepOf(stateOf([one, one], NOW + 45 * DAY), NOW + 45 * DAY)).toBe('warned');
  });

  it('is kept in a bounded place, however many there are', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      points: pointsFor('refused_text', 'low', NOW - (index % 400) * DAY),
      at: NOW,
    }));
    expect(Object.keys(stateOf(many).points).length).toBeLessThanOrEqual(VIOLATIONS.refused_text.decayDays);
  });
});

describe('a measure', () => {
  const measure = fc.record({
    id: fc.constantFrom('meas_1', 'meas_2', 'meas_3'),
    step: fc.constantFrom(...MEASURE_STEPS),
  });

  it('stands beside points: the gravest of both counts', () => {
    fc.assert(
      fc.property(acts, measure, (all, one) => {
        const state = stateOf(all);
        expect(rankOf(stepOf(addMeasure(state, one, NOW)))).toBe(Math.max(rankOf(stepOf(state)), rankOf(one.step)));
      }),
    );
  });

  it('that is lifted leaves exactly what would be without it', () => {
    fc.assert(
      fc.property(acts, measure, (all, one) => {
        const state = stateOf(all);
        expect(decided(liftMeasure(addMeasure(state, one, NOW), one.id, NOW))).toEqual(decided(state));
      }),
    );
  });

  it('that is lifted takes with it what followed as it was not rectified, and nothing else', () => {
    const all = [
      { id: 'meas_1', step: 'warned' },
      { id: 'meas_2', step: 'restricted', cause: 'meas_1' },
      { id: 'meas_3', step: 'suspended', cause: 'viol_1' },
    ] as const;
    const state = all.reduce<StandingState>((before, one) => addMeasure(before, one, NOW), NEW_STATE);
    expect(liftMeasure(state, 'meas_1', NOW).measures).toEqual([all[2]]);
    expect(liftMeasure(state, 'meas_2', NOW).measures).toEqual([all[0], all[2]]);
    const points = { ...pointsFor('key_exposure', 'low', NOW), id: 'viol_1' };
    expect(excuseViolation(state, points, NOW).measures).toEqual([all[0], all[1]]);
  });

  it('ends at its moment, and is forgotten with the next change', () => {
    const state = addMeasure(NEW_STATE, { id: 'meas_1', step: 'suspended', untilMs: NOW + 5 }, NOW);
    expect([stepOf(state, NOW + 4), stepOf(state, NOW + 5)]).toEqual(['suspended', 'good']);
    expect(addViolation(state, pointsFor('refused_text', 'low', NOW), NOW + 5).measures).toEqual([]);
  });
});

describe('an action of operators', () => {
  it.each(STANDING_ACTION_NAMES)('%s is refused from each step that is not of its table', action => {
    for (const step of STANDING_STEPS) {
      const from: readonly StandingStep[] = STANDING_ACTIONS[action].from;
      expect(refuseAction(step, action, { urgent: true }) === undefined, step).toBe(from.includes(step));
    }
  });

  it('6.1: that skips a step says that it is urgent', () => {
    for (const step of STANDING_STEPS) {
      for (const action of ['warn', 'restrict', 'suspend'] as const) {
        const from: readonly StandingStep[] = STANDING_ACTIONS[action].from;
        const isNext = STEP_OF[action] === stepAfter(step) || rankOf(STEP_OF[action] ?? 'good') <= rankOf(step);
        if (from.includes(step)) expect(refuseAction(step, action) === undefined, `${step} ${action}`).toBe(isNext);
      }
    }
  });
});

describe('a restriction', () => {
  it('leaves of a plan a part of its numbers, and one at least', () => {
    for (const plan of Object.values(PLANS)) {
      const left = planWithin(plan, [STANDING_TABLE.restricted.restriction]);
      expect(left.generationsPerDay).toBe(Math.floor(plan.generationsPerDay / 4));
      expect(left.concurrency).toBe(Math.max(1, Math.floor(plan.concurrency / 4)));
      expect(planWithin(plan, [])).toEqual(plan);
    }
  });
});
