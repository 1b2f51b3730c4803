/**
 * A decision about a standing as writes of one transaction: the state, what follows from it on the account's item, the audit
 * event, the e-mail that tells the account, and the event of the outbox by which it is sent.
 */
import type { Account } from '../accounts/account.ts';
import type { TemplateName } from '../accounts/email-templates.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { type Actor, type AuditDetails, auditEvent } from '../audit/event.ts';
import type { AccountEventType } from '../catalogue/account-events.ts';
import { accountEventWrite } from '../data/outbox.ts';
import type { NamedWrites } from '../data/transaction.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { type StandingState, standingOf } from './ladder.ts';
import { stateWrites } from './standing-store.ts';
import { mailFields } from './violation.ts';

export interface EnforcementDependencies {
  readonly tables: { readonly core: string; readonly jobs: string; readonly audit: string };
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

export interface StandingChange {
  readonly account: Account;
  readonly before: StandingState;
  /** The same as before where only a finding changes. */
  readonly after: StandingState;
  readonly actor: Actor;
  readonly details: Omit<AuditDetails, 'accountId'>;
  readonly mail?: {
    readonly template: TemplateName;
    readonly reason: string;
    readonly rectifyBy?: string | undefined;
    readonly points?: number;
  };
  readonly type?: AccountEventType;
  /** Epoch ms. */
  readonly at: number;
}

export function changeWrites(
  { tables, random }: EnforcementDependencies,
  { account, before, after, actor, details, mail, type = 'account.standing_changed', at }: StandingChange,
): NamedWrites {
  const { accountId } = account;
  const steps = { before: standingOf(before, at).step, after: standingOf(after, at).step };
  const event = auditEvent(
    actor,
    { accountId, ...details, detail: { ...details.detail, ...steps } },
    { now: at, random },
  );
  const mailId = prefixedId('mail', at, random);
  const outbox = {
    ...steps,
    ...(details.subject !== undefined && { subject: details.subject }),
    ...(mail && { mailId }),
    // Whoever ends the service says why.
    ...(type === 'account.termination_ordered' && { reason: details.reason ?? '' }),
  };
  return {
    ...(after !== before && stateWrites(tables.core, account, before, after, at)),
    audit: auditWrite(tables.audit, event),
    ...(mail && {
      mail: mailWrite(tables.core, accountId, {
        mailId,
        template: mail.template,
        fields: {
          ...mailFields(standingOf(after, at), mail),
          reason: mail.reason,
          ...(mail.points !== undefined && { points: mail.points }),
        },
        createdAt: new Date(at).toISOString(),
      }),
    }),
    event: accountEventWrite(tables.jobs, { type, accountId, at, detail: outbox }, random),
  };
}
