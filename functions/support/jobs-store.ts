/** Jobs as staff look for them: of whatever account by their ids, and all of an account. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { dayShards } from '../data/day-shard.ts';
import { jobKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import type { Job } from '../generation/job.ts';
import { momentOf } from '../runtime/ids.ts';

/**
 * Whose job it is, of whatever account; undefined where there is none. An id has its second in it, and the index of what was
 * started on a day is read for that: one read for each of its partitions.
 */
export async function accountOfJob(table: string, jobId: number): Promise<string | undefined> {
  const drawn = momentOf(jobId);
  const from = new Date(drawn - ADMITTED_WITHIN_MS).toISOString();
  const to = new Date(drawn + 2_000).toISOString();
  const shards = [...new Set([from, to].map(at => at.slice(0, 10)))].flatMap(dayShards);
  const pages = await Promise.all(
    shards.map(shard =>
      documents.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'byStart',
          KeyConditionExpression: 'startedShard = :shard AND createdAt BETWEEN :from AND :to',
          FilterExpression: 'jobId = :job',
          ExpressionAttributeValues: { ':shard': shard, ':from': from, ':to': to, ':job': jobId },
        }),
      ),
    ),
  );
  const [found] = pages.flatMap(({ Items = [] }) => Items);
  return found && String(found.accountId);
}

/** A submission in contention draws another id later, for as long as it is tried. */
const ADMITTED_WITHIN_MS = 15_000;

/** Jobs of an account, deleted ones too, newest first: for whoever looks what became of them. One read. */
export async function jobsPage(
  table: string,
  accountId: string,
  { after, limit }: { after: number | undefined; limit: number },
): Promise<{ jobs: Job[]; more: boolean }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': accountId, ':first': 'JOB#', ':last': 'JOB#~' },
      ScanIndexForward: false,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: jobKey(accountId, after) }),
    }),
  );
  return { jobs: Items as Job[], more: LastEvaluatedKey !== undefined };
}
