/**
 * Keys in the core table, as they are found, listed and changed. A change is one transaction of the key, the index of the
 * account's active keys where that changes, and the audit event; what it was decided on was read just before, and where
 * that has changed since, it is read and decided again.
 */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Account } from '../accounts/account.ts';
import { accountCheck } from '../accounts/account-changes-store.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { termWrites } from '../accounts/search-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { accountKey, keyKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { type NamedWrites, RETRY, transact } from '../data/transaction.ts';
import { type ActiveKeys, NO_ACTIVE_KEYS } from './active-keys.ts';
import { type StoredKey, spendLimitOf } from './key.ts';

export interface KeyTables {
  readonly core: string;
  readonly audit: string;
}

/** The item of an account's index of active keys. */
export const activeKeysKey = (accountId: string) => ({ pk: accountKey(accountId).pk, sk: 'KEYS' });

/** The key with this hash, and its account; consistent reads, so that a revocation counts from its commit. */
export async function findKey(table: string, keyHash: string): Promise<{ key?: StoredKey; account?: Account }> {
  const key = await keyByHash(table, keyHash);
  if (!key) return {};
  const account = await findAccount(table, key.accountId);
  return { key, ...(account && { account }) };
}

export async function keyByHash(table: string, keyHash: string): Promise<StoredKey | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: keyKey(keyHash), ConsistentRead: true }),
  );
  return Item as StoredKey | undefined;
}

/** A key with the primary key of its item, which its hash names. */
export type FoundKey = StoredKey & { readonly pk: string };

/** The hash in the primary key of an item. */
export const hashIn = ({ pk }: Pick<FoundKey, 'pk'>): string => pk.slice('KEY#'.length);

/**
 * The account's key of this id. That of another account is looked up under this one, and not found, like one that never
 * was. An active key is found by the account's index of them, which is read where it is not at hand.
 */
export async function keyOfAccount(
  table: string,
  accountId: string,
  keyId: string,
  active?: ActiveKeys,
): Promise<FoundKey | undefined> {
  const { hashes = {} } = active ?? (await findActiveKeys(table, accountId));
  const hash = hashes[keyId] ?? (await hashInIndex(table, accountId, keyId));
  if (hash === undefined) return undefined;
  // The table's index may be a moment behind: what is decided on is read itself.
  const key = await keyByHash(table, hash);
  return key && { ...key, pk: keyKey(hash).pk };
}

/** Of a key that is no longer active, or older than hashes in the index of active keys; undefined where there is none, or none yet. */
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
      // One more than the page holds tells whether there is another.
      Limit: limit + 1,
    }),
  );
  return { keys: Items.slice(0, limit) as FoundKey[], more: Items.length > limit };
}

export async function findActiveKeys(table: string, accountId: string): Promise<ActiveKeys> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: activeKeysKey(accountId), ConsistentRead: true }),
  );
  return (Item as ActiveKeys | undefined) ?? NO_ACTIVE_KEYS;
}

/** The key that holds the limit on which this one draws: itself, or the first of its lineage. */
export async function spendLimitKey(table: string, key: FoundKey | StoredKey): Promise<StoredKey> {
  return (key.spendsFrom === undefined ? undefined : await keyByHash(table, key.spendsFrom)) ?? key;
}

/** What one change writes; nothing where it has no event. */
export interface KeyChangeDecision<Result> {
  readonly result: Result;
  readonly event?: AuditEvent;
  readonly writes?: NamedWrites;
  /** The index of active keys after it, where it changes. */
  readonly active?: ActiveKeys;
  /** Whether the account must be one that may have keys. */
  readonly adds?: boolean;
}

/** Reads the index of active keys, decides and commits; throws what `decide` throws, and then nothing is written. */
export function changeKeys<Result>(
  { core, audit }: KeyTables,
  accountId: string,
  decide: (active: ActiveKeys) => Promise<KeyChangeDecision<Result>>,
): Promise<Result> {
  return transact(async () => {
    const before = await findActiveKeys(core, accountId);
    const { result, event, writes, active, adds = false } = await decide(before);
    if (!event) return { result };
    return {
      result,
      writes: {
        ...(adds && { account: accountCheck(core, accountId, 'keys', Date.parse(event.at)) }),
        ...(active && { active: activeKeysWrite(core, accountId, before, active) }),
        ...writes,
        event: auditWrite(audit, event),
      },
      refused: refused => {
        if (!('account' in refused)) return RETRY;
        throw new Refusal('account_not_active', 'this account may have no new keys: it is not active, or suspended');
      },
    };
  });
}

function activeKeysWrite(table: string, accountId: string, before: ActiveKeys, after: ActiveKeys): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...activeKeysKey(accountId), ...after },
      ConditionExpression: before.revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :revision',
      ...(before.revision > 0 && { ExpressionAttributeValues: { ':revision': before.revision } }),
    },
  };
}

/** A key, and what its account is found by with it: its hint and its id. */
export function newKeyWrites(table: string, keyHash: string, key: StoredKey): NamedWrites {
  const { accountId, keyId, hint } = key;
  const terms = [hint, keyId].map(text => ({ by: 'key' as const, text }));
  const Item = { ...keyKey(keyHash), ...key };
  return {
    newKey: { Put: { TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' } },
    ...termWrites(table, accountId, terms, keyId),
  };
}

/** Fields of a key that change; an undefined one is taken away. */
export type ChangedFields = { readonly [Field in keyof StoredKey]?: StoredKey[Field] | undefined };

/** A spend limit that moves: what was spent of it stays spent. */
export interface LimitChange {
  readonly from: number | undefined;
  readonly to: number;
}

/** Changes a key that is still as it was read (of the same revision, state and successor), and the limit on which it draws. */
export function keyWrites(
  table: string,
  seen: FoundKey,
  changed: ChangedFields,
  limit?: LimitChange,
): Record<'key', TransactWrite> & Partial<Record<'limit', TransactWrite>> {
  const keyHash = hashIn(seen);
  const holder = limit && spendLimitOf(seen, keyHash)?.keyHash;
  if (limit && holder !== undefined && holder !== keyHash) {
    return { key: keyWrite(table, seen, changed), limit: limitWrite(table, holder, limit) };
  }
  return { key: keyWrite(table, seen, changed, limit) };
}

function keyWrite(table: string, seen: FoundKey, changed: ChangedFields, limit?: LimitChange): TransactWrite {
  const fields = Object.entries(changed);
  const set = fields.flatMap(([, value], index) => (value === undefined ? [] : [`#field${index} = :value${index}`]));
  const removed = fields.flatMap(([, value], index) => (value === undefined ? [`#field${index}`] : []));
  const sets = [...set, ...(limit ? [MOVED] : [])];
  return {
    Update: {
      TableName: table,
      Key: keyKey(hashIn(seen)),
      UpdateExpression: [
        ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
        ...(removed.length > 0 ? [`REMOVE ${removed.join(', ')}`] : []),
      ].join(' '),
      ConditionExpression: [
        '#state = :state',
        unchanged('revision', seen.revision),
        unchanged('replacedBy', seen.replacedBy),
        ...(limit ? [unchanged('spendLimit', limit.from)] : []),
      ].join(' AND '),
      ExpressionAttributeNames: {
        '#state': 'state',
        ...Object.fromEntries(fields.map(([field], index) => [`#field${index}`, field])),
      },
      ExpressionAttributeValues: {
        ':state': seen.state,
        ...(seen.revision !== undefined && { ':revision': seen.revision }),
        ...(seen.replacedBy !== undefined && { ':replacedBy': seen.replacedBy }),
        ...(limit && limitValues(limit)),
        ...Object.fromEntries(
          fields.flatMap(([, value], index) => (value === undefined ? [] : [[`:value${index}`, value]])),
        ),
      },
    },
  };
}

/** Moves the limit of a rotation lineage, where its first key holds it. */
function limitWrite(table: string, keyHash: string, limit: LimitChange): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: keyKey(keyHash),
      UpdateExpression: `SET ${MOVED}`,
      ConditionExpression: unchanged('spendLimit', limit.from),
      ExpressionAttributeValues: limitValues(limit),
    },
  };
}

const MOVED = 'spendLimit = :limit, spendable = if_not_exists(spendable, :none) + :more';

function limitValues({ from, to }: LimitChange): Record<string, number> {
  return { ':limit': to, ':none': 0, ':more': to - (from ?? 0), ...(from !== undefined && { ':spendLimit': from }) };
}

function unchanged(field: string, seen: unknown): string {
  return seen === undefined ? `attribute_not_exists(${field})` : `${field} = :${field}`;
}
