/** The record of a video's deletion in its job: what went, that nothing is left, and that its certificate is issued. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { jobKey, pairedJobKey } from '../data/item-keys.ts';
import { eventWrite } from '../data/outbox.ts';
import { documents } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { Random } from '../runtime/ids.ts';
import type { RemovedObject } from './deletion.ts';
import type { Job } from './job.ts';

type Named = Pick<Job, 'accountId' | 'jobId'>;

/** Adds files that came after the record was begun; not to one that has ended. */
export async function noteRemoved(
  table: string,
  { accountId, jobId }: Named,
  objects: readonly RemovedObject[],
): Promise<void> {
  await changed(
    table,
    { accountId, jobId },
    {
      UpdateExpression: 'SET deletion.objects = list_append(deletion.objects, :objects)',
      ConditionExpression: 'attribute_exists(deletion) AND attribute_not_exists(deletion.endedAt)',
      ExpressionAttributeValues: { ':objects': objects },
    },
  );
}

/**
 * Nothing of the files is left, and nothing can come: the job is only a trace from now on, the reconciler need not look at it
 * any more, and what issues certificates is told. False where that was so already, or somebody uses the video.
 */
export async function completeDeletion(table: string, job: Job, now: number, random: Random): Promise<boolean> {
  const { accountId, jobId, metadata = {}, certificateId } = job;
  const isRecorded = job.deletion !== undefined && certificateId !== undefined;
  // Nobody may delete rows: what finds it by its metadata is expired, and goes by itself.
  const expiresAt = Math.floor(now / 1000);
  const pairs = Object.entries(metadata).map((pair, index) => [
    `pair${index}`,
    { Put: { TableName: table, Item: { ...pairedJobKey(accountId, pair, jobId), jobId, expiresAt } } },
  ]);
  const refused = await commit({
    job: {
      Update: {
        TableName: table,
        Key: jobKey(accountId, jobId),
        UpdateExpression: `${isRecorded ? 'SET deletion.endedAt = :at ' : ''}REMOVE openShard, dueAt, kept, metadata`,
        ConditionExpression: '#state = :deleted AND attribute_exists(openShard) AND attribute_not_exists(usedBy)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':deleted': 'deleted',
          ...(isRecorded && { ':at': new Date(now).toISOString() }),
        },
      },
    },
    ...Object.fromEntries(pairs),
    // One of before there were certificates ends without.
    ...(isRecorded && { event: eventWrite(table, { type: 'video.deleted', accountId, jobId, at: now }, random) }),
  });
  return refused === undefined;
}

/** The certificate has the record now. */
export async function forgetDeletion(table: string, job: Named): Promise<void> {
  await changed(table, job, {
    UpdateExpression: 'REMOVE deletion',
    ConditionExpression: 'attribute_exists(deletion.endedAt)',
  });
}

async function changed(
  table: string,
  { accountId, jobId }: Named,
  change: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>,
): Promise<void> {
  try {
    await documents.send(new UpdateCommand({ TableName: table, Key: jobKey(accountId, jobId), ...change }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
