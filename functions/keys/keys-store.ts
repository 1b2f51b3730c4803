/** Keys in the core table. */
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Account, accountKey } from '../accounts/account.ts';
import { documents } from '../platform/table.ts';
import { keyKey, type StoredKey } from './key.ts';

/** The key with this hash, and its account; consistent reads, so that a revocation counts from its commit. */
export async function findKey(table: string, keyHash: string): Promise<{ key?: StoredKey; account?: Account }> {
  const { Item: key } = await documents.send(
    new GetCommand({ TableName: table, Key: keyKey(keyHash), ConsistentRead: true }),
  );
  if (!key) return {};
  const { Item: account } = await documents.send(
    new GetCommand({ TableName: table, Key: accountKey(key.accountId), ConsistentRead: true }),
  );
  return { key: key as StoredKey, ...(account && { account: account as Account }) };
}

/** Stores a new key. */
export async function putKey(table: string, keyHash: string, key: StoredKey): Promise<void> {
  await documents.send(
    new PutCommand({
      TableName: table,
      Item: { ...keyKey(keyHash), ...key },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
}

/** Revokes a key for good; false where the account has no such key. Revoking twice keeps the first time. */
export async function revokeKey(table: string, accountId: string, keyId: string, at: string): Promise<boolean> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'keysByAccount',
      KeyConditionExpression: 'accountId = :account AND keyId = :key',
      ExpressionAttributeValues: { ':account': accountId, ':key': keyId },
    }),
  );
  const [item] = Items;
  if (!item) return false;
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: item.pk, sk: item.sk },
      UpdateExpression: 'SET #state = :revoked, revokedAt = if_not_exists(revokedAt, :at)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':revoked': 'revoked', ':at': at },
    }),
  );
  return true;
}
