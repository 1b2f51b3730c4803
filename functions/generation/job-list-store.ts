/**
 * Jobs of an account as they are listed, by pages of bounded cost: in the order of their ids, or, where a pair of metadata is
 * requested, those of the pair alone, which have an order of their own. Everything else of a filter is applied to what was
 * read, so a page may show fewer than there is room for and have more after it; it says how far it looked.
 */
import { BatchGetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { busy } from '../data/contention.ts';
import { jobKey, pairedJobKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { type Job, seenAt } from './job.ts';
import { isSparse, type JobFilter, takes } from './job-filter.ts';

export interface ListRequest {
  readonly filter: JobFilter;
  /** The id after which the page begins, which need not be a job's. */
  readonly after: number | undefined;
  readonly limit: number;
  readonly ascending: boolean;
  /** Epoch ms: what was kept until then is not listed. */
  readonly now: number;
}

export interface ListPage {
  readonly jobs: readonly Job[];
  /** Whether there may be another after `last`. */
  readonly more: boolean;
  /** The last id that the page looked at; absent where there was none. */
  readonly last?: number;
}

/** Reads of one page: what a list costs is bounded whatever an account holds. */
const READS = 10;
/** Jobs that one read looks at: as many as BatchGetItem takes, and more where they come with the read itself. */
const ITEMS_A_READ = 100;
const SPARSE_ITEMS_A_READ = 300;
/** Of keys that one BatchGetItem left over. */
const BATCH_READS = 5;

/** A stretch of ids, both inclusive. */
interface Range {
  readonly first: number;
  readonly last: number;
}

/** Up to `limit` jobs that the filter takes. */
export async function listJobs(
  table: string,
  accountId: string,
  { filter, after, limit, ascending, now }: ListRequest,
): Promise<ListPage> {
  const jobs: Job[] = [];
  const pair = Object.entries(filter.metadata ?? {})[0];
  const [first, usual] = [limit + 1, pair ? ITEMS_A_READ : SPARSE_ITEMS_A_READ];
  let left = beyond(filter, after, ascending);
  let looked = after;
  for (let read = 0; read < READS && jobs.length <= limit; read++) {
    // One more than the page has says whether there is another.
    const size = isSparse(filter) ? usual : read === 0 ? Math.min(first, usual) : ITEMS_A_READ;
    const found = await candidates(table, accountId, { pair, range: left, ascending, size });
    jobs.push(...found.jobs.filter(job => takes(filter, seenAt(job, now))));
    if (found.last === undefined || jobs.length > limit) return pageOf(jobs, limit);
    looked = found.last;
    left = beyond(left, looked, ascending);
  }
  return jobs.length > limit
    ? pageOf(jobs, limit)
    : { jobs, more: true, ...(looked !== undefined && { last: looked }) };
}

function pageOf(found: readonly Job[], limit: number): ListPage {
  const jobs = found.slice(0, limit);
  const last = jobs.at(-1)?.jobId;
  return { jobs, more: found.length > limit, ...(last !== undefined && { last }) };
}

/** What is left of the range after this id. */
function beyond({ first, last }: Range, after: number | undefined, ascending: boolean): Range {
  if (after === undefined) return { first, last };
  return ascending ? { first: Math.max(first, after + 1), last } : { first, last: Math.min(last, after - 1) };
}

/** What one read finds in the range, and the last id that it looked at; `last` is absent where nothing is left. */
async function candidates(
  table: string,
  accountId: string,
  search: { pair: readonly [string, string] | undefined; range: Range; ascending: boolean; size: number },
): Promise<{ jobs: Job[]; last?: number }> {
  const { pair, range, ascending, size } = search;
  if (range.first > range.last) return { jobs: [] };
  const keyOf = (jobId: number) => (pair ? pairedJobKey(accountId, pair, jobId) : jobKey(accountId, jobId));
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: {
        ':pk': accountId,
        ':first': keyOf(range.first).sk,
        ':last': keyOf(range.last).sk,
      },
      ScanIndexForward: ascending,
      ConsistentRead: true,
      Limit: size,
    }),
  );
  const ids = Items.map(({ jobId }) => Number(jobId));
  const last = LastEvaluatedKey && ids.at(-1);
  const jobs = pair ? await jobsOf(table, accountId, ids) : (Items as Job[]);
  return { jobs, ...(last !== undefined && { last }) };
}

/** The jobs of these ids, at most a hundred, in their order. */
async function jobsOf(table: string, accountId: string, ids: readonly number[]): Promise<Job[]> {
  const found = new Map<number, Job>();
  let keys: Record<string, unknown>[] = ids.map(id => jobKey(accountId, id));
  for (let reads = 0; keys.length > 0; reads++) {
    if (reads === BATCH_READS) throw busy();
    const { Responses, UnprocessedKeys } = await documents.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const job of (Responses?.[table] ?? []) as Job[]) found.set(job.jobId, job);
    keys = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return ids.flatMap(id => found.get(id) ?? []);
}
