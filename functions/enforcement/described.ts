/** Standings and appeals as the API shows them. Pure. */
import type { z } from 'zod';
import type { StandingFields } from '../accounts/standing.ts';
import { standingAt } from '../accounts/standing.ts';
import { STANDING_TABLE, stepAfter, type TimedRestriction, VIOLATIONS } from '../catalogue/standing.ts';
import { utcDay } from '../data/day-shard.ts';
import type { Appeal } from './appeals-store.ts';
import type { StandingState } from './ladder.ts';
import { type Finding, isViolation, type MeasureRecord } from './measure.ts';
import { goneOn, leftOn, pointsOn } from './points.ts';
import type {
  appealObject,
  measureObject,
  restrictionObject,
  standingObject,
  violationObject,
} from './standing-objects-contract.ts';
import type { Violation } from './violation.ts';

const momentOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

export interface StandingView {
  readonly account: StandingFields;
  readonly state: StandingState;
  readonly findings: readonly Finding[];
  readonly appeals: readonly Appeal[];
  /** Epoch ms. */
  readonly now: number;
}

export function describeStandingOf({
  account,
  state,
  findings,
  appeals,
  now,
}: StandingView): z.output<typeof standingObject> {
  const standing = standingAt(account, now);
  const { step, untilMs, restrictions } = standing;
  const today = utcDay(now);
  const next = stepAfter(step);
  const stateOf = new Map(appeals.map(appeal => [appeal.subject, appeal.state]));
  const shown = (finding: Finding) => ({
    state: finding.state,
    rectify_by: finding.rectifyBy ?? null,
    rectified_at: finding.rectifiedAt ?? null,
    appeal: stateOf.get(finding.id) ?? null,
  });
  const dates = findings.flatMap(({ state: is, rectifyBy, rectifiedAt, followedBy }) =>
    is === 'in_force' && rectifyBy !== undefined && !rectifiedAt && !followedBy ? [rectifyBy] : [],
  );
  return {
    object: 'standing',
    standing: step,
    description: STANDING_TABLE[step].description,
    until: momentOf(untilMs),
    points: Math.ceil(pointsOn(state.points, today) * 100) / 100,
    next: next === undefined ? null : { standing: next, from_points: STANDING_TABLE[next].fromPoints },
    restrictions: restrictions.map(describeRestriction),
    rectify_by: dates.toSorted()[0] ?? null,
    violations: findings.filter(isViolation).map(each => describeViolation(each, today, shown(each))),
    measures: findings
      .filter((each): each is MeasureRecord => !isViolation(each))
      .map(each => describeMeasure(each, shown(each))),
    how_to_appeal: 'POST /v1/account/appeals with the id of a violation or a measure as subject, and why as text',
  };
}

type Shown = Pick<z.output<typeof violationObject>, 'state' | 'rectify_by' | 'rectified_at' | 'appeal'>;

function describeRestriction(restriction: TimedRestriction): z.output<typeof restrictionObject> {
  const { functions, models, quotaShare, concurrencyShare, uploadsRefused, untilMs } = restriction;
  return {
    functions: [...functions],
    models: [...models],
    quota_share: quotaShare,
    concurrency_share: concurrencyShare,
    uploads_refused: uploadsRefused,
    until: momentOf(untilMs),
  };
}

function describeViolation(violation: Violation, today: string, shown: Shown): z.output<typeof violationObject> {
  const { id, category, severity, evidence, at, points } = violation;
  const { title, clause } = VIOLATIONS[category];
  return {
    id,
    object: 'violation',
    category,
    title,
    clause,
    severity,
    evidence,
    at,
    points,
    points_left: shown.state === 'lifted' ? 0 : leftOn(violation, today),
    ends_on: goneOn(violation),
    ...shown,
  };
}

function describeMeasure(measure: MeasureRecord, shown: Shown): z.output<typeof measureObject> {
  const { id, step, reason, decidedAt, untilMs } = measure;
  return { id, object: 'measure', step, reason, decided_at: decidedAt, until: momentOf(untilMs), ...shown };
}

export function describeAppeal(appeal: Appeal): z.output<typeof appealObject> {
  return {
    object: 'appeal',
    id: appeal.subject,
    account_id: appeal.accountId,
    text: appeal.text,
    created_at: appeal.createdAt,
    state: appeal.state,
    reason: appeal.reason ?? null,
    decided_at: appeal.decidedAt ?? null,
  };
}
