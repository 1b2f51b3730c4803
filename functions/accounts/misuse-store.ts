/** The ends of sessions. */
import { auditWrite } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import { commit } from '../platform/transaction-store.ts';
import { personKey } from './account.ts';
import type { ChangeTools } from './change-store.ts';

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
  await commit({ person, event: auditWrite(tables.audit, auditEvent(actor, told, tools)) }, tools);
}
