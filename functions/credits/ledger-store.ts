/**
 * Ledger entries and the balance that follows from them, as writes of somebody's transaction: an entry is never written
 * alone and never twice, and what may be spent moves with it and never falls below zero. And the reading of entries.
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { dayShard } from '../data/day-shard.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { availableBy, type Entry, type EntryKind } from './ledger.ts';

export interface BookedEntry extends Entry {
  /** ISO 8601. */
  readonly bookedAt: string;
}

/** The position of an entry among those of its account. */
export type Position = Pick<BookedEntry, 'id' | 'bookedAt'>;

/** The entry's write; it is refused, with the entry that exists, where there is one of this id. `bookedAt` is epoch ms. */
export function entryWrite(table: string, accountId: string, entry: Entry, bookedAt: number): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: {
        pk: accountId,
        sk: entry.id,
        ...entry,
        bookedAt: new Date(bookedAt).toISOString(),
        bookedShard: dayShard(bookedAt, accountId),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/**
 * Moves the account's `available` by the entries; refused, with the account, where there would be less than none. A
 * purchase or a gift sets a new high-water mark, from which it is reckoned how much is used up. Where `seen` is given, it
 * is refused unless `available` is that still.
 */
export function balanceWrite(
  table: string,
  accountId: string,
  entries: readonly Entry[],
  seen?: number,
): TransactWrite & { Update: object } {
  const by = entries.reduce((sum, entry) => sum + availableBy(entry), 0);
  const topUp = entries.findLast(({ kind }) => kind === 'purchase' || kind === 'grant');
  const conditions = ['attribute_exists(pk)'];
  if (by < 0) conditions.push('available >= :least');
  if (seen !== undefined) conditions.push('available = :seen');
  return {
    Update: {
      TableName: table,
      Key: accountKey(accountId),
      UpdateExpression: `SET available = available + :by${topUp ? ', highWaterMark = available + :by, highWaterEntry = :topUp' : ''}`,
      ConditionExpression: conditions.join(' AND '),
      ExpressionAttributeValues: {
        ':by': by,
        ...(by < 0 && { ':least': -by }),
        ...(seen !== undefined && { ':seen': seen }),
        ...(topUp && { ':topUp': topUp.id }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** One entry of an account; undefined where it has none of this id. */
export async function findEntry(table: string, accountId: string, id: string): Promise<BookedEntry | undefined> {
  const { Items: [entry] = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :account AND sk = :id',
      ExpressionAttributeValues: { ':account': accountId, ':id': id },
      ConsistentRead: true,
    }),
  );
  return entry as BookedEntry | undefined;
}

/** The hold of a job and how it ended, where it has. */
export async function entriesOfJob(table: string, accountId: string, jobId: number): Promise<BookedEntry[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :account AND begins_with(sk, :job)',
      ExpressionAttributeValues: { ':account': accountId, ':job': `job#${jobId}#` },
      ConsistentRead: true,
    }),
  );
  return Items as BookedEntry[];
}

/** Entries read for an item of a page: a hold comes with its end, and other kinds lie between. */
const ENTRIES_PER_ITEM = 3;

/** One read of an account's entries of a period, newest first; `whole` where nothing comes after them. */
export async function entriesOf(
  table: string,
  accountId: string,
  { from, to, after, limit }: { from: string; to: string; after?: Position; limit: number },
): Promise<{ entries: BookedEntry[]; whole: boolean }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'byTime',
      KeyConditionExpression: 'pk = :account AND bookedAt BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':account': accountId, ':from': from, ':to': to },
      ScanIndexForward: false,
      Limit: limit * ENTRIES_PER_ITEM,
      ...(after && { ExclusiveStartKey: { pk: accountId, sk: after.id, bookedAt: after.bookedAt } }),
    }),
  );
  return { entries: Items as BookedEntry[], whole: LastEvaluatedKey === undefined };
}

/** Entries that one read looks at where only one kind is wanted: what a page costs is bounded whatever the account holds. */
const ENTRIES_A_READ = 300;

/** One read of an account's entries of a period (ISO 8601), newest first, and the position of the last that it looked at. */
export async function ledgerPage(
  table: string,
  accountId: string,
  { from, to, kind, after, limit }: { from: string; to: string; kind?: EntryKind; after?: Position; limit: number },
): Promise<{ entries: BookedEntry[]; looked: Position | undefined }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'byTime',
      KeyConditionExpression: 'pk = :account AND bookedAt BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':account': accountId, ':from': from, ':to': to, ...(kind && { ':kind': kind }) },
      ...(kind && { FilterExpression: '#kind = :kind', ExpressionAttributeNames: { '#kind': 'kind' } }),
      ScanIndexForward: false,
      Limit: kind ? ENTRIES_A_READ : limit + 1,
      ...(after && { ExclusiveStartKey: { pk: accountId, sk: after.id, bookedAt: after.bookedAt } }),
    }),
  );
  const looked = LastEvaluatedKey && { id: String(LastEvaluatedKey.sk), bookedAt: String(LastEvaluatedKey.bookedAt) };
  return { entries: Items as BookedEntry[], looked };
}
