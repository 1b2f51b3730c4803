/**
 * Which open jobs work on a video that was made here, kept on that video's own job: written by the transactions that admit
 * and end them, so that it is never wrong. A deleted video's bytes go when nobody uses them any more. Pure.
 */
import { type Job, openShard } from './job.ts';

const NAMES = { '#state': 'state' };

/** What is worked on has not ended by `:now`. */
export const STILL_KEPT = '(attribute_not_exists(keptUntilMs) OR keptUntilMs > :now)';

/** The update of the source by the admission of a job that works on it; refused where it is not there to be used at `now` (epoch ms). */
export function useBy(jobId: number, now: number) {
  return {
    UpdateExpression: 'ADD usedBy :job',
    ConditionExpression: `#state = :succeeded AND ${STILL_KEPT}`,
    ExpressionAttributeNames: NAMES,
    ExpressionAttributeValues: { ':job': new Set([jobId]), ':succeeded': 'succeeded', ':now': now },
  };
}

/**
 * The update of the source by the end of that job; undefined where there is nothing to say. Of a deleted source that nobody
 * else uses the reconciler then removes the bytes. Refused where the source has changed since it was read. `now` is epoch ms.
 */
export function unuseBy(
  jobId: number,
  { jobId: sourceId, state, usedBy }: Pick<Job, 'jobId' | 'state' | 'usedBy'>,
  now: number,
) {
  if (!usedBy?.has(jobId)) return undefined;
  const values = { ':job': new Set([jobId]), ':state': state };
  if (state !== 'deleted') {
    return {
      UpdateExpression: 'DELETE usedBy :job',
      ConditionExpression: '#state = :state',
      ExpressionAttributeNames: NAMES,
      ExpressionAttributeValues: values,
    };
  }
  if (usedBy.size > 1) {
    return {
      UpdateExpression: 'DELETE usedBy :job',
      ConditionExpression: '#state = :state AND size(usedBy) > :one',
      ExpressionAttributeNames: NAMES,
      ExpressionAttributeValues: { ...values, ':one': 1 },
    };
  }
  return {
    UpdateExpression: 'SET dueAt = :now, openShard = :shard DELETE usedBy :job',
    ConditionExpression: '#state = :state AND usedBy = :job',
    ExpressionAttributeNames: NAMES,
    ExpressionAttributeValues: { ...values, ':now': now, ':shard': openShard(sourceId) },
  };
}
