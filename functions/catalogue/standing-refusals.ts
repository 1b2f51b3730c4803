/**
 * What a standing refuses, and what it leaves of a plan. The one rule of restrictions: access, quotes, admission and uploads
 * ask it, and a refusal says what is taken away, until when, and how to appeal. Pure.
 */
import type { Plan } from './plans.ts';
import { Refusal } from './refusal.ts';
import { leaves, type Restriction, STANDING_TABLE, type Standing, type TimedRestriction } from './standing.ts';
import type { VideoFunction } from './video-request.ts';

/** What is to be done with the service. */
export type Use = { readonly function: VideoFunction; readonly model?: string } | 'upload';

/** Why the standing does not leave this; undefined where it does. */
export function refuseByStanding(standing: Standing, use: Use): Refusal | undefined {
  if (!leaves(standing, 'use')) return suspended(standing);
  const refusing = (is: (restriction: Restriction) => boolean) => standing.restrictions.filter(is);
  if (use === 'upload') {
    return refusalOf(
      'uploads are',
      refusing(({ uploadsRefused }) => uploadsRefused),
    );
  }
  const { function: made, model = '' } = use;
  return (
    refusalOf(
      `the function ${made} is`,
      refusing(({ functions }) => functions.includes(made)),
      'function',
    ) ??
    refusalOf(
      `the model ${model} is`,
      refusing(({ models }) => models.includes(model)),
      'model',
    )
  );
}

/** For an account whose standing takes away all that a call asks for. */
export function suspended(standing: Standing): Refusal {
  return new Refusal('account_suspended', describeStanding(standing));
}

function refusalOf(what: string, refusing: readonly TimedRestriction[], field?: string): Refusal | undefined {
  if (refusing.length === 0) return undefined;
  return new Refusal(
    'account_restricted',
    `${what} taken away from this account ${untilText(refusing)}; ${REMEDY}`,
    field,
  );
}

/** Until when the last of them lasts, in words. */
function untilText(timed: readonly { readonly untilMs?: number }[]): string {
  const last = Math.max(...timed.map(({ untilMs = Infinity }) => untilMs));
  return last < Infinity ? `until ${new Date(last).toISOString()}` : 'until it is lifted';
}

const REMEDY =
  'its people sign in: GET /v1/account/standing says why and what comes next, and POST /v1/account/appeals asks for another decision';

/** What a caller is told where the standing takes away what it asks for. */
export function describeStanding(standing: Standing): string {
  const { step } = standing;
  const until = step === 'terminated' ? 'for good' : untilText([standing]);
  return `this account is ${step} ${until}: ${STANDING_TABLE[step].description}; ${REMEDY}`;
}

/** Words for a number of the plan that a restriction has lowered; empty where none has. */
export function loweredBy({ restrictions }: Standing, member: 'quotaShare' | 'concurrencyShare'): string {
  const lowering = restrictions.filter(each => each[member] < 1);
  return lowering.length === 0 ? '' : `; a restriction lowers it ${untilText(lowering)}, see GET /v1/account/standing`;
}

/** The plan with what restrictions leave of its numbers: one video a day, and one at once, at the least. */
export function planWithin(plan: Plan, restrictions: readonly Restriction[]): Plan {
  const least = (member: 'quotaShare' | 'concurrencyShare') => Math.min(1, ...restrictions.map(each => each[member]));
  const part = (whole: number, share: number): number => Math.max(1, Math.floor(whole * share));
  return {
    ...plan,
    generationsPerDay: part(plan.generationsPerDay, least('quotaShare')),
    concurrency: part(plan.concurrency, least('concurrencyShare')),
  };
}

/** `mutoscope-standing`, on every answer to an account whose standing is not good. */
export function standingHeader({ step, untilMs }: Standing): Record<string, string> {
  if (step === 'good') return {};
  const until = untilMs === undefined ? '' : `; until="${new Date(untilMs).toISOString()}"`;
  return { 'mutoscope-standing': `${step}${until}` };
}
