/** Purchases in the core table: how they begin and change, and how they are read. */

import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { accountCheck } from '../accounts/account-changes-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { recordWrite } from '../data/idempotency-store.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { IdempotencyKey } from '../http/idempotency-key.ts';
import type { Purchase } from './purchase.ts';

export interface PurchaseTables {
  readonly core: string;
  readonly idempotency: string;
  readonly audit: string;
}

/** Ids sort by time, so that a list is in the order in which they were bought. */
const purchaseKey = (accountId: string, purchaseId: string) => ({
  pk: accountKey(accountId).pk,
  sk: `PURCHASE#${purchaseId}`,
});

/**
 * Begins a purchase, with the idempotency record of the call where it has a key: `repeated` where another call with this
 * key was first.
 */
export async function createPurchase(
  tables: PurchaseTables,
  purchase: Purchase,
  { event, key }: { event: AuditEvent; key?: IdempotencyKey | undefined },
): Promise<'begun' | 'repeated' | 'not_active'> {
  const { accountId, purchaseId } = purchase;
  const refused = await commit({
    purchase: newPurchaseWrite(tables.core, purchase),
    account: accountCheck(tables.core, accountId, 'pay', Date.parse(purchase.createdAt)),
    event: auditWrite(tables.audit, event),
    ...(key && {
      record: recordWrite(tables.idempotency, accountId, key, { purchaseId }, Date.parse(purchase.createdAt)),
    }),
  });
  if (!refused) return 'begun';
  if ('record' in refused) return 'repeated';
  if ('account' in refused) return 'not_active';
  throw new Error(`the purchase ${purchaseId} or its audit event exists already`);
}

export function newPurchaseWrite(table: string, purchase: Purchase): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...purchaseKey(purchase.accountId, purchase.purchaseId), ...purchase },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

export async function findPurchase(
  table: string,
  accountId: string,
  purchaseId: string,
): Promise<Purchase | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: purchaseKey(accountId, purchaseId), ConsistentRead: true }),
  );
  return Item && purchaseOf(Item);
}

/** The purchase as it was changed; refused where it is not as it was read, with the revision before. */
export function purchaseWrite(table: string, purchase: Purchase, before: Purchase): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...purchaseKey(purchase.accountId, purchase.purchaseId), ...purchase },
      ConditionExpression: 'revision = :revision',
      ExpressionAttributeValues: { ':revision': before.revision },
    },
  };
}

/** Stores where it is paid. What was decided meanwhile on the purchase as it was before is decided again. */
export async function rememberCheckout(
  table: string,
  { accountId, purchaseId }: Purchase,
  { sessionId, checkoutUrl }: { sessionId: string; checkoutUrl: string },
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: purchaseKey(accountId, purchaseId),
      UpdateExpression: 'SET sessionId = :session, checkoutUrl = :url ADD revision :one',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':session': sessionId, ':url': checkoutUrl, ':one': 1 },
    }),
  );
}

/** Up to `limit` purchases, newest first, after the id `after`, which need not be one. */
export async function purchasesOf(
  table: string,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ purchases: Purchase[]; more: boolean }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': accountKey(accountId).pk, ':prefix': 'PURCHASE#' },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: purchaseKey(accountId, after) }),
    }),
  );
  return { purchases: Items.map(purchaseOf), more: LastEvaluatedKey !== undefined };
}

function purchaseOf({ pk: _pk, sk: _sk, ...purchase }: Record<string, unknown>): Purchase {
  return purchase as unknown as Purchase;
}
