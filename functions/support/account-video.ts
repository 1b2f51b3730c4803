/**
 * A video as staff see it who help a customer: what became of it, when and why, and what it cost. Neither what was asked for
 * in words nor the video itself. Pure.
 */
import type { z } from 'zod';
import { isOpen } from '../catalogue/job-states.ts';
import type { Job, Step } from '../generation/job.ts';
import type { accountVideo } from './contract.ts';

export function describeAccountVideo(job: Job): z.output<typeof accountVideo> {
  const { accountId, jobId, state, request, credits, deliverable, failureCode, failure, deadlineAt } = job;
  const isPaid = state === 'succeeded' || job.endedAs === 'succeeded';
  const end = timelineOf(job).findLast(step => !isOpen(step.state) && step.state !== 'deleted');
  return {
    id: `video_${jobId}`,
    object: 'account.video',
    account_id: accountId,
    status: state,
    function: request.function,
    model: request.model || null,
    quality: request.quality,
    seconds: request.durationSeconds,
    plan: job.plan ?? null,
    key_id: job.keyId,
    created_at: job.createdAt,
    ended_at: end?.at ?? null,
    deadline_at: deadlineAt === undefined ? null : new Date(deadlineAt).toISOString(),
    attempts: job.attempt,
    failed_attempts: job.failures ?? 0,
    engine: deliverable?.engine ?? null,
    error: failureCode === undefined ? null : { code: failureCode, message: failure ?? '' },
    credits_held: isOpen(state) ? credits : 0,
    credits_charged: isPaid ? credits : 0,
  };
}

/** Its steps, oldest first; of a job of before they were kept, its beginning and what is known of its end. */
export function timelineOf({ timeline, createdAt, updatedAt, state, endedAs, failureCode }: Job): Step[] {
  if (timeline) return [...timeline];
  const last = { state, at: updatedAt, ...(failureCode !== undefined && { reason: failureCode }) };
  // When it ended before it was deleted is not known.
  const before = endedAs === undefined ? [] : [{ state: endedAs, at: updatedAt }];
  return [{ state: 'queued', at: createdAt }, ...(state === 'queued' ? [] : [...before, last])];
}
