/**
 * Counts of usage, kept by the transactions that they count: an item for each day, function, model and key of an
 * account. So a report of usage costs what it shows, and not what the account has made. A count of the day on which a job was
 * started says `started` and `held`; its end is counted on the day on which it ended.
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { utcDay } from '../data/day-shard.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Made } from './ledger.ts';
import { type UsageCount, usagePrefix } from './usage-count.ts';

/** What one call reads at most, 1 MB a read: some 20,000 counts, and most accounts have fewer than a hundred a day. */
const READS = 8;

type Counted = Made & { readonly accountId: string };

export function startedWrite(table: string, made: Counted, credits: number, now: number): TransactWrite {
  return count(table, made, now, { started: 1, held: credits });
}

export function endedWrite(
  table: string,
  made: Counted,
  end: {
    readonly state: 'succeeded' | 'failed' | 'cancelled' | 'rejected';
    readonly credits: number;
    readonly released: boolean;
    readonly deliverable?: { readonly durationSeconds: number } | undefined;
  },
  now: number,
): TransactWrite {
  const { state, credits, released, deliverable } = end;
  return count(table, made, now, {
    [state]: 1,
    [released ? 'released' : 'charged']: credits,
    ...(deliverable && { seconds: deliverable.durationSeconds }),
  });
}

function count(table: string, made: Counted, now: number, added: Readonly<Record<string, number>>): TransactWrite {
  const { accountId, function: name, model = '', keyId = '' } = made;
  const day = utcDay(now);
  const counts = Object.keys(added).map((_, index) => `#count${index} :count${index}`);
  return {
    Update: {
      TableName: table,
      Key: { pk: accountKey(accountId).pk, sk: `${usagePrefix(day)}#${name}#${model}#${keyId}` },
      UpdateExpression: `SET #day = :day, #function = :function, #model = :model, #key = :key ADD ${counts.join(', ')}`,
      ExpressionAttributeNames: {
        '#day': 'day',
        '#function': 'function',
        '#model': 'model',
        '#key': 'keyId',
        ...Object.fromEntries(Object.keys(added).map((field, index) => [`#count${index}`, field])),
      },
      ExpressionAttributeValues: {
        ':day': day,
        ':function': name,
        ':model': model,
        ':key': keyId,
        ...Object.fromEntries(Object.values(added).map((by, index) => [`:count${index}`, by])),
      },
    },
  };
}

export interface KeyUsage {
  readonly counts: readonly UsageCount[];
  /** UTC days, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** Whether all of the period was read; where not, its latest days were. */
  readonly complete: boolean;
}

const DAY_MS = 24 * 3600 * 1000;
/** A read is 1 MB, some 5,000 counts of all keys of the account: this is as much as one response reads. */
const MOST_READS = 5;

/** What was counted of a key on the last `days` UTC days before `now` (epoch ms), newest first. */
export async function usageOfKey(
  table: string,
  { accountId, keyId }: { accountId: string; keyId: string },
  now: number,
  days: number,
): Promise<KeyUsage> {
  const [from, to] = [utcDay(now - (days - 1) * DAY_MS), utcDay(now)];
  const counts: UsageCount[] = [];
  let start: Record<string, unknown> | undefined;
  for (let reads = 0; reads < MOST_READS; reads++) {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        FilterExpression: 'keyId = :key',
        ExpressionAttributeValues: {
          ':pk': accountKey(accountId).pk,
          ':key': keyId,
          ':first': usagePrefix(from),
          // `~` sorts after every function's name.
          ':last': `${usagePrefix(to)}~`,
        },
        ScanIndexForward: false,
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    counts.push(...(Items as UsageCount[]));
    start = LastEvaluatedKey;
    if (!start) return { counts, from, to, complete: true };
  }
  return { counts, from, to, complete: false };
}

/** The counts of some days, in the order of their keys, and where to go on after those that eight reads gave. */
export async function usageCounts(
  table: string,
  accountId: string,
  { from, to, after }: { readonly from: string; readonly to: string; readonly after?: string },
): Promise<{ counts: UsageCount[]; next: string | undefined }> {
  const { pk } = accountKey(accountId);
  const counts: UsageCount[] = [];
  let start = after;
  for (let read = 0; read < READS; read++) {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': pk, ':from': usagePrefix(from), ':to': `${usagePrefix(to)}#~` },
        ...(start !== undefined && { ExclusiveStartKey: { pk, sk: start } }),
      }),
    );
    counts.push(...(Items as UsageCount[]));
    start = LastEvaluatedKey ? String(LastEvaluatedKey.sk) : undefined;
    if (start === undefined) break;
  }
  return { counts, next: start };
}
