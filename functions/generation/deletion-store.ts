/**
 * Deleting a job that has ended. Its item stays, as deleted and without a way to its files: from then on no link is
 * minted. Then the files go, every version of them. A worker that was thought dead may still be uploading, and this may
 * be cut off in between: so the sweeper finds the job once more when no attempt can be alive, and purges again.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { jobKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { type Job, openShard } from './job-item.ts';

/** Longer than an attempt can last: the studio is given 8 minutes. */
const SECOND_PURGE_MS = 15 * 60_000;

/** False where the job is no longer in the state that was read. `now` is epoch ms. */
export async function markDeleted(table: string, job: Job, now: number): Promise<boolean> {
  const { accountId, jobId, state } = job;
  return changed(table, accountId, jobId, {
    UpdateExpression:
      'SET #state = :deleted, endedAs = :state, updatedAt = :at, openShard = :shard, dueAt = :due REMOVE deliverable',
    ConditionExpression: '#state = :state',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ':deleted': 'deleted',
      ':state': state,
      ':at': new Date(now).toISOString(),
      ':shard': openShard(jobId),
      ':due': now + SECOND_PURGE_MS,
    },
  });
}

/** The sweeper need not look at it any more. */
export async function markPurged(table: string, accountId: string, jobId: number): Promise<void> {
  await changed(table, accountId, jobId, {
    UpdateExpression: 'REMOVE openShard, dueAt',
    ConditionExpression: '#state = :deleted',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':deleted': 'deleted' },
  });
}

async function changed(
  table: string,
  accountId: string,
  jobId: number,
  change: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>,
): Promise<boolean> {
  try {
    await documents.send(new UpdateCommand({ TableName: table, Key: jobKey(accountId, jobId), ...change }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
