/** A violation as it is recorded: what was done, how grave it is, and what was seen of it. Pure. */
import type { TemplateName } from '../accounts/email-templates.ts';
import {
  rankOf,
  type Severity,
  type Standing,
  type StandingStep,
  VIOLATIONS,
  type ViolationCategory,
} from '../catalogue/standing.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { pointsFor } from './ladder.ts';
import type { DatedPoints } from './points.ts';

/** What a source reports. */
export interface ViolationReport {
  readonly accountId: string;
  /** The source's own id of the act: reported again, it is the same violation. */
  readonly violationId: string;
  readonly category: ViolationCategory;
  readonly severity: Severity;
  /** What was seen, in words that the account reads; never what it asked for. */
  readonly evidence: string;
  /** What reports it, such as `text-screening`. */
  readonly source: string;
  /** When it was done, epoch ms; now where absent. */
  readonly at?: number;
}

/** What violations and measures have alike. */
export interface FindingState {
  /** It counts until it is lifted, by a decision or by an appeal that was upheld. */
  readonly state: 'in_force' | 'lifted';
  readonly liftedAt?: string;
  readonly liftReason?: string;
  /** ISO 8601; where it is to be rectified by a date, and was. */
  readonly rectifyBy?: string;
  readonly rectifiedAt?: string;
  readonly rectifyReason?: string;
  /** The measure that followed as the date passed. */
  readonly followedBy?: string;
}

export interface Violation extends DatedPoints, FindingState {
  /** `viol_…`, in the order of the acts. */
  readonly id: string;
  /** The source's own id. */
  readonly reportId: string;
  readonly category: ViolationCategory;
  readonly severity: Severity;
  readonly evidence: string;
  readonly source: string;
  /** When it was done, and when it was recorded, ISO 8601. */
  readonly at: string;
  readonly recordedAt: string;
}

/** Of what was seen, as much as is kept. */
const LONGEST_EVIDENCE = 1_000;
const DAY_MS = 24 * 3600_000;

export function violationOf(report: ViolationReport, now: number, random: Random): Violation {
  const { category, severity, evidence, source, violationId: reportId } = report;
  // A clock that is ahead makes nothing last longer.
  const at = Math.min(report.at ?? now, now);
  const { rectifyDays }: { readonly rectifyDays: number | null } = VIOLATIONS[category];
  return {
    ...pointsFor(category, severity, at),
    id: prefixedId('viol', at, random),
    reportId,
    category,
    severity,
    evidence: evidence.slice(0, LONGEST_EVIDENCE),
    source,
    at: new Date(at).toISOString(),
    recordedAt: new Date(now).toISOString(),
    state: 'in_force',
    // From when it is told, not from when it was done.
    ...(rectifyDays !== null && { rectifyBy: new Date(now + rectifyDays * DAY_MS).toISOString() }),
  };
}

/** From so many points on, an e-mail tells of a violation that leads to no other step. */
const NOTIFIED_FROM = 10;

/** The e-mail about a violation; undefined where it is too slight for one. */
export function violationMail(
  { points, rectifyBy }: Pick<Violation, 'points' | 'rectifyBy'>,
  before: StandingStep,
  after: StandingStep,
): TemplateName | undefined {
  if (rankOf(after) > rankOf(before)) return templateOf(after);
  return points >= NOTIFIED_FROM || rectifyBy !== undefined ? 'violation' : undefined;
}

function templateOf(step: StandingStep): TemplateName {
  return step === 'good' ? 'standing_lifted' : step;
}

/** What the e-mails about a standing say of it. */
export function mailFields({ step, untilMs }: Standing, { rectifyBy }: { readonly rectifyBy?: string | undefined }) {
  return {
    step,
    until: untilMs === undefined ? 'until it is lifted' : `until ${new Date(untilMs).toISOString().slice(0, 10)}`,
    rectify:
      rectifyBy === undefined
        ? ''
        : `Mend it by ${rectifyBy.slice(0, 10)}: the next step follows by itself where that is not noted by then.\n\n`,
  };
}
