/** Alerts of an account: raised once for each level and period, and listed. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { documents } from '../data/table.ts';
import { type Alert, alertKey, toldKey } from './alert.ts';

/** Whether it is for us to tell: it is new, or whoever raised it did not come to telling. */
export async function raiseAlert(
  tables: { core: string; audit: string },
  accountId: string,
  alert: Alert,
  event: AuditEvent,
): Promise<boolean> {
  const place = { TableName: tables.core, ConditionExpression: 'attribute_not_exists(pk)' };
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              ...place,
              Item: { ...toldKey(accountId, alert, alert.level), alertId: alert.alertId },
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
          { Put: { ...place, Item: { ...alertKey(accountId, alert.alertId), ...alert } } },
          auditWrite(tables.audit, event),
        ],
      }),
    );
    return true;
  } catch (error) {
    const [told] = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
    if (told?.Code !== 'ConditionalCheckFailed') throw error;
    return told.Item !== undefined && unmarshall(told.Item).toldAt === undefined;
  }
}

export async function markTold(table: string, accountId: string, alert: Alert, at: string): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: toldKey(accountId, alert, alert.level),
      UpdateExpression: 'SET toldAt = :at',
      ExpressionAttributeValues: { ':at': at },
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
      ExpressionAttributeValues: { ':pk': alertKey(accountId, '').pk, ':prefix': 'ALERT#' },
      ScanIndexForward: false,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: alertKey(accountId, after) }),
    }),
  );
  return { alerts: Items as unknown as Alert[], more: LastEvaluatedKey !== undefined };
}
