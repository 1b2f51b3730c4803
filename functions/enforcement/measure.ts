/** Measures: steps that were decided by operators, or followed as something was not rectified in time. Pure. */
import type { Measure } from '../accounts/standing.ts';
import { canonical } from '../audit/chain.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { SEVERAL_WARNINGS, type StandingStep } from '../catalogue/standing.ts';
import { excuseViolation, liftMeasure, type StandingState } from './ladder.ts';
import type { FindingState, Violation } from './violation.ts';

export interface MeasureRecord extends Measure, FindingState {
  readonly reason: string;
  /** Who decided it: a person of staff, or the platform where it followed by itself. */
  readonly decidedBy: string;
  /** ISO 8601. */
  readonly decidedAt: string;
  /** What the call said: the same call is the same measure. */
  readonly terms?: string;
}

/** What can be lifted, rectified and appealed against. */
export type Finding = Violation | MeasureRecord;

export function isViolation(finding: Finding): finding is Violation {
  return 'category' in finding;
}

/** The state without the finding, and what followed from it. */
export function withoutFinding(state: StandingState, finding: Finding, now: number): StandingState {
  if (!isViolation(finding)) {
    const followers = followersOf(state, finding);
    const lifted = liftMeasure(state, finding.id, now);
    return { ...lifted, measures: lifted.measures.filter(({ id }) => !followers.includes(id)) };
  }
  const { id, points, day, decayDays } = finding;
  return excuseViolation(state, { id, points, day, decayDays }, now);
}

/** All measures in force that followed from it: of one that followed itself, those of the same cause that came after it. */
export function followersOf({ measures }: Pick<StandingState, 'measures'>, finding: Finding): string[] {
  const root = (isViolation(finding) ? undefined : finding.cause) ?? finding.id;
  // Ids are in the order of time.
  const isAfter = (id: string) => root === finding.id || id > finding.id;
  return measures.filter(({ id, cause }) => cause === root && isAfter(id)).map(({ id }) => id);
}

/** What a measure says, so that a call that is sent again is known. */
export function termsOf(said: Readonly<Record<string, unknown>>): string {
  return canonical(said);
}

/** Warnings whose date passed without being rectified; what followed from one is not another. `now` is epoch ms. */
export function uncorrected(findings: readonly Finding[], now: number): number {
  return findings.filter(finding => {
    const { state, rectifyBy, rectifiedAt } = finding;
    const isFollower = !isViolation(finding) && finding.cause !== undefined;
    return state === 'in_force' && !isFollower && rectifiedAt === undefined && Date.parse(rectifyBy ?? '') <= now;
  }).length;
}

/** Why an account may not be terminated (7.2a); undefined where it may. */
export function refuseTermination(step: StandingStep, findings: readonly Finding[], now: number): Refusal | undefined {
  const warnings = uncorrected(findings, now);
  if (step === 'suspended' || warnings >= SEVERAL_WARNINGS) return undefined;
  return new Refusal(
    'wrong_state',
    `this account is ${step}, and ${warnings} of its warnings were not rectified in time: it is terminated from suspended, or after ${SEVERAL_WARNINGS} such warnings`,
    'action',
  );
}
