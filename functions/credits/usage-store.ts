/**
 * Counts of usage, kept by the transactions that they count: an item for each day, function, model and key of an
 * account, and another for each pair of metadata, which is at most 16 for a video. So a report of usage costs what it shows, and not what the account has made. A count of the day on which a job was
 * started says `started` and `held`; its end is counted on the day on which it ended.
 */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { utcDay } from '../data/day-shard.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { NamedWrites } from '../data/transaction.ts';
import type { Metadata } from '../http/metadata-contract.ts';
import type { Made } from './ledger.ts';
import {
  PAIR_DAYS,
  pairUsagePrefix,
  type UsageCount,
  type UsageSubject,
  usagePrefix,
  usageRanges,
} from './usage-count.ts';

/** What one call reads at most, 1 MB a read: some 20,000 counts, and most accounts have fewer than a hundred a day. */
const READS = 8;

type Counted = Made & { readonly accountId: string; readonly metadata?: Metadata | undefined };

export function startedWrites(table: string, made: Counted, credits: number, now: number): NamedWrites {
  return counts(table, made, now, { started: 1, held: credits });
}

export function endedWrites(
  table: string,
  made: Counted,
  end: {
    readonly state: 'succeeded' | 'failed' | 'cancelled' | 'rejected';
    readonly credits: number;
    readonly released: boolean;
    readonly deliverable?: { readonly durationSeconds: number } | undefined;
  },
  now: number,
): NamedWrites {
  const { state, credits, released, deliverable } = end;
  return counts(table, made, now, {
    [state]: 1,
    [released ? 'released' : 'charged']: credits,
    ...(deliverable && { seconds: deliverable.durationSeconds }),
  });
}

/** The account's count, and one for each pair of metadata. */
function counts(table: string, made: Counted, now: number, added: Readonly<Record<string, number>>): NamedWrites {
  const { metadata = {}, ...counted } = made;
  return {
    usage: count(table, counted, now, added),
    ...Object.fromEntries(
      Object.entries(metadata).map((pair, index) => [`usage:${index}`, count(table, counted, now, added, pair)]),
    ),
  };
}

function count(
  table: string,
  made: Omit<Counted, 'metadata'>,
  now: number,
  added: Readonly<Record<string, number>>,
  pair?: readonly [string, string],
): TransactWrite {
  const { accountId, function: name, model = '', keyId = '' } = made;
  const day = utcDay(now);
  const fields: Record<string, unknown> = {
    day,
    function: name,
    model,
    keyId,
    // Kept a little longer than it can be read.
    ...(pair && { pair, expiresAt: Math.floor(Date.parse(day) / 1000) + (PAIR_DAYS + 2) * DAY_SECONDS }),
  };
  const prefix = pair ? pairUsagePrefix(day, pair) : usagePrefix(day);
  const [set, add] = [Object.keys(fields), Object.keys(added)].map(names => names.map(field => `#${field} :${field}`));
  return {
    Update: {
      TableName: table,
      Key: { pk: accountKey(accountId).pk, sk: `${prefix}#${name}#${model}#${keyId}` },
      UpdateExpression: `SET ${set?.map(clause => clause.replace(' ', ' = ')).join(', ')} ADD ${add?.join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(
        [...Object.keys(fields), ...Object.keys(added)].map(field => [`#${field}`, field]),
      ),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries({ ...fields, ...added }).map(([field, value]) => [`:${field}`, value]),
      ),
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

const DAY_SECONDS = 24 * 3600;
const DAY_MS = DAY_SECONDS * 1000;
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
  { from, to, after, subject }: { from: string; to: string; after?: string; subject?: UsageSubject | undefined },
): Promise<{ counts: UsageCount[]; next: string | undefined }> {
  const { pk } = accountKey(accountId);
  const counts: UsageCount[] = [];
  let start = after;
  let reads = 0;
  for (const { first, last } of usageRanges({ from, to }, subject)) {
    if (start !== undefined && start > last) continue;
    do {
      // A range that was not begun goes on before its first count, which no sort key equals.
      if (reads++ === READS) return { counts, next: start ?? first };
      const { Items = [], LastEvaluatedKey } = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
          // The counts of a key are read by whole months.
          FilterExpression: '#day BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#day': 'day' },
          ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last, ':from': from, ':to': to },
          ...(start !== undefined && { ExclusiveStartKey: { pk, sk: start } }),
        }),
      );
      counts.push(...(Items as UsageCount[]));
      start = LastEvaluatedKey ? String(LastEvaluatedKey.sk) : undefined;
    } while (start !== undefined);
  }
  return { counts, next: undefined };
}
