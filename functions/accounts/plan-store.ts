/**
 * The plan of an account, and the gateway keys of the plans that it has been in. A gateway key is in one usage plan for
 * ever: an account that changes plans changes keys, so at each moment its key is in a plan, and no call is refused
 * between two of them. A key that was made for a change that did not come is found by the next.
 */
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { PlanName } from '../catalogue/plans.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Account } from './account.ts';
import type { GatewayKey } from './gateway-keys.ts';

const gatewayKeyKey = (accountId: string, plan: PlanName) => ({ pk: accountKey(accountId).pk, sk: `GATEWAY#${plan}` });

/** The account's key in the usage plan of `plan`, where it has been in that plan before. */
export async function findGatewayKey(
  table: string,
  accountId: string,
  plan: PlanName,
): Promise<GatewayKey | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: gatewayKeyKey(accountId, plan), ConsistentRead: true }),
  );
  return Item as GatewayKey | undefined;
}

/** Keeps a key that was made; where another was kept meanwhile, answers that one. */
export async function keepGatewayKey(
  table: string,
  accountId: string,
  plan: PlanName,
  key: GatewayKey,
): Promise<GatewayKey> {
  try {
    const Item = { ...gatewayKeyKey(accountId, plan), ...key };
    await documents.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
    return key;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return (await findGatewayKey(table, accountId, plan)) ?? key;
  }
}

/** Whether it was done: not where the account has changed since it was read, or another write was in the way. */
export async function putPlan(
  tables: { core: string; audit: string },
  { accountId, plan: from, gatewayKeyId, gatewayKeyValue }: Account,
  { plan, gatewayKey }: { plan: PlanName; gatewayKey: GatewayKey | undefined },
  event: AuditEvent,
): Promise<boolean> {
  const had = gatewayKeyId !== undefined && gatewayKeyValue !== undefined;
  const account: TransactWrite = {
    Update: {
      TableName: tables.core,
      Key: accountKey(accountId),
      UpdateExpression: gatewayKey
        ? 'SET #plan = :plan, gatewayKeyId = :keyId, gatewayKeyValue = :keyValue'
        : 'SET #plan = :plan',
      ConditionExpression: `#plan = :from AND ${had ? 'gatewayKeyId = :had' : 'attribute_not_exists(gatewayKeyId)'}`,
      ExpressionAttributeNames: { '#plan': 'plan' },
      ExpressionAttributeValues: {
        ...{ ':plan': plan, ':from': from },
        ...(gatewayKey && { ':keyId': gatewayKey.gatewayKeyId, ':keyValue': gatewayKey.gatewayKeyValue }),
        ...(had && { ':had': gatewayKeyId }),
      },
    },
  };
  const kept = had
    ? [{ Put: { TableName: tables.core, Item: { ...gatewayKeyKey(accountId, from), gatewayKeyId, gatewayKeyValue } } }]
    : [];
  try {
    await documents.send(
      new TransactWriteCommand({ TransactItems: [account, ...kept, auditWrite(tables.audit, event)] }),
    );
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return false;
    throw error;
  }
}
