/** Alerts of an account: raised once for each threshold and period, and listed. */
import { QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { Alert } from './alert.ts';

const alertKey = (accountId: string, alertId: string) => ({
  pk: accountKey(accountId).pk,
  sk: `ALERT#${alertId}`,
});
/** The record that a threshold was raised in its period. */
const raisedKey = (accountId: string, { subject, period, threshold }: Alert) => ({
  pk: accountKey(accountId).pk,
  sk: `ALERTED#${subject}#${period}#${threshold}`,
});

/** Whether the account is to be notified of it: it is new, or it was raised before and nobody was notified. */
export async function raiseAlert(
  tables: { core: string; audit: string },
  accountId: string,
  alert: Alert,
  event: AuditEvent,
): Promise<boolean> {
  const place = { TableName: tables.core, ConditionExpression: 'attribute_not_exists(pk)' };
  const refused = await commit({
    raised: {
      Put: {
        ...place,
        Item: { ...raisedKey(accountId, alert), alertId: alert.alertId },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    alert: { Put: { ...place, Item: { ...alertKey(accountId, alert.alertId), ...alert } } },
    event: auditWrite(tables.audit, event),
  });
  if (!refused) return true;
  if (!refused.raised) throw new Error(`the alert ${alert.alertId} or its audit event exists already`);
  return refused.raised.notifiedAt === undefined;
}

export async function markNotified(table: string, accountId: string, alert: Alert): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: raisedKey(accountId, alert),
      UpdateExpression: 'SET notifiedAt = :at',
      ExpressionAttributeValues: { ':at': alert.at },
    }),
  );
}

/** Up to `limit` alerts, newest first, after the id `after`, which need not be one. */
export async function alertsOf(
  table: string,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ alerts: Alert[]; more: boolean }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': accountKey(accountId).pk, ':prefix': 'ALERT#' },
      ScanIndexForward: false,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: alertKey(accountId, after) }),
    }),
  );
  return { alerts: Items as unknown as Alert[], more: LastEvaluatedKey !== undefined };
}
