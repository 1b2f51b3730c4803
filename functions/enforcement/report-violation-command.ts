/**
 * Records a violation: the one way in which anything that watches an account adds to its points. What follows is decided in
 * the same transaction, so that the next admission reads it; the e-mail about it is sent from the outbox.
 */
import { findAccount } from '../accounts/accounts-store.ts';
import type { Actor } from '../audit/event.ts';
import { type StandingStep, VIOLATIONS } from '../catalogue/standing.ts';
import { RETRY, transact } from '../data/transaction.ts';
import { changeWrites, type EnforcementDependencies } from './decision-store.ts';
import { addViolation, standingOf } from './ladder.ts';
import { rectificationWrite } from './rectification-store.ts';
import { findState, violationWrites } from './standing-store.ts';
import { type ViolationReport, violationMail, violationOf } from './violation.ts';

export type ViolationOutcome =
  | {
      readonly kind: 'recorded';
      /** `viol_…`. */
      readonly violationId: string;
      readonly before: StandingStep;
      readonly after: StandingStep;
    }
  /** The act was reported before, and counts once. */
  | { readonly kind: 'repeated'; readonly violationId: string }
  | { readonly kind: 'no_account' };

export function reportViolation(
  dependencies: EnforcementDependencies,
  report: ViolationReport,
  actor: Actor = { kind: 'platform', id: report.source },
): Promise<ViolationOutcome> {
  const { tables, now, random } = dependencies;
  const { accountId } = report;
  return transact<ViolationOutcome>(async () => {
    const [state, account] = await Promise.all([
      findState(tables.core, accountId),
      findAccount(tables.core, accountId),
    ]);
    if (!account) return { result: { kind: 'no_account' } };
    const at = now();
    const violation = violationOf(report, at, random);
    const next = addViolation(state, violation, at);
    const [before, after] = [standingOf(state, at).step, standingOf(next, at).step];
    const { id, category, severity, points, evidence, rectifyBy } = violation;
    const template = violationMail(violation, before, after);
    const reason = `${VIOLATIONS[category].title}: ${evidence}`;
    return {
      result: { kind: 'recorded', violationId: id, before, after },
      writes: {
        ...violationWrites(tables.core, accountId, violation),
        ...(rectifyBy !== undefined && {
          due: rectificationWrite(tables.core, { accountId, subject: id, by: rectifyBy }),
        }),
        ...changeWrites(dependencies, {
          account,
          before: state,
          after: next,
          actor,
          details: {
            action: 'standing.violation_recorded',
            subject: id,
            reason: evidence,
            detail: { category, severity, points },
          },
          ...(template && { mail: { template, reason, rectifyBy, points } }),
          type: 'account.violation_recorded',
          at,
        }),
      },
      refused: ({ report: reported }) =>
        reported ? { kind: 'repeated', violationId: String(reported.violationId) } : RETRY,
    };
  });
}
