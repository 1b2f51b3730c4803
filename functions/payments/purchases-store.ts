/** Purchases: how they begin, and how they are read. */
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { accountKey, idempotencyKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import { type Purchase, purchaseKey } from './purchase.ts';

export interface PurchaseTables {
  readonly core: string;
  readonly idempotency: string;
  readonly audit: string;
}

/** A call that can be repeated: under which token, and what it said. */
export interface Once {
  readonly token: string;
  readonly fingerprint: string;
}

export interface PurchaseMarker {
  readonly fingerprint: string;
  readonly purchaseId: string;
}

const MARKER_SECONDS = 24 * 3600;

/** The purchase that began with this token; undefined where none did, or the token is out of date (`now` is epoch ms). */
export async function findPurchaseMarker(
  table: string,
  accountId: string,
  token: string,
  now: number,
): Promise<PurchaseMarker | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: idempotencyKey(accountId, token), ConsistentRead: true }),
  );
  return Item && Number(Item.expiresAt) >= now / 1000 ? (Item as unknown as PurchaseMarker) : undefined;
}

/**
 * Begins a purchase. `repeated` where another call with this token was first; throws a Refusal where other transactions of
 * the account, such as its submissions, are in the way again and again.
 */
export async function createPurchase(
  tables: PurchaseTables,
  purchase: Purchase,
  { event, once }: { event: AuditEvent; once?: Once | undefined },
): Promise<'begun' | 'repeated' | 'not_active'> {
  const { accountId, purchaseId } = purchase;
  const refused = await commit({
    purchase: {
      Put: {
        TableName: tables.core,
        Item: { ...purchaseKey(accountId, purchaseId), ...purchase },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    account: {
      ConditionCheck: {
        TableName: tables.core,
        Key: accountKey(accountId),
        ConditionExpression: '#status = :active',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':active': 'active' },
      },
    },
    event: auditWrite(tables.audit, event),
    ...(once && { marker: markerWrite(tables.idempotency, purchase, once) }),
  });
  if (!refused) return 'begun';
  if ('marker' in refused) return 'repeated';
  if ('account' in refused) return 'not_active';
  throw new Error(`the purchase ${purchaseId} or its event is there already`);
}

function markerWrite(
  table: string,
  { accountId, purchaseId, createdAt }: Purchase,
  { token, fingerprint }: Once,
): TransactWrite {
  const seconds = Math.floor(Date.parse(createdAt) / 1000);
  return {
    Put: {
      TableName: table,
      Item: { ...idempotencyKey(accountId, token), fingerprint, purchaseId, expiresAt: seconds + MARKER_SECONDS },
      ConditionExpression: 'attribute_not_exists(pk) OR expiresAt < :now',
      ExpressionAttributeValues: { ':now': seconds },
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

/** Where it is paid. A report that was decided meanwhile on what stood before is decided again. */
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
