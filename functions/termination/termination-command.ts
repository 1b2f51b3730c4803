/**
 * How a termination begins, is decided and is withdrawn. What is sent again is the same: whoever repeats a call is answered
 * as things stand. What the platform does by itself from then on is in advance-command.ts.
 */
import { type Account, provenAddress } from '../accounts/account.ts';
import type { AccountDependencies } from '../accounts/account-changes-store.ts';
import { knownAccount, ownAccount } from '../accounts/accounts-store.ts';
import type { TemplateName } from '../accounts/email-templates.ts';
import { createGatewayKey } from '../accounts/gateway-keys-client.ts';
import { deliverMail } from '../accounts/mail-command.ts';
import type { AccountMail } from '../accounts/mails-store.ts';
import { type Actor, type AuditDetails, actorOf, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { isOver, TERMINATION_CAUSES, type TerminationCause } from '../catalogue/terminations.ts';
import { busy } from '../data/contention.ts';
import { accountKey } from '../data/item-keys.ts';
import type { TransactWrite } from '../data/table.ts';
import type { Caller } from '../http/caller.ts';
import { prefixedId } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import {
  assertMove,
  closed,
  decided,
  type Move,
  refuseSecond,
  refuseStale,
  refuseWithdrawal,
  type Termination,
} from './termination.ts';
import { beginWrite, commitMove, findTermination, moveWrite, statusWrite } from './terminations-store.ts';

export interface TerminationDependencies extends AccountDependencies {
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
}

const iso = (moment: number): string => new Date(moment).toISOString();

/** Its people ask for the end of their account; an operator decides. */
export async function requestTermination(
  dependencies: TerminationDependencies,
  caller: Caller,
  reason: string | undefined,
): Promise<Termination> {
  const now = dependencies.now();
  refuseStale(caller, now);
  const account = await ownAccount(dependencies.tables.core, caller.accountId);
  const before = await findTermination(dependencies.tables.core, account.accountId);
  // Sent again it is the same.
  if (before?.state === 'requested') return before;
  refuseSecond(before);
  const termination = begun(dependencies, account, {
    cause: 'user_request',
    state: 'requested',
    by: caller.id,
    reason,
  });
  return begin(dependencies, { account, before, termination }, actorOf(caller), 'termination_requested');
}

/** The account's people take it back, before anything is deleted; the account is again what it was. */
export async function withdrawTermination(
  dependencies: TerminationDependencies & { readonly usagePlans: string },
  caller: Caller,
): Promise<Termination> {
  const { tables, now, random, usagePlans } = dependencies;
  const account = await ownAccount(tables.core, caller.accountId);
  const termination = await ownTermination(tables.core, account.accountId);
  if (termination.state === 'withdrawn') return termination;
  refuseWithdrawal(termination);
  const { accountId, statusBefore } = { ...account, ...termination };
  // Its key at API Gateway went with the end of calls.
  const needsKey = statusBefore === 'active' && account.gatewayKeyId === undefined;
  const gatewayKey = needsKey ? await createGatewayKey(accountId, usagePlans, account.plan, random) : undefined;
  const at = now();
  const move: Move = { state: 'withdrawn', dueAt: iso(at), exportUntil: undefined, closedAt: undefined };
  const was = statusBefore && {
    account: restored(tables.core, account, { to: statusBefore, at: iso(at), gatewayKey }),
  };
  const details = { accountId, action: 'termination.withdrawn', subject: termination.terminationId } as const;
  return moved(dependencies, termination, {
    move,
    others: was ?? {},
    details,
    actor: actorOf(caller),
    account,
    template: 'termination_withdrawn',
  });
}

/** An operator approves or refuses what an account asked for. */
export async function decideTermination(
  dependencies: TerminationDependencies,
  caller: Caller,
  { id, decision, reason }: { id: string; decision: 'approve' | 'refuse'; reason: string },
): Promise<Termination> {
  const { core } = dependencies.tables;
  const account = await knownAccount(core, id);
  const termination = await ownTermination(core, id);
  const at = dependencies.now();
  if (termination.state !== 'requested') {
    const isSame = termination.decidedBy === caller.id && termination.cause === 'user_request';
    const isRefused = termination.state === 'refused';
    if (isSame && isRefused === (decision === 'refuse')) return termination;
    throw new Refusal('wrong_state', 'nothing waits for a decision: no request of the account is open');
  }
  const said = { decidedBy: caller.id, decidedAt: iso(at) };
  const details = {
    accountId: id,
    action: 'termination.decided',
    subject: termination.terminationId,
    reason,
    detail: { decision },
  } as const;
  if (decision === 'refuse') {
    const move: Move = { state: 'refused', dueAt: iso(at), ...said };
    return moved(dependencies, termination, {
      move,
      details,
      actor: actorOf(caller),
      account,
      template: 'termination_refused',
      reason,
    });
  }
  return end(
    dependencies,
    { account, termination, move: { ...decided(termination.cause, at), ...said } },
    { details, actor: actorOf(caller), reason },
  );
}

interface Order {
  readonly id: string;
  readonly cause: Exclude<TerminationCause, 'user_request'>;
  readonly reason: string;
  readonly closesAt?: string | undefined;
}

/** An operator orders the end of an account; it is done once another orders the same. */
export async function orderTermination(
  dependencies: TerminationDependencies,
  caller: Caller,
  order: Order,
): Promise<Termination> {
  const { core } = dependencies.tables;
  const { id, cause, reason } = order;
  const account = await knownAccount(core, id);
  const before = await findTermination(core, id);
  const isProposed = before?.state === 'proposed' && before.cause === cause && before.reason === reason;
  if (isProposed && before.requestedBy === caller.id) return before;
  if (isProposed) {
    const at = dependencies.now();
    const said = { decidedBy: caller.id, decidedAt: iso(at) };
    const details = {
      accountId: id,
      action: 'termination.decided',
      subject: before.terminationId,
      reason,
      detail: { cause },
    } as const;
    const move = { ...decided(cause, at, order.closesAt), ...said };
    return end(dependencies, { account, termination: before, move }, { details, actor: actorOf(caller), reason });
  }
  const isDone = before !== undefined && !isOver(before.state) && before.cause === cause && before.reason === reason;
  if (isDone) return before;
  // Another proposal takes the place of one that nobody has joined: its first person is asked again.
  if (before?.state !== 'proposed') refuseSecond(before);
  const termination = begun(dependencies, account, { cause, state: 'proposed', by: caller.id, reason });
  return begin(dependencies, { account, before, termination }, actorOf(caller));
}

/**
 * Ends an account by a decision that was made elsewhere, by as many people as it needs: of the ladder of standing, or of the
 * end of the service. One that asks for its end itself, or has it ordered already, goes the way that it is on; a request that
 * waits gives way. Undefined where there is no account.
 */
export async function endByDecision(
  dependencies: TerminationDependencies,
  { accountId, cause, reason, closesAt, actor }: Omit<Order, 'id'> & { accountId: string; actor: Actor },
): Promise<Termination | undefined> {
  const { core } = dependencies.tables;
  const account = await knownAccount(core, accountId).catch(error => {
    if (error instanceof Refusal && error.kind === 'not_found') return undefined;
    throw error;
  });
  if (!account) return undefined;
  const before = await findTermination(core, accountId);
  const waits = before?.state === 'requested' || before?.state === 'proposed';
  if (before && !isOver(before.state) && !waits) return before;
  const at = dependencies.now();
  const termination = begun(dependencies, account, { cause, state: 'proposed', by: actor.id, reason });
  const proposed = await begin(dependencies, { account, before, termination }, actor);
  const details = {
    accountId,
    action: 'termination.decided',
    subject: proposed.terminationId,
    reason,
    detail: { cause },
  } as const;
  const move = { ...decided(cause, at, closesAt), decidedBy: actor.id, decidedAt: iso(at) };
  return end(dependencies, { account, termination: proposed, move }, { details, actor, reason });
}

/** Throws a Refusal where none was ever begun. */
export async function ownTermination(table: string, accountId: string): Promise<Termination> {
  const termination = await findTermination(table, accountId);
  if (termination) return termination;
  throw new Refusal('not_found', 'no end of this account was asked for: POST /v1/account/termination does');
}

function begun(
  { now, random }: TerminationDependencies,
  { accountId }: Account,
  { cause, state, by, reason }: Pick<Termination, 'cause' | 'state'> & { by: string; reason: string | undefined },
): Termination {
  const at = now();
  return {
    terminationId: prefixedId('term', at, random),
    accountId,
    cause,
    state,
    ...(reason !== undefined && { reason }),
    requestedBy: by,
    requestedAt: iso(at),
    dueAt: iso(at),
    revision: 0,
    holdsRevision: 0,
    rows: {},
  };
}

async function begin(
  dependencies: TerminationDependencies,
  { account, before, termination }: { account: Account; before: Termination | undefined; termination: Termination },
  actor: Actor,
  template?: TemplateName,
): Promise<Termination> {
  const { tables, now, random } = dependencies;
  const { accountId, terminationId, cause, state, reason } = termination;
  const mail = template && mailOf(dependencies, template, {});
  const whole = { ...termination, ...(mail && { mailId: mail.mailId }) };
  const action = state === 'requested' ? 'termination.requested' : 'termination.proposed';
  const details = {
    accountId,
    action,
    subject: terminationId,
    ...(reason !== undefined && { reason }),
    detail: { cause },
  } as const;
  const event = auditEvent(actor, details, { now: now(), random });
  const check = {
    ConditionCheck: { TableName: tables.core, Key: accountKey(accountId), ConditionExpression: 'attribute_exists(pk)' },
  };
  const isDone = await commitMove(
    tables,
    { account: check, termination: beginWrite(tables.core, whole, before) },
    { accountId, event, mail },
  );
  if (!isDone) throw busy();
  await notify(dependencies, account, mail?.mailId);
  return whole;
}

/** A decision: the account's status changes with it where calls end at once. */
async function end(
  dependencies: TerminationDependencies,
  { account, termination, move }: { account: Account; termination: Termination; move: Move },
  said: { details: AuditDetails; actor: Actor; reason: string },
): Promise<Termination> {
  const template = move.state === 'closing' ? 'termination_closing' : 'termination_approved';
  return moved(dependencies, termination, {
    move: closingMove(account, move),
    others: closingWrites(dependencies, account, move),
    account,
    template,
    ...said,
  });
}

/** What the account was is kept, so that it can be that again. */
function closingMove({ status }: Account, move: Move): Move {
  return move.state === 'closing' && status !== 'terminating' ? { ...move, statusBefore: status } : move;
}

function closingWrites(
  { tables }: TerminationDependencies,
  { accountId, status }: Account,
  { state, dueAt = '' }: Move,
) {
  if (state !== 'closing' || status === 'terminating') return {};
  return { account: statusWrite(tables.core, accountId, { from: status, to: 'terminating', at: dueAt }) };
}

/** Calls of an account end whose day has come. */
export async function closeNow(
  dependencies: TerminationDependencies,
  account: Account,
  termination: Termination,
): Promise<Termination> {
  const move = closed(termination.cause, dependencies.now());
  const { accountId, terminationId, cause, reason = '' } = termination;
  const details = {
    accountId,
    action: 'termination.moved',
    subject: terminationId,
    detail: { to: 'closing', cause },
  } as const;
  return end(dependencies, { account, termination, move }, { details, actor: PLATFORM, reason });
}

export const PLATFORM: Actor = { kind: 'platform', id: 'termination' };

interface Moving {
  readonly move: Move;
  readonly others?: Readonly<Record<string, TransactWrite>>;
  readonly details: AuditDetails;
  readonly actor: Actor;
  readonly account?: Account | undefined;
  readonly template?: TemplateName;
  readonly reason?: string;
}

/** Commits a move with what belongs to it, and tells the owner; throws a Refusal `busy` where something has changed meanwhile. */
export async function moved(
  dependencies: TerminationDependencies,
  termination: Termination,
  moving: Moving,
): Promise<Termination> {
  const { tables, now, random } = dependencies;
  const { move, others = {}, details, actor, account, template, reason = termination.reason ?? '' } = moving;
  assertMove(termination, move.state);
  const { cause } = termination;
  const fields = {
    reason,
    cause: TERMINATION_CAUSES[cause].description,
    closes: (move.closesAt ?? '').slice(0, 16).replace('T', ' '),
    until: (move.exportUntil ?? '').slice(0, 16).replace('T', ' '),
    certificate: move.certificateId ?? '',
  };
  const mail = account && template && mailOf(dependencies, template, fields);
  const whole: Move = { ...move, ...(mail && { mailId: mail.mailId }) };
  const event = auditEvent(actor, details, { now: now(), random });
  const { accountId } = termination;
  const isDone = await commitMove(
    tables,
    { termination: moveWrite(tables.core, termination, whole), ...others },
    { accountId, event, mail },
  );
  if (!isDone) throw busy();
  if (account && mail) await notify(dependencies, account, mail.mailId);
  return { ...termination, ...whole, revision: termination.revision + 1 } as Termination;
}

function mailOf(
  { now, random }: TerminationDependencies,
  template: TemplateName,
  fields: NonNullable<AccountMail['fields']>,
): AccountMail {
  const at = now();
  return { mailId: prefixedId('mail', at, random), template, fields, createdAt: iso(at) };
}

/** An e-mail that is not sent holds nothing up: it is kept that it failed, and what is done next tries again. */
export async function notify(
  dependencies: TerminationDependencies,
  account: Account,
  mailId: string | undefined,
): Promise<void> {
  if (mailId === undefined || provenAddress(account) === undefined) return;
  try {
    await deliverMail(dependencies, account, mailId);
  } catch (error) {
    logger.warn('mail about a termination not sent', { accountId: account.accountId, error: error as Error });
  }
}

function restored(
  table: string,
  { accountId }: Account,
  { to, at, gatewayKey }: { to: NonNullable<Termination['statusBefore']>; at: string; gatewayKey: object | undefined },
): TransactWrite {
  return statusWrite(table, accountId, { from: 'terminating', to, at, set: { ...gatewayKey } });
}
