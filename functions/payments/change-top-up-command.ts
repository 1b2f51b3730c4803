/**
 * What every step of auto top-up is done with: the account's one item, changed as it was read or not at all, with what is
 * recorded and told of it.
 */
import { findAccount } from '../accounts/accounts-store.ts';
import type { TemplateName } from '../accounts/email-templates.ts';
import { deliverMail, type MailDependencies } from '../accounts/mail-command.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { type AuditDetails, auditEvent } from '../audit/event.ts';
import type { TransactWrite } from '../data/table.ts';
import { type NamedWrites, transact } from '../data/transaction.ts';
import type { AutoTopUp, OpenTopUp } from './auto-top-up.ts';
import { autoTopUpWrites, findAutoTopUp } from './auto-top-up-store.ts';
import type { Pricing } from './price.ts';
import type { Purchase } from './purchase.ts';
import type { Charge, ChargeRequest } from './stripe-charges-client.ts';

/** What is done at the payment provider; all of it may be called again. */
export interface Charging {
  readonly charge: (request: ChargeRequest) => Promise<Charge>;
  readonly closeCharge: (payment: string) => Promise<Charge>;
  readonly openPage: (page: {
    purchase: Purchase;
    attempt: number;
    customerId: string | undefined;
  }) => Promise<NonNullable<OpenTopUp['page']>>;
  /** Whether nothing was paid there and nothing can be any more. */
  readonly closePage: (sessionId: string) => Promise<boolean>;
  readonly forgetMethods: (methods: readonly string[]) => Promise<void>;
}

export interface TopUpDependencies extends MailDependencies {
  readonly tables: { readonly core: string; readonly ledger: string; readonly audit: string };
  readonly pricing: Pricing;
  /** Throws a Refusal where payments are not set up. */
  readonly charging: () => Promise<Charging>;
}

interface Change<Result> {
  readonly result: Result;
  readonly after?: AutoTopUp;
  readonly writes?: NamedWrites;
}

/** Reads the account's auto top-up, decides, and writes what it is then; where others were first, again. */
export function changeTopUp<Result>(
  { tables }: TopUpDependencies,
  accountId: string,
  decide: (state: AutoTopUp) => Promise<Change<Result>> | Change<Result>,
): Promise<Result> {
  return transact<Result>(async () => {
    const state = await findAutoTopUp(tables.core, accountId);
    const { result, after, writes } = await decide(state);
    if (!after) return { result };
    return { result, writes: { ...writes, ...autoTopUpWrites(tables.core, after, { before: state }) } };
  });
}

export async function deliver(dependencies: TopUpDependencies, { accountId, mailId }: AutoTopUp): Promise<void> {
  const account = await findAccount(dependencies.tables.core, accountId);
  if (account && mailId !== undefined) await deliverMail(dependencies, account, mailId);
}

export function eventWrite({ tables, random }: TopUpDependencies, details: AuditDetails, now: number): TransactWrite {
  return auditWrite(tables.audit, auditEvent({ kind: 'platform', id: 'auto-top-up' }, details, { now, random }));
}

export function mailOf(
  { tables }: TopUpDependencies,
  accountId: string,
  mail: { mailId: string; template: TemplateName; fields: Record<string, string | number> },
  at: number,
): TransactWrite {
  return mailWrite(tables.core, accountId, { ...mail, createdAt: new Date(at).toISOString() });
}
