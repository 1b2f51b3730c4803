/**
 * How an account stands, as its item keeps it: until when each step follows from points, which falls of itself, and what was
 * decided besides. The authorizer and every transaction of an account read it with the account, over any number of keys;
 * enforcement writes it. Pure.
 */
import { Refusal } from '../catalogue/refusal.ts';
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
import type { VideoFunction } from '../catalogue/video-request.ts';

/** A step that was decided: by a person, or as a date for rectification passed. */
export interface Measure {
  /** `meas_…`. */
  readonly id: string;
  readonly step: MeasureStep;
  /** Epoch ms; absent where it lasts until it is lifted. */
  readonly untilMs?: number;
  /** Of a restriction. */
  readonly restriction?: Restriction;
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

/** What is to be done with the service. */
export type Use = { readonly function: VideoFunction; readonly model?: string } | 'upload';

/**
 * Why the standing does not leave this; undefined where it does. The one rule of restrictions: quotes, admission and uploads
 * ask it.
 */
export function refuseByStanding(standing: Standing, use: Use): Refusal | undefined {
  if (!leaves(standing, 'use')) return new Refusal('account_suspended', describeStanding(standing));
  const { restrictions } = standing;
  if (use === 'upload') {
    return refusalOf(
      'uploads are',
      restrictions.filter(each => each.uploadsRefused),
    );
  }
  const { function: made, model = '' } = use;
  return (
    refusalOf(
      `the function ${made} is`,
      restrictions.filter(each => each.functions.includes(made)),
    ) ??
    refusalOf(
      `the model ${model} is`,
      restrictions.filter(each => each.models.includes(model)),
    )
  );
}

function refusalOf(what: string, refusing: readonly TimedRestriction[]): Refusal | undefined {
  if (refusing.length === 0) return undefined;
  return new Refusal('account_restricted', `${what} taken away from this account ${untilText(refusing)}; ${REMEDY}`);
}

/** Until when the gravest of them lasts, in words. */
function untilText(timed: readonly { readonly untilMs?: number }[]): string {
  const last = Math.max(...timed.map(({ untilMs = FOR_EVER }) => untilMs));
  return last < FOR_EVER ? `until ${new Date(last).toISOString()}` : 'until it is lifted';
}

const REMEDY =
  'its people sign in: GET /v1/account/standing says why and what comes next, and POST /v1/account/appeals asks for another decision';

/** What a caller is told where the standing takes away what it asks for. */
export function describeStanding(standing: Standing): string {
  const { step } = standing;
  const until = step === 'terminated' ? 'for good' : untilText([standing]);
  return `this account is ${step} ${until}: ${STANDING_TABLE[step].description}; ${REMEDY}`;
}

/** Words for a limit of the plan that a restriction has lowered; empty where none has. */
export function loweredBy({ restrictions }: Standing, member: 'quotaShare' | 'concurrencyShare'): string {
  const lowering = restrictions.filter(each => each[member] < 1);
  return lowering.length === 0 ? '' : `; a restriction lowers it ${untilText(lowering)}: GET /v1/account/standing`;
}
