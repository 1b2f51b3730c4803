/**
 * Jobs in the jobs table: reading them, what workers and the reconciler change of them, and deleting them.
 * Admission creates a job, ending one is settle-store's alone, and job-list-store lists them.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { priorsOf } from '../catalogue/job-states.ts';
import type { SourceReference } from '../catalogue/video-request.ts';
import { jobKey, selectionKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { type Deletion, LATE_UPLOAD_MS, type RemovedObject, traceOf } from './deletion.ts';
import { type Deliverable, type Job, type KeptVideo, OPEN_SHARDS, openShard, stepAdded } from './job.ts';

/** The job, or undefined where this account has none of this id. */
export async function findJob(table: string, accountId: string, jobId: number): Promise<Job | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: jobKey(accountId, jobId), ConsistentRead: true }),
  );
  return Item as Job | undefined;
}

/** The job that looked for the masks of the frame last, however it went; undefined where none did. */
export async function findSelection(
  table: string,
  accountId: string,
  source: SourceReference,
  keyframe: number,
): Promise<Job | undefined> {
  const Key = selectionKey(accountId, source, keyframe);
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && findJob(table, accountId, Number(Item.jobId));
}

/**
 * Claims the job for one more attempt and answers it; undefined where it has ended meanwhile. The attempt's number is the
 * lease: a worker that was thought dead finds another number there and stops.
 */
export async function claimJob(table: string, accountId: string, jobId: number, at: string): Promise<Job | undefined> {
  // A job that is generating is taken again: its worker died, or its message would not be here.
  const priors = Object.fromEntries(
    [...priorsOf('generating'), 'generating'].map((prior, index) => [`:prior${index}`, prior]),
  );
  const step = stepAdded({ state: 'generating', at });
  return changed(table, accountId, jobId, {
    UpdateExpression: `SET #state = :generating, attempt = attempt + :one, progress = :zero, updatedAt = :at, ${step.clause}`,
    ConditionExpression: `#state IN (${Object.keys(priors).join(', ')})`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ...priors,
      ...step.values,
      ':generating': 'generating',
      ':one': 1,
      ':zero': 0,
      ':at': at,
    },
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

/** Releases a job that its worker may not finish: the attempt does not count. */
export async function returnJob(
  table: string,
  { accountId, jobId, attempt }: Pick<Job, 'accountId' | 'jobId' | 'attempt'>,
  at: string,
): Promise<void> {
  const step = stepAdded({ state: 'generating', at, reason: 'worker_stopping' });
  await changed(table, accountId, jobId, {
    UpdateExpression: `SET attempt = attempt - :one, progress = :zero, updatedAt = :at, ${step.clause}`,
    ...leasedBy(attempt, { ...step.values, ':one': 1, ':zero': 0, ':at': at }),
  });
}

/** Notes what the attempt has made and uploaded; false where the lease is no longer this attempt's. */
export async function noteMade(
  table: string,
  { accountId, jobId, attempt }: Pick<Job, 'accountId' | 'jobId' | 'attempt'>,
  made: Deliverable,
  at: string,
): Promise<boolean> {
  const step = stepAdded({ state: 'generating', at, reason: 'made' });
  const job = await changed(table, accountId, jobId, {
    UpdateExpression: `SET made = :made, updatedAt = :at, ${step.clause}`,
    ...leasedBy(attempt, { ...step.values, ':made': made, ':at': at }),
  });
  return job !== undefined;
}

/** Counts the attempt as one that failed, with its reason, and answers how many did; undefined where the lease is no longer this attempt's. */
export async function noteFailure(
  table: string,
  { accountId, jobId, attempt }: Pick<Job, 'accountId' | 'jobId' | 'attempt'>,
  reason: string,
  at: string,
): Promise<number | undefined> {
  const step = stepAdded({ state: 'generating', at, reason });
  const job = await changed(table, accountId, jobId, {
    UpdateExpression: `SET failures = if_not_exists(failures, :none) + :one, updatedAt = :at, ${step.clause}`,
    ...leasedBy(attempt, { ...step.values, ':none': 0, ':one': 1, ':at': at }),
  });
  return job?.failures;
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

/** Postpones the next reconciliation of an open job to `dueAt` (epoch ms). */
export async function postponeReconciliation(
  table: string,
  accountId: string,
  jobId: number,
  dueAt: number,
): Promise<void> {
  await changed(table, accountId, jobId, {
    UpdateExpression: 'SET dueAt = :dueAt',
    // One that ended meanwhile may be in the index for its own end.
    ConditionExpression: 'openShard = :shard',
    ExpressionAttributeValues: { ':dueAt': dueAt, ':shard': openShard(jobId) },
  });
}

export interface Deleting {
  /** What open jobs need of the video. */
  readonly kept: KeptVideo | undefined;
  /** Its files, as they are before it is deleted. */
  readonly objects: readonly RemovedObject[];
  readonly certificateId: string;
  /** Why, where no caller asked for it. */
  readonly reason?: string | undefined;
}

/**
 * Deletes a job that has ended and answers it as it is then; undefined where it is no longer in the state that was read. Its
 * item stays as a trace, deleted and with no way to its files but for open jobs that work on them: from then on no link is
 * minted, and no job is admitted that works on it. Then the files go, every version of them, of which the record of the
 * deletion has the hashes. A worker that was thought dead may still be uploading, and this may be cut off in between: so the
 * reconciler finds the job once more when no attempt can be alive, unless its deletion was complete before. `now` is epoch ms.
 */
export function markDeleted(
  table: string,
  job: Job,
  { kept, objects, certificateId, reason }: Deleting,
  now: number,
): Promise<Job | undefined> {
  const { accountId, jobId, state } = job;
  const at = new Date(now).toISOString();
  const step = stepAdded({ state: 'deleted', at, ...(reason !== undefined && { reason }) });
  return changed(table, accountId, jobId, {
    UpdateExpression:
      `SET #state = :deleted, endedAs = :state, updatedAt = :at, openShard = :shard, dueAt = :due, ${step.clause}, ` +
      `#request = :trace, certificateId = :certificate, deletion = :deletion${kept ? ', kept = :kept' : ''} REMOVE deliverable`,
    ConditionExpression: '#state = :state',
    ExpressionAttributeNames: { '#state': 'state', '#request': 'request' },
    ExpressionAttributeValues: {
      ':deleted': 'deleted',
      ':state': state,
      ...step.values,
      ':at': at,
      ':shard': openShard(jobId),
      ':due': now + LATE_UPLOAD_MS,
      ':trace': traceOf(job.request),
      ':certificate': certificateId,
      ':deletion': { startedAt: at, objects, hadMetadata: job.metadata !== undefined } satisfies Deletion,
      ...(kept && { ':kept': kept }),
    },
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
