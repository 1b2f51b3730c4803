/**
 * How a termination begins, is decided and is withdrawn. What is sent again is the same: whoever repeats a call is answered
 * as things stand. What the platform does by itself from then on is in advance-command.ts.
 */
import type { Account } from '../accounts/account.ts';
import { knownAccount, ownAccount } from '../accounts/accounts-store.ts';
import { createGatewayKey } from '../accounts/gateway-keys-client.ts';
import { type Actor, actorOf } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { SUPPORT } from '../catalogue/support.ts';
import { isOver, type TerminationCause } from '../catalogue/terminations.ts';
import type { TransactWrite } from '../data/table.ts';
import type { Caller } from '../http/caller.ts';
import { refuseStale } from '../http/fresh-sign-in.ts';
import { begin, begun, end, moved, type TerminationDependencies } from './move-command.ts';
import {
  decided,
  isJoined,
  isProposed,
  type Move,
  refuseSecond,
  refuseWithdrawal,
  type Termination,
} from './termination.ts';
import { findTermination, statusWrite } from './terminations-store.ts';

const iso = (moment: number): string => new Date(moment).toISOString();

/** Its people ask for the end of their account; an operator decides. */
export async function requestTermination(
  dependencies: TerminationDependencies,
  caller: Caller,
  reason: string | undefined,
): Promise<Termination> {
  const now = dependencies.now();
  refuseStale(caller, 'the end of an account', now);
  const account = await ownAccount(dependencies.tables.core, caller.accountId);
  const before = await findTermination(dependencies.tables.core, account.accountId);
  // Sent again it is the same.
  if (before?.state === 'requested') return before;
  if (isProposed(before, now)) throw new Refusal('wrong_state', `this account is being looked at; write to ${SUPPORT}`);
  if (before?.state !== 'proposed') refuseSecond(before);
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
  const termination = await shownTermination(tables.core, account.accountId);
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
  const at = dependencies.now();
  // However it was written: the same day is the same order.
  const closesAt = order.closesAt === undefined ? undefined : iso(Date.parse(order.closesAt));
  const dated = closesAt !== undefined && { closesAt };
  const joined = isJoined(before, { cause, reason, ...dated, now: at }) ? before : undefined;
  if (joined?.requestedBy === caller.id) return joined;
  if (joined) {
    const said = { decidedBy: caller.id, decidedAt: iso(at) };
    const details = {
      accountId: id,
      action: 'termination.decided',
      subject: joined.terminationId,
      reason,
      detail: { cause },
    } as const;
    const move = { ...decided(cause, at, closesAt), ...said };
    return end(dependencies, { account, termination: joined, move }, { details, actor: actorOf(caller), reason });
  }
  // Another proposal takes the place of one that nobody has joined: its first person is asked again.
  if (before?.state !== 'proposed') {
    const isDone = before !== undefined && !isOver(before.state) && before.cause === cause && before.reason === reason;
    if (isDone) return before;
    refuseSecond(before);
  }
  const termination = {
    ...begun(dependencies, account, { cause, state: 'proposed', by: caller.id, reason }),
    ...dated,
  };
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
export async function shownTermination(table: string, accountId: string): Promise<Termination> {
  const termination = await ownTermination(table, accountId);
  // What one operator thinks is nothing yet.
  if (termination.state !== 'proposed') return termination;
  throw noTermination();
}

export async function ownTermination(table: string, accountId: string): Promise<Termination> {
  const termination = await findTermination(table, accountId);
  if (termination) return termination;
  throw noTermination();
}

function noTermination(): Refusal {
  return new Refusal(
    'not_found',
    'there is no end of this account that anybody asked for: POST /v1/account/termination does',
  );
}

function restored(
  table: string,
  { accountId }: Account,
  { to, at, gatewayKey }: { to: NonNullable<Termination['statusBefore']>; at: string; gatewayKey: object | undefined },
): TransactWrite {
  return statusWrite(table, accountId, { from: 'terminating', to, at, set: { ...gatewayKey } });
}
