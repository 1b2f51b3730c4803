/**
 * How an account stands, as its item keeps it: until when each step follows from points, which falls of itself, and what was
 * decided besides. The authorizer and every transaction of an account read it with the account, over any number of keys;
 * enforcement writes it. Pure.
 */
import {
  GOOD_STANDING,
  graver,
  leaves,
  MEASURE_STEPS,
  type MeasureStep,
  type Restriction,
  STANDING_TABLE,
  type Standing,
  type StandingStep,
  type TimedRestriction,
} from '../catalogue/standing.ts';

/** A step that was decided: by a person, or as a date for rectification passed. */
export interface Measure {
  /** `meas_…`. */
  readonly id: string;
  readonly step: MeasureStep;
  /** Epoch ms; absent where it lasts until it is lifted. */
  readonly untilMs?: number;
  /** Of a restriction. */
  readonly restriction?: Restriction;
  /** What was not rectified in time, where it followed from that. */
  readonly cause?: string;
}

export interface StandingRecord {
  /** Epoch ms until which each step follows from points; absent where it does not. */
  readonly byPoints: Readonly<Partial<Record<MeasureStep, number>>>;
  /** Few: a transaction of every job writes this item. */
  readonly measures: readonly Measure[];
  /** Epoch ms. */
  readonly terminatedAtMs?: number;
}

/** What the account's item has of it; all absent of an account that nothing was ever decided of. */
export interface StandingFields {
  readonly standing?: StandingRecord;
  readonly standingRevision?: number;
  /** Epoch ms until which the service may not be used, for conditions of transactions. */
  readonly suspendedUntilMs?: number;
}

/** For what does not end by itself: the last moment that a date can name. */
const FOR_EVER = 8.64e15;

interface Part {
  readonly step: StandingStep;
  readonly untilMs: number;
  readonly restriction?: Restriction | undefined;
}

const isInForce =
  (now: number) =>
  ({ untilMs }: { readonly untilMs: number }): boolean =>
    untilMs > now;

function partsOf({ byPoints, measures, terminatedAtMs }: StandingRecord): Part[] {
  return [
    ...MEASURE_STEPS.map(step => ({
      step,
      untilMs: byPoints[step] ?? 0,
      restriction: STANDING_TABLE[step].restriction ?? undefined,
    })),
    ...measures.map(({ step, untilMs = FOR_EVER, restriction }) => ({
      step,
      untilMs,
      restriction: restriction ?? STANDING_TABLE[step].restriction ?? undefined,
    })),
    ...(terminatedAtMs === undefined ? [] : [{ step: 'terminated' as const, untilMs: FOR_EVER }]),
  ];
}

/** How the account stands at `now`, epoch ms. */
export function standingAt({ standing, standingRevision: revision = 0 }: StandingFields, now: number): Standing {
  if (!standing) return { ...GOOD_STANDING, revision };
  const parts = partsOf(standing).filter(isInForce(now));
  const step = parts.reduce<StandingStep>((gravest, part) => graver(gravest, part.step), 'good');
  const untilMs = Math.max(0, ...parts.filter(part => part.step === step).map(part => part.untilMs));
  const restrictions = parts.flatMap(({ restriction, untilMs: until }): TimedRestriction[] =>
    restriction ? [{ ...restriction, ...(until < FOR_EVER && { untilMs: until }) }] : [],
  );
  return { step, ...(step !== 'good' && untilMs < FOR_EVER && { untilMs }), restrictions, revision };
}

/** Until when nothing of the service may be used; undefined where it may. */
export function suspendedUntil(record: StandingRecord): number | undefined {
  const ends = partsOf(record).flatMap(part => (leaves(part, 'use') ? [] : [part.untilMs]));
  const last = Math.max(0, ...ends);
  return last > 0 ? last : undefined;
}
