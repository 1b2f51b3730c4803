/**
 * An operator's decisions about accounts: approval or refusal of a submission, freezing, unfreezing and closing, and the
 * correction of an authorisation. Each is stored with the e-mail that tells of it. A decision that is sent again is the same
 * decision; one that differs in any member is refused.
 */
import type { z } from 'zod';
import { type Account, type CommercialUse, statusChange } from '../accounts/account.ts';
import {
  type AccountDependencies,
  type ChangeContext,
  changeAccount,
  changeBy,
} from '../accounts/account-changes-store.ts';
import { knownAccount } from '../accounts/accounts-store.ts';
import type { TemplateName } from '../accounts/email-templates.ts';
import { createGatewayKey } from '../accounts/gateway-keys-client.ts';
import { deliverMail } from '../accounts/mail-command.ts';
import { type AccountMail, mailWrite } from '../accounts/mails-store.ts';
import { STATUS_ACTIONS } from '../catalogue/account-status.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { refuseRegion } from '../catalogue/regions.ts';
import type { Caller } from '../http/caller.ts';
import { prefixedId } from '../runtime/ids.ts';
import type * as contract from './operators-contract.ts';
import {
  type Decision,
  OPENING_CREDITS,
  refuseCorrection,
  refuseDecision,
  refuseStatusAction,
  type Submission,
} from './qualification.ts';
import { findSubmission, putChangeDecision, putDecision } from './submissions-store.ts';

export interface DecisionDependencies extends AccountDependencies {
  readonly ledgerTable: string;
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
  /** Countries that the stage does not serve besides those of the policy, ISO 3166-1 alpha-2. */
  readonly refusedRegions: readonly string[];
  /** What the names of the usage plans begin with. */
  readonly usagePlans: string;
}

/** The account after it. */
export async function decideQualification(
  dependencies: DecisionDependencies,
  caller: Caller,
  requested: z.output<typeof contract.decideQualification.input>,
): Promise<Account> {
  const { id, submission: version, decision: outcome, reason, commercial_authorisation: commercial } = requested;
  const { core } = dependencies.tables;
  const evaluate = (current: Account, submission: Submission | undefined) =>
    refuseDecision(current, submission, { version, outcome, reason, commercial });
  const account = await knownAccount(core, id);
  const submission = await findSubmission(core, id, version);
  const refusal = evaluate(account, submission);
  if (refusal === 'repeated') return notified(dependencies, id, submission?.decision?.mailId);
  const { country } = account;
  // One that an operator opened says of no country that it is of.
  const isOfRegion = outcome === 'approve' && country !== undefined;
  const notServed = isOfRegion ? refuseRegion(country, dependencies.refusedRegions) : undefined;
  if (refusal ?? notServed) throw refusal ?? notServed;
  const context = changeBy(caller, dependencies);
  // Of a change, what was authorised stays where nothing is said of it.
  const before = submission?.isChange === true && account.commercialUse?.authorised === true;
  const authorised = commercial ?? before;
  const template = submission?.isChange ? CHANGE_TEMPLATES[outcome] : outcome;
  const mail = mailOf(context, template, { reason, credits: OPENING_CREDITS, commercial: wordsOf(authorised) });
  const decision: Decision = {
    outcome,
    reason,
    commercialAuthorisation: authorised,
    ...(commercial === undefined && { isCommercialLeftOut: true }),
    decidedAt: mail.createdAt,
    decidedBy: caller.id,
    mailId: mail.mailId,
  };
  const isDone = submission?.isChange
    ? await putChangeDecision(context, account, { submission, decision, mail })
    : await decideApplication(dependencies, context, { account, version, decision, mail });
  if (isDone) return notified(dependencies, id, mail.mailId);
  const now = await findSubmission(core, id, version);
  const meaning = evaluate(await knownAccount(core, id), now);
  if (meaning === 'repeated') return notified(dependencies, id, now?.decision?.mailId);
  throw meaning ?? new Refusal('wrong_state', `submission ${version} was decided at this moment; read it again`);
}

/** What the owner is told of a change of approved facts. */
const CHANGE_TEMPLATES = {
  approve: 'change_approved',
  ask_for_more: 'change_refused',
  refuse: 'change_refused',
} as const satisfies Record<Decision['outcome'], TemplateName>;

const wordsOf = (authorised: boolean): string => (authorised ? 'authorised' : 'not authorised');

function mailOf(
  { now, random }: ChangeContext,
  template: TemplateName,
  fields: NonNullable<AccountMail['fields']>,
): AccountMail {
  return { mailId: prefixedId('mail', now, random), template, fields, createdAt: new Date(now).toISOString() };
}

async function decideApplication(
  dependencies: DecisionDependencies,
  context: ChangeContext,
  decided: { account: Account; version: number; decision: Decision; mail: AccountMail },
): Promise<boolean> {
  const gatewayKey = await gatewayKeyFor(dependencies, decided.account, decided.decision.outcome);
  return putDecision(context, dependencies.ledgerTable, { ...decided, ...(gatewayKey && { gatewayKey }) });
}

/**
 * What API Gateway counts an approved account by. It is made before the transaction: if that is refused, a key is left that
 * counts nothing for nobody, and no account without one.
 */
async function gatewayKeyFor(
  { usagePlans, random }: DecisionDependencies,
  { accountId, plan, gatewayKeyId }: Account,
  outcome: Decision['outcome'],
) {
  if (outcome !== 'approve' || gatewayKeyId !== undefined) return undefined;
  return createGatewayKey(accountId, usagePlans, plan, random);
}

/** The account after it. */
export async function changeAccountStatus(
  dependencies: DecisionDependencies,
  caller: Caller,
  { id, action, reason }: z.output<typeof contract.changeAccountStatus.input>,
): Promise<Account> {
  const { core } = dependencies.tables;
  const { to } = STATUS_ACTIONS[action];
  const account = await knownAccount(core, id);
  const refusal = refuseStatusAction(account, { action, reason });
  if (refusal === 'repeated') return notified(dependencies, id, account.statusDecision?.mailId);
  if (refusal) throw refusal;
  const { status } = account;
  const context = changeBy(caller, dependencies);
  const mail = mailOf(context, action, { reason });
  const { set, where } = statusChange(to, mail.createdAt, { from: [status], reason });
  const change = { set: { ...set, statusDecision: { action, mailId: mail.mailId } }, where };
  const details = { action: 'account.status_changed', reason, detail: { before: status, after: to } } as const;
  const isDone = await changeAccount(context, id, change, details, { mail: mailWrite(core, id, mail) });
  if (isDone) return notified(dependencies, id, mail.mailId);
  const now = await knownAccount(core, id);
  const meaning = refuseStatusAction(now, { action, reason });
  if (meaning === 'repeated') return notified(dependencies, id, now.statusDecision?.mailId);
  throw meaning ?? new Refusal('wrong_state', 'the status was changed at this moment; read the account again');
}

/** Corrects what was decided about commercial use; the account after it. */
export async function correctCommercialUse(
  dependencies: DecisionDependencies,
  caller: Caller,
  { id, authorised, reason }: z.output<typeof contract.correctCommercialUse.input>,
): Promise<Account> {
  const { core } = dependencies.tables;
  const account = await knownAccount(core, id);
  const refusal = refuseCorrection(account, { authorised, reason });
  if (refusal === 'repeated') return notified(dependencies, id, account.commercialUse?.mailId);
  if (refusal) throw refusal;
  const context = changeBy(caller, dependencies);
  const mail = mailOf(context, 'commercial_use', { reason, commercial: wordsOf(authorised) });
  const commercialUse: CommercialUse = { authorised, decidedAt: mail.createdAt, reason, mailId: mail.mailId };
  const { status, commercialUse: before } = account;
  const change = { set: { commercialUse }, where: { status, commercialUse: before } };
  const detail = { before: before?.authorised ?? false, after: authorised };
  const details = { action: 'account.commercial_use_corrected', subject: id, reason, detail } as const;
  const isDone = await changeAccount(context, id, change, details, { mail: mailWrite(core, id, mail) });
  if (isDone) return notified(dependencies, id, mail.mailId);
  const now = await knownAccount(core, id);
  const meaning = refuseCorrection(now, { authorised, reason });
  if (meaning === 'repeated') return notified(dependencies, id, now.commercialUse?.mailId);
  throw meaning ?? new Refusal('wrong_state', 'the account was changed at this moment; read it again');
}

/** Sends the account's people the e-mail about it, where it was not sent, and returns the account as it is now. */
async function notified(
  dependencies: DecisionDependencies,
  accountId: string,
  mailId: string | undefined,
): Promise<Account> {
  const account = await knownAccount(dependencies.tables.core, accountId);
  if (mailId !== undefined) await deliverMail(dependencies, account, mailId);
  return account;
}
