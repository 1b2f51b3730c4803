/** Moves of terminations, each with what changes with it in one transaction: the account, the audit trail, an e-mail that is sent then. */
import { type Account, provenAddress } from '../accounts/account.ts';
import type { AccountDependencies } from '../accounts/account-changes-store.ts';
import type { TemplateName } from '../accounts/email-templates.ts';
import { deliverMail } from '../accounts/mail-command.ts';
import type { AccountMail } from '../accounts/mails-store.ts';
import { type Actor, type AuditDetails, auditEvent } from '../audit/event.ts';
import { TERMINATION_CAUSES } from '../catalogue/terminations.ts';
import { busy } from '../data/contention.ts';
import { accountKey } from '../data/item-keys.ts';
import type { TransactWrite } from '../data/table.ts';
import { prefixedId } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { assertMove, closed, type Move, type Termination } from './termination.ts';
import { beginWrite, commitMove, moveWrite, statusWrite } from './terminations-store.ts';

export interface TerminationDependencies extends AccountDependencies {
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
}

const iso = (moment: number): string => new Date(moment).toISOString();

export function begun(
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

export async function begin(
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
export async function end(
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
