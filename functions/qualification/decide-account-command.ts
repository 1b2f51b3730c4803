/** An operator's decisions about accounts: approval or refusal of a submission, and freezing, unfreezing and closing. */
import type { z } from 'zod';
import { type Account, provenAddress, statusChange } from '../accounts/account.ts';
import {
  type AccountDependencies,
  type ChangeContext,
  changeAccount,
  changeBy,
} from '../accounts/account-changes-store.ts';
import { knownAccount } from '../accounts/accounts-store.ts';
import { emailOf, type TemplateName } from '../accounts/email-templates.ts';
import { createGatewayKey } from '../accounts/gateway-keys-client.ts';
import { STATUS_ACTIONS } from '../catalogue/account-status.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { refuseRegion } from '../catalogue/regions.ts';
import type { Caller } from '../http/caller.ts';
import { sendMail } from '../runtime/mail.ts';
import type * as contract from './operators-contract.ts';
import {
  type Decision,
  OPENING_CREDITS,
  refuseDecision,
  refuseStatusAction,
  type Submission,
} from './qualification.ts';
import { findSubmission, putChangeDecision, putDecision } from './submissions-store.ts';

export interface DecisionDependencies extends AccountDependencies {
  readonly ledgerTable: string;
  readonly mailFrom: string;
  /** Countries that the stage does not serve besides those of the policy, ISO 3166-1 alpha-2. */
  readonly refusedRegions: readonly string[];
  /** What the names of the usage plans begin with. */
  readonly usagePlans: string;
}

/** The account after it. A decision that is sent again changes nothing, and its e-mail may be sent again. */
export async function decideQualification(
  dependencies: DecisionDependencies,
  caller: Caller,
  requested: z.output<typeof contract.decideQualification.input>,
): Promise<Account> {
  const { id, submission: version, decision: outcome, reason, commercial_authorisation: authorised } = requested;
  const { core } = dependencies.tables;
  const evaluate = (current: Account, submission: Submission | undefined) =>
    refuseDecision(current, submission, { version, outcome, reason });
  const account = await knownAccount(core, id);
  const submission = await findSubmission(core, id, version);
  // Of a change, what was authorised stays where nothing is said of it.
  const before = submission?.isChange === true && account.commercialUse?.authorised === true;
  const commercial = authorised ?? before;
  const fields = { reason, credits: OPENING_CREDITS, commercial: commercial ? 'authorised' : 'not authorised' };
  const template = submission?.isChange ? CHANGE_TEMPLATES[outcome] : outcome;
  const refusal = evaluate(account, submission);
  if (refusal === 'repeated') return notified(dependencies, id, template, fields);
  const notServed =
    outcome === 'approve' ? refuseRegion(account.country ?? '', dependencies.refusedRegions) : undefined;
  if (refusal ?? notServed) throw refusal ?? notServed;
  const context = changeBy(caller, dependencies);
  const decision: Decision = {
    outcome,
    reason,
    commercialAuthorisation: commercial,
    decidedAt: new Date(context.now).toISOString(),
    decidedBy: caller.id,
  };
  const isDone = submission?.isChange
    ? await putChangeDecision(context, account, submission, decision)
    : await decideApplication(dependencies, context, { account, version, decision });
  if (!isDone && evaluate(await knownAccount(core, id), await findSubmission(core, id, version)) !== 'repeated') {
    throw new Refusal('wrong_state', `submission ${version} was decided at this moment; read it again`);
  }
  return notified(dependencies, id, template, fields);
}

/** What the owner is told of a change of approved facts. */
const CHANGE_TEMPLATES = {
  approve: 'change_approved',
  ask_for_more: 'change_refused',
  refuse: 'change_refused',
} as const satisfies Record<Decision['outcome'], TemplateName>;

async function decideApplication(
  dependencies: DecisionDependencies,
  context: ChangeContext,
  { account, version, decision }: { account: Account; version: number; decision: Decision },
): Promise<boolean> {
  const gatewayKey = await gatewayKeyFor(dependencies, account, decision.outcome);
  const decided = { account, version, decision, ...(gatewayKey && { gatewayKey }) };
  return putDecision(context, dependencies.ledgerTable, decided);
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

/** The account after it. A change that is sent again changes nothing, and its e-mail may be sent again. */
export async function changeAccountStatus(
  dependencies: DecisionDependencies,
  caller: Caller,
  { id, action, reason }: z.output<typeof contract.changeAccountStatus.input>,
): Promise<Account> {
  const account = await knownAccount(dependencies.tables.core, id);
  const { status } = account;
  const { to } = STATUS_ACTIONS[action];
  if (status === to && account.statusReason === reason) return notified(dependencies, id, action, { reason });
  const refusal = refuseStatusAction(status, action);
  if (refusal) throw refusal;
  const context = changeBy(caller, dependencies);
  const change = statusChange(to, new Date(context.now).toISOString(), { from: [status], reason });
  const details = { action: 'account.status_changed', reason, detail: { before: status, after: to } } as const;
  const isDone = await changeAccount(context, id, change, details);
  if (!isDone) throw new Refusal('wrong_state', 'the status was changed at this moment; read the account again');
  return notified(dependencies, id, action, { reason });
}

/** Sends the account's people an e-mail about it, and returns the account as it is now. */
async function notified(
  { tables, mailFrom }: DecisionDependencies,
  accountId: string,
  template: TemplateName,
  fields: Readonly<Record<string, string | number>>,
): Promise<Account> {
  const account = await knownAccount(tables.core, accountId);
  const { name } = account;
  const email = provenAddress(account);
  if (email !== undefined) await sendMail(mailFrom, email, emailOf(template, { name, ...fields }));
  return account;
}
