/**
 * Records a violation: the one way in which anything that watches an account adds to its points. What follows is decided in
 * the same transaction, so that the next admission reads it; the e-mail about it is sent from the outbox.
 */
import { findAccount } from '../accounts/accounts-store.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { type Actor, auditEvent } from '../audit/event.ts';
import { type StandingStep, VIOLATIONS } from '../catalogue/standing.ts';
import { accountEventWrite } from '../data/outbox.ts';
import { RETRY, transact } from '../data/transaction.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { addViolation, standingOf } from './ladder.ts';
import { rectificationWrite } from './rectification-store.ts';
import { findState, stateWrites, violationWrites } from './standing-store.ts';
import { mailFields, type ViolationReport, violationMail, violationOf } from './violation.ts';

export interface EnforcementDependencies {
  readonly tables: { readonly core: string; readonly jobs: string; readonly audit: string };
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

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
  { tables, now, random }: EnforcementDependencies,
  report: ViolationReport,
  actor: Actor = { kind: 'platform', id: report.source },
): Promise<ViolationOutcome> {
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
    const [before, after] = [standingOf(state, at), standingOf(next, at)];
    const { violationId, category, severity, points, evidence, rectifyBy } = violation;
    const template = violationMail(violation, before.step, after.step);
    const mail = template && {
      mailId: prefixedId('mail', at, random),
      template,
      fields: { ...mailFields(after, violation), points, reason: `${VIOLATIONS[category].title}: ${evidence}` },
      createdAt: new Date(at).toISOString(),
    };
    const detail = { category, severity, points, before: before.step, after: after.step };
    const event = auditEvent(
      actor,
      { accountId, action: 'standing.violation_recorded', subject: violationId, reason: evidence, detail },
      { now: at, random },
    );
    return {
      result: { kind: 'recorded', violationId, before: before.step, after: after.step },
      writes: {
        ...violationWrites(tables.core, accountId, violation),
        ...stateWrites(tables.core, account, state, next, at),
        ...(rectifyBy !== undefined && {
          due: rectificationWrite(tables.core, { accountId, subject: violationId, by: rectifyBy }),
        }),
        audit: auditWrite(tables.audit, event),
        ...(mail && { mail: mailWrite(tables.core, accountId, mail) }),
        event: accountEventWrite(
          tables.jobs,
          {
            type: 'account.violation_recorded',
            accountId,
            at,
            detail: { ...detail, violationId, ...(mail && { mailId: mail.mailId }) },
          },
          random,
        ),
      },
      refused: ({ report: reported }) =>
        reported ? { kind: 'repeated', violationId: String(reported.violationId) } : RETRY,
    };
  });
}
