/** Keys in the core table, as they are found and listed. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../accounts/account.ts';
import { accountKey, keyKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import type { StoredKey } from './key.ts';
import { EMPTY_RING, type KeyRing, keyRingKey } from './key-ring.ts';

/** The key with this hash, and its account; consistent reads, so that a revocation counts from its commit. */
export async function findKey(table: string, keyHash: string): Promise<{ key?: StoredKey; account?: Account }> {
  const key = await keyByHash(table, keyHash);
  if (!key) return {};
  const { Item: account } = await documents.send(
    new GetCommand({ TableName: table, Key: accountKey(key.accountId), ConsistentRead: true }),
  );
  return { key, ...(account && { account: account as Account }) };
}

export async function keyByHash(table: string, keyHash: string): Promise<StoredKey | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: keyKey(keyHash), ConsistentRead: true }),
  );
  return Item as StoredKey | undefined;
}

/** A key where it lies: its hash names it. */
export type FoundKey = StoredKey & { readonly pk: string };

/** The hash in the key of an item. */
export const hashIn = ({ pk }: Pick<FoundKey, 'pk'>): string => pk.slice('KEY#'.length);

/**
 * The account's key of this id. That of another account is looked up under this one, and not found, like one that never
 * was. A living key is found by the account's `ring`, which is read where it is not at hand.
 */
export async function keyOfAccount(
  table: string,
  accountId: string,
  keyId: string,
  ring?: KeyRing,
): Promise<FoundKey | undefined> {
  const { hashes = {} } = ring ?? (await findKeyRing(table, accountId));
  const hash = hashes[keyId] ?? (await hashInIndex(table, accountId, keyId));
  if (hash === undefined) return undefined;
  // The index may be a moment behind: what is decided on is read itself.
  const key = await keyByHash(table, hash);
  return key && { ...key, pk: keyKey(hash).pk };
}

/** Of a key that lives no more, or came before rings had hashes; undefined where the index has none, or has it not yet. */
async function hashInIndex(table: string, accountId: string, keyId: string): Promise<string | undefined> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'keysByAccount',
      KeyConditionExpression: 'accountId = :account AND keyId = :key',
      ExpressionAttributeValues: { ':account': accountId, ':key': keyId },
    }),
  );
  const [found] = Items as FoundKey[];
  return found && hashIn(found);
}

/** Keys of the account, newest first, after the key `after`. */
export async function keysOfAccount(
  table: string,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ keys: FoundKey[]; more: boolean }> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'keysByAccount',
      KeyConditionExpression: after === undefined ? 'accountId = :account' : 'accountId = :account AND keyId < :after',
      ExpressionAttributeValues: { ':account': accountId, ...(after !== undefined && { ':after': after }) },
      ScanIndexForward: false,
      // One more than is asked for tells whether there is another.
      Limit: limit + 1,
    }),
  );
  return { keys: Items.slice(0, limit) as FoundKey[], more: Items.length > limit };
}

export async function findKeyRing(table: string, accountId: string): Promise<KeyRing> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: keyRingKey(accountId), ConsistentRead: true }),
  );
  return (Item as KeyRing | undefined) ?? EMPTY_RING;
}
