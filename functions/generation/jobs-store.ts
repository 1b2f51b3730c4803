/** Reading jobs, and what workers and the sweeper change of them. Ending a job is settle-store's alone. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { jobKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { priorsOf } from './job.ts';
import { type Job, OPEN_SHARDS } from './job-item.ts';

/** The job, or undefined where this account has none of this id. */
export async function findJob(table: string, accountId: string, jobId: number): Promise<Job | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: jobKey(accountId, jobId), ConsistentRead: true }),
  );
  return Item as Job | undefined;
}

/**
 * Takes the job for one more attempt and answers it; undefined where it has ended meanwhile. The attempt's number is the
 * lease: a worker that was thought dead finds another number there and stops.
 */
export async function claimJob(table: string, accountId: string, jobId: number, at: string): Promise<Job | undefined> {
  // A job that is generating is taken again: its worker died, or its message would not be here.
  const priors = Object.fromEntries(
    [...priorsOf('generating'), 'generating'].map((prior, index) => [`:prior${index}`, prior]),
  );
  return changed(table, accountId, jobId, {
    UpdateExpression: 'SET #state = :generating, attempt = attempt + :one, progress = :zero, updatedAt = :at',
    ConditionExpression: `#state IN (${Object.keys(priors).join(', ')})`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ...priors, ':generating': 'generating', ':one': 1, ':zero': 0, ':at': at },
  });
}

/** Records how far the attempt is, 0 to 100; false where the lease is no longer this attempt's. */
export async function reportProgress(
  table: string,
  { accountId, jobId, attempt }: Pick<Job, 'accountId' | 'jobId' | 'attempt'>,
  progress: number,
  at: string,
): Promise<boolean> {
  const job = await changed(table, accountId, jobId, {
    UpdateExpression: 'SET progress = :progress, updatedAt = :at',
    ...leasedBy(attempt, { ':progress': progress, ':at': at }),
  });
  return job !== undefined;
}

/** Whether the attempt still has the job: nobody ended it, and no other attempt began. */
export async function holdsLease(
  table: string,
  { accountId, jobId, attempt }: Pick<Job, 'accountId' | 'jobId' | 'attempt'>,
): Promise<boolean> {
  const job = await findJob(table, accountId, jobId);
  return job?.state === 'generating' && job.attempt === attempt;
}

/** Gives a job back that its worker may not finish: the attempt does not count. */
export async function returnJob(
  table: string,
  { accountId, jobId, attempt }: Pick<Job, 'accountId' | 'jobId' | 'attempt'>,
  at: string,
): Promise<void> {
  await changed(table, accountId, jobId, {
    UpdateExpression: 'SET attempt = attempt - :one, progress = :zero, updatedAt = :at',
    ...leasedBy(attempt, { ':one': 1, ':zero': 0, ':at': at }),
  });
}

/** Open jobs that were to be looked at by `now` (epoch ms), at most `limit` of each partition. */
export async function overdueJobs(
  table: string,
  now: number,
  limit: number,
): Promise<{ accountId: string; jobId: number }[]> {
  const shards = await Promise.all(
    Array.from({ length: OPEN_SHARDS }, (_, shard) =>
      documents.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'open',
          KeyConditionExpression: 'openShard = :shard AND dueAt <= :now',
          ExpressionAttributeValues: { ':shard': `OPEN#${shard}`, ':now': now },
          Limit: limit,
        }),
      ),
    ),
  );
  return shards.flatMap(({ Items = [] }) =>
    Items.map(({ pk, sk }) => ({ accountId: String(pk), jobId: Number(String(sk).slice('JOB#'.length)) })),
  );
}

/** Puts off the next look at an open job to `dueAt` (epoch ms). */
export async function postponeSweep(table: string, accountId: string, jobId: number, dueAt: number): Promise<void> {
  await changed(table, accountId, jobId, {
    UpdateExpression: 'SET dueAt = :dueAt',
    ConditionExpression: 'attribute_exists(openShard)',
    ExpressionAttributeValues: { ':dueAt': dueAt },
  });
}

function leasedBy(attempt: number, values: Record<string, unknown>) {
  return {
    ConditionExpression: '#state = :generating AND attempt = :attempt',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':generating': 'generating', ':attempt': attempt, ...values },
  };
}

/** The job after the change; undefined where the condition refused it. */
async function changed(
  table: string,
  accountId: string,
  jobId: number,
  change: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>,
): Promise<Job | undefined> {
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({ TableName: table, Key: jobKey(accountId, jobId), ReturnValues: 'ALL_NEW', ...change }),
    );
    return Attributes as Job;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
