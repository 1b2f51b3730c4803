/**
 * The ladder: what an account's standing is made of, and how it is decided anew. All of it is the points of its violations,
 * measures that were decided, and that it was terminated; the steps are a function of these and the moment. Pure.
 */
import {
  type Measure,
  type StandingFields,
  type StandingRecord,
  standingAt,
  suspendedUntil,
} from '../accounts/standing.ts';
import { Refusal } from '../catalogue/refusal.ts';
import {
  pointsOf,
  rankOf,
  type Severity,
  STANDING_ACTIONS,
  STANDING_TABLE,
  type Standing,
  type StandingAction,
  type StandingStep,
  stepAfter,
  VIOLATIONS,
  type ViolationCategory,
} from '../catalogue/standing.ts';
import { utcDay } from '../data/day-shard.ts';
import { type DatedPoints, datedPoints, type PointsByDay, stepsByPoints, withoutPoints, withPoints } from './points.ts';

export interface StandingState {
  /** Raised by every change. */
  readonly revision: number;
  readonly points: PointsByDay;
  /** In force. */
  readonly measures: readonly Measure[];
  /** Epoch ms. */
  readonly terminatedAtMs?: number;
}

export const NEW_STATE: StandingState = { revision: 0, points: {}, measures: [] };

/** Measures that operators may have in force at once: they stand on the account's item, and go with each of its calls. */
export const MOST_MEASURES = 5;

function recordOf({ points, measures, terminatedAtMs }: StandingState, now: number): StandingRecord {
  return {
    byPoints: stepsByPoints(points, utcDay(now)),
    measures,
    ...(terminatedAtMs !== undefined && { terminatedAtMs }),
  };
}

/** What the account's item has of it. */
export function fieldsOf(state: StandingState, now: number): StandingFields {
  const standing = recordOf(state, now);
  const until = suspendedUntil(standing);
  return { standing, standingRevision: state.revision, ...(until !== undefined && { suspendedUntilMs: until }) };
}

export function standingOf(state: StandingState, now: number): Standing {
  return standingAt(fieldsOf(state, now), now);
}

function changed(state: StandingState, change: Partial<Omit<StandingState, 'revision'>>, now: number): StandingState {
  const next = { ...state, ...change };
  const measures = next.measures.filter(({ untilMs }) => untilMs === undefined || untilMs > now);
  return { ...next, measures, revision: state.revision + 1 };
}

/** The points of an act of this category and severity at `at`, epoch ms. */
export function pointsFor(category: ViolationCategory, severity: Severity, at: number): DatedPoints {
  return datedPoints(pointsOf(category, severity), VIOLATIONS[category].decayDays, at);
}

export function addViolation(state: StandingState, points: DatedPoints, now: number): StandingState {
  return changed(state, { points: withPoints(state.points, points, utcDay(now)) }, now);
}

/** As if it had never been: without its points, and what followed as it was not rectified. */
export function excuseViolation(
  state: StandingState,
  { id, ...points }: DatedPoints & { readonly id?: string },
  now: number,
): StandingState {
  const measures = state.measures.filter(({ cause }) => cause === undefined || cause !== id);
  return changed(state, { points: withoutPoints(state.points, points, utcDay(now)), measures }, now);
}

/** A measure of the same id takes the place of the one before. */
export function addMeasure(state: StandingState, measure: Measure, now: number): StandingState {
  const others = state.measures.filter(({ id }) => id !== measure.id);
  return changed(state, { measures: [...others, measure] }, now);
}

/** Without the measure, and what followed as it was not rectified. */
export function liftMeasure(state: StandingState, id: string, now: number): StandingState {
  return changed(state, { measures: state.measures.filter(measure => measure.id !== id && measure.cause !== id) }, now);
}

export function terminate(state: StandingState, now: number): StandingState {
  return changed(state, { terminatedAtMs: now }, now);
}

/** The step that follows where a date for rectification passes; undefined where only people decide what follows. */
export function stepAfterDate(step: StandingStep): Measure['step'] | undefined {
  const next = stepAfter(step);
  return next === 'warned' || next === 'restricted' || next === 'suspended' ? next : undefined;
}

/** Why an account that stands so may not be dealt with so; undefined where it may. */
export function refuseAction(
  step: StandingStep,
  action: StandingAction,
  { urgent = false }: { readonly urgent?: boolean | undefined } = {},
): Refusal | undefined {
  const { from }: { readonly from: readonly StandingStep[] } = STANDING_ACTIONS[action];
  if (!from.includes(step)) {
    return new Refusal('wrong_state', `this account is ${step}: ${action} is for ${from.join(' or ')}`, 'action');
  }
  const to = STEP_OF[action];
  if (to === undefined || rankOf(to) <= rankOf(step) + 1 || urgent) return undefined;
  const next = STANDING_TABLE[step].next.join(' or ');
  return new Refusal(
    'wrong_state',
    `this account is ${step}, and what follows is ${next}: send urgent with true where it cannot wait, and the reason says why`,
    'urgent',
  );
}

/** The step that an action sets. */
export const STEP_OF: Readonly<Partial<Record<StandingAction, Measure['step']>>> = {
  warn: 'warned',
  restrict: 'restricted',
  suspend: 'suspended',
};
