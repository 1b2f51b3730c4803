/** The ends of sessions, and of what keys may: misuse is reported on the account's own item, which every key is read with. */
import { auditWrite } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import { personKey } from '../data/item-keys.ts';
import { commit } from '../data/transaction.ts';
import type { Account } from './account.ts';
import { type ChangeTools, changeAccount } from './change-store.ts';

/** Tokens of the person that were issued until now open nothing. */
export async function endSessions(
  { tables, actor, ...tools }: ChangeTools,
  { accountId, personId }: { accountId: string; personId: string },
): Promise<void> {
  const told = { accountId, action: 'sessions.ended', subject: personId } as const;
  const person = {
    Update: {
      TableName: tables.core,
      Key: personKey(personId),
      UpdateExpression: 'SET sessionsEndedAtMs = :now',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':now': tools.now },
    },
  };
  await commit({ person, event: auditWrite(tables.audit, auditEvent(actor, told, tools)) });
}

/** Freezes all keys and ends all sessions. Reported again, the keys stay frozen since the first time, and newer sessions end too. */
export async function freezeKeys(
  tools: ChangeTools,
  { accountId, keysFrozenAt = new Date(tools.now).toISOString() }: Account,
  reason: string,
): Promise<{ keysFrozenAt: string; sessionsEndedAtMs: number }> {
  const set = { keysFrozenAt, sessionsEndedAtMs: tools.now };
  await changeAccount(tools, accountId, { set, where: {} }, { action: 'account.misuse_reported', reason });
  return set;
}

/** Opens the keys again after the last report that `account` knows of. False where there was another since, or it may not be. */
export async function unfreezeKeys(
  tools: ChangeTools,
  { accountId, keysFrozenAt, sessionsEndedAtMs }: Account & { keysFrozenAt: string },
): Promise<boolean> {
  // Each report moves the end of sessions; who unfreezes in a session that one ended is too late.
  const where = { keysFrozenAt, sessionsEndedAtMs, status: ['active'] };
  const told = { action: 'account.keys_unfrozen', detail: { frozenAt: keysFrozenAt } } as const;
  return changeAccount(tools, accountId, { set: { keysFrozenAt: undefined }, where }, told);
}
