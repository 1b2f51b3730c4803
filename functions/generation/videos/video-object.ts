/**
 * A job as this dialect shows it: its id, the Video, its content, and its progress as server-sent events. Pure. A Video has
 * four statuses; `stage` and `error.code` say the rest.
 */
import type { z } from 'zod';
import { sizeOf } from '../../catalogue/frame-size.ts';
import { isOpen, type JobState } from '../../catalogue/job-states.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import { momentText } from '../../catalogue/retention.ts';
import { digitalSourceTypeOf, type EngineSourceType } from '../../catalogue/source-type.ts';
import { momentOf } from '../../runtime/ids.ts';
import type { Estimate } from '../fair-queue.ts';
import type { Job } from '../job.ts';
import type { videoObject } from './object-contract.ts';

export type Video = z.output<typeof videoObject>;

/** `video_` and the job's number. */
export const videoId = (jobId: number): string => `video_${jobId}`;

/** The number in an id; throws `not_found` for what cannot be one, as for a video that never was. */
export function jobIdOf(id: string, field = 'id'): number {
  const [, digits = ''] = /^(?:video_)?([1-9]\d{0,15})$/.exec(id) ?? [];
  const jobId = Number(digits);
  if (jobId === 0 || !Number.isSafeInteger(jobId)) throw noSuchVideo(id, field);
  return jobId;
}

export function noSuchVideo(id: string, field = 'id'): Refusal {
  return new Refusal('not_found', `there is no video ${id}`, field);
}

/** The job of a video that can be shown; throws where there is none, and where it was deleted. `field` is where its id came from. */
export function shownJob(job: Job | undefined, id: string, field?: string): Job {
  if (!job) throw noSuchVideo(id, field);
  if (job.state === 'deleted') throw new Refusal('video_deleted', `video ${id} ${goneAs(job)}`, field ?? 'id');
  return job;
}

/** One may be deleted before its time, and is not read after it. */
function goneAs({ keptUntilMs, updatedAt }: Job): string {
  const isOver = keptUntilMs !== undefined && keptUntilMs <= Date.parse(updatedAt);
  return isOver ? `was kept until ${momentText(keptUntilMs)}` : 'was deleted';
}

/** What of a job the description needs: also what is known of one at its beginning. */
export type Described = Pick<Job, 'jobId' | 'state' | 'request' | 'credits' | 'progress'> &
  Partial<
    Pick<
      Job,
      'deliverable' | 'failure' | 'failureCode' | 'updatedAt' | 'deadlineAt' | 'endedAs' | 'metadata' | 'keptUntilMs'
    >
  >;

/** What this dialect calls each state. */
export const STATUS: Readonly<Record<JobState, Video['status']>> = {
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

/** A video as the API at `baseUrl` shows it. */
export function describeVideo(baseUrl: string, job: Described, estimate?: Estimate): Video {
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
    size: sizeOfVideo(job),
    // The id holds its second: the first response and every later one have the same.
    created_at: momentOf(jobId) / 1000,
    completed_at: ended && job.updatedAt ? Math.floor(Date.parse(job.updatedAt) / 1000) : null,
    expires_at: job.keptUntilMs === undefined ? null : job.keptUntilMs / 1000,
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
    metadata: { ...job.metadata },
    links: linksOf(baseUrl, job),
  };
}

function sizeOfVideo({ deliverable: made, request: { quality, aspectRatio } }: Described): string {
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

function linksOf(baseUrl: string, { jobId, state, deliverable: made }: Described): Record<string, string> {
  const self = `${baseUrl}/v1/videos/${videoId(jobId)}`;
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

export type Variant = 'video' | 'thumbnail' | 'spritesheet';

/** The S3 key, and the name to save it under; a Refusal where there is no such file. */
export function contentOf(job: Job, variant: Variant = 'video'): { key: string; name: string } {
  const { jobId, state, deliverable: made } = job;
  const id = videoId(jobId);
  if (state !== 'succeeded' || !made) {
    const why = isOpen(state) ? 'is not finished yet' : `has ${state}`;
    throw new Refusal('wrong_state', `video ${id} ${why}: only a completed one has content`);
  }
  if (variant === 'video') return { key: made.videoKey, name: `${id}.mp4` };
  if (variant === 'thumbnail') return { key: made.thumbnailKey, name: `${id}.jpg` };
  if (made.spritesheetKey === undefined) {
    throw new Refusal('not_found', `video ${id} has no spritesheet`, 'variant');
  }
  return { key: made.spritesheetKey, name: `${id}-sprites.jpg` };
}

/** A client waits so long before it calls again. */
const RETRY_MS = 1000;

/** Names the event; it changes with everything that an event reports. */
export function eventIdOf({ state, attempt, progress }: Pick<Job, 'state' | 'attempt' | 'progress'>): string {
  return `${state}.${attempt}.${progress}`;
}

/** Whether nothing will follow. */
export function isLast(job: Pick<Job, 'state'>): boolean {
  return !isOpen(job.state);
}

/** One event: its name is the status, its data the Video. */
export function eventOf(baseUrl: string, job: Job): string {
  const video = describeVideo(baseUrl, job);
  return `retry: ${RETRY_MS}\nid: ${eventIdOf(job)}\nevent: video.${video.status}\ndata: ${JSON.stringify(video)}\n\n`;
}

/** A comment, which clients ignore: the connection lives, and nothing has changed. */
export const HEARTBEAT = `: nothing new\n\n`;
