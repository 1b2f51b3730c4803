/** A job as a Video of this dialect. Pure. Four statuses are all that it has; `stage` and `error.code` say the rest. */

import type { z } from 'zod';
import { digitalSourceTypeOf, type EngineSourceType } from '../../catalogue/source-type.ts';
import { momentOf } from '../../runtime/ids.ts';
import { isOpen, type JobState } from '../job.ts';
import type { Job } from '../job-item.ts';
import type { videoObject } from './object-contract.ts';
import type { Estimate } from './queue-estimate.ts';
import { sizeOf } from './sizes.ts';
import { videoId } from './video-id.ts';

export type Video = z.output<typeof videoObject>;

/** What of a job the description needs: also what is known of one at its beginning. */
export type Described = Pick<Job, 'jobId' | 'state' | 'request' | 'credits' | 'progress'> &
  Partial<Pick<Job, 'deliverable' | 'failure' | 'failureCode' | 'updatedAt' | 'deadlineAt' | 'endedAs'>>;

const STATUS: Readonly<Record<JobState, Video['status']>> = {
  queued: 'queued',
  generating: 'in_progress',
  screening: 'in_progress',
  in_review: 'in_progress',
  succeeded: 'completed',
  rejected: 'failed',
  failed: 'failed',
  cancelled: 'failed',
  deleted: 'failed',
};

export function describeVideo(job: Described, estimate?: Estimate): Video {
  const { jobId, state, request, credits, deliverable: made } = job;
  const ended = !isOpen(state) && state !== 'deleted';
  const paid = state === 'succeeded' || job.endedAs === 'succeeded';
  const { source } = request;
  return {
    id: videoId(jobId),
    object: 'video',
    status: STATUS[state],
    progress: job.progress,
    model: request.model || request.function,
    prompt: request.prompt || null,
    seconds: String(Math.round(made?.durationSeconds ?? request.durationSeconds)),
    size: sizeSaid(job),
    // The id holds its second: the first answer and every later one say the same.
    created_at: momentOf(jobId) / 1000,
    completed_at: ended && job.updatedAt ? Math.floor(Date.parse(job.updatedAt) / 1000) : null,
    expires_at: null,
    error: errorOf(job),
    remixed_from_video_id: request.function === 'modify' && source?.kind === 'video' ? videoId(source.id) : null,
    stage: state,
    function: request.function,
    seed: request.seed,
    estimated_queue_position: estimate?.position ?? null,
    estimated_start_at: estimate ? Math.floor(estimate.startAt / 1000) : null,
    deadline_at: job.deadlineAt === undefined ? null : Math.floor(job.deadlineAt / 1000),
    credits_held: isOpen(state) ? credits : 0,
    credits_charged: paid ? credits : 0,
    provenance: {
      engine: made?.engine ?? null,
      ai_generated: true,
      digital_source_type: made ? digitalSourceTypeOf(request.function, engineSourceType(made.engine)) : null,
    },
    moderation: moderationOf(state),
    links: linksOf(job),
  };
}

function sizeSaid({ deliverable: made, request: { quality, aspectRatio } }: Described): string {
  if (made) return `${made.width}x${made.height}`;
  return aspectRatio === undefined ? 'auto' : sizeOf({ quality, aspectRatio });
}

function errorOf({ state, failure, failureCode }: Described): Video['error'] {
  if (state === 'failed')
    return { code: failureCode ?? 'generation_failed', message: failure ?? 'it could not be made' };
  if (state === 'rejected') return { code: 'moderation_blocked', message: failure ?? 'its content was refused' };
  if (state === 'cancelled') return { code: 'cancelled', message: 'it was cancelled; its credits were given back' };
  return state === 'deleted' ? { code: 'deleted', message: 'it was deleted' } : null;
}

/** Only the preview engine draws; every other one is a trained model. */
function engineSourceType(engine: string): EngineSourceType {
  return engine === 'preview' ? 'algorithmicMedia' : 'trainedAlgorithmicMedia';
}

function moderationOf(state: JobState): Video['moderation'] {
  if (state === 'rejected') return { decision: 'rejected' };
  return state === 'screening' || state === 'in_review' ? { decision: 'pending' } : null;
}

function linksOf({ jobId, state, deliverable: made }: Described): Record<string, string> {
  const self = `/v1/videos/${videoId(jobId)}`;
  if (isOpen(state)) return { self, events: `${self}/events`, cancel: `${self}/cancel` };
  if (state !== 'succeeded' || !made) return { self };
  const content = (variant: string): string => `${self}/content?variant=${variant}`;
  return {
    self,
    content: `${self}/content`,
    thumbnail: content('thumbnail'),
    ...(made.spritesheetKey !== undefined && { spritesheet: content('spritesheet') }),
  };
}
