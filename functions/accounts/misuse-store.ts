/** The ends of sessions, and of what keys may: misuse is reported on the account's own item, which every key is read with. */
import { auditWrite } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import { statusesThatAllow } from '../catalogue/account-status.ts';
import { personKey } from '../data/item-keys.ts';
import { commit } from '../data/transaction.ts';
import type { Account } from './account.ts';
import { type ChangeContext, changeAccount } from './account-changes-store.ts';

/** Tokens of the person that were issued until now are no longer accepted. */
export async function endSessions(
  { tables, actor, now, random }: ChangeContext,
  { accountId, personId }: { accountId: string; personId: string },
): Promise<void> {
  const details = { accountId, action: 'sessions.ended', subject: personId } as const;
  const person = {
    Update: {
      TableName: tables.core,
      Key: personKey(personId),
      UpdateExpression: 'SET sessionsEndedAtMs = :now',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':now': now },
    },
  };
  await commit({ person, event: auditWrite(tables.audit, auditEvent(actor, details, { now, random })) });
}

/** Freezes all keys and ends all sessions. Reported again, the keys stay frozen since the first time, and newer sessions end too. */
export async function freezeKeys(
  context: ChangeContext,
  { accountId, keysFrozenAt = new Date(context.now).toISOString() }: Account,
  reason: string,
): Promise<{ keysFrozenAt: string; sessionsEndedAtMs: number }> {
  const set = { keysFrozenAt, sessionsEndedAtMs: context.now };
  await changeAccount(context, accountId, { set, where: {} }, { action: 'account.misuse_reported', reason });
  return set;
}

/** Accepts the keys again after the last report that `account` knows of. False where there was another since, or it may not be. */
export async function unfreezeKeys(
  context: ChangeContext,
  { accountId, keysFrozenAt, sessionsEndedAtMs }: Account & { keysFrozenAt: string },
): Promise<boolean> {
  // Each report moves the end of sessions; who unfreezes in a session that one ended is too late.
  const where = { keysFrozenAt, sessionsEndedAtMs, status: statusesThatAllow('keys') };
  const details = { action: 'account.keys_unfrozen', detail: { frozenAt: keysFrozenAt } } as const;
  return changeAccount(context, accountId, { set: { keysFrozenAt: undefined }, where }, details);
}
