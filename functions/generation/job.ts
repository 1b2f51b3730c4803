/** A job as it is stored, and how generating ends. */
import type { JobState } from '../catalogue/job-states.ts';
import type { PlanName } from '../catalogue/plans.ts';
import { isOver, momentText } from '../catalogue/retention.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Made } from '../credits/ledger.ts';
import type { Metadata } from '../http/metadata-contract.ts';
import type { Deletion } from './deletion.ts';

export interface Job {
  readonly accountId: string;
  readonly jobId: number;
  readonly state: JobState;
  readonly request: VideoRequest;
  /** Credits that it holds while open, and cost once it succeeded. */
  readonly credits: number;
  readonly keyId: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** How many workers have begun it; the number is also the lease of the latest. */
  readonly attempt: number;
  /** How many of these ended in the platform's own trouble. */
  readonly failures?: number;
  /** 0 to 100. */
  readonly progress: number;
  readonly deliverable?: Deliverable;
  /** Of an open job: what a worker has made and uploaded, which is delivered however it is settled. */
  readonly made?: Deliverable;
  readonly failure?: string;
  /** A short name of the failure, for programs. */
  readonly failureCode?: string;
  /** Epoch ms; a job that is still open then is ended. */
  readonly deadlineAt?: number;
  /** Of a deleted job: how it had ended. */
  readonly endedAs?: JobState;
  /** What became of it, oldest first; absent from jobs of before there was this. */
  readonly timeline?: readonly Step[];
  /** Days that its files are kept from its end on; absent from jobs of before there was this, whose files stay. */
  readonly retentionDays?: number;
  /** Epoch ms: when they end; absent until it has files. */
  readonly keptUntilMs?: number;
  /** The account's plan when it was started. */
  readonly plan?: PlanName;
  /** Open jobs that work on its video: its bytes stay while there is one, also where it was deleted. Absent where none is. */
  readonly usedBy?: ReadonlySet<number>;
  /** Of a deleted job: its video, for the jobs in `usedBy`. */
  readonly kept?: KeptVideo;
  /** Of a deleted job: its certificate, issued when its files are gone; absent where it was deleted before there were any. */
  readonly certificateId?: string;
  /** Of a deleted job, until its certificate is issued: what went. */
  readonly deletion?: Deletion;
  /** What the caller keeps with it; absent where it gave none. */
  readonly metadata?: Metadata;
  /** The hash of a key whose spend limit paid the hold: what is released goes back to it. */
  readonly spendKeyHash?: string;
}

/** A step of a job: the state that it came to or stayed in, and why, in the platform's own words, which are not for callers. */
export interface Step {
  readonly state: JobState;
  /** ISO 8601. */
  readonly at: string;
  readonly reason?: string;
}

/** What a worker may say is as long as it likes. */
const LONGEST_REASON = 200;

/** The step as the end of the timeline: a clause of an update's SET, and its values. */
export function stepAdded({ reason, ...step }: Step) {
  return {
    clause: 'timeline = list_append(if_not_exists(timeline, :noSteps), :step)',
    values: { ':noSteps': [], ':step': [{ ...step, ...(reason && { reason: reason.slice(0, LONGEST_REASON) }) }] },
  };
}

/** What a job that works on a deleted video needs of it. */
export interface KeptVideo extends Pick<Deliverable, 'videoKey' | 'width' | 'height' | 'durationSeconds' | 'hasAudio'> {
  /** The version of the object: without it there seems to be none any more. */
  readonly versionId?: string;
}

/** The finished file, as the worker found it by probing. */
export interface Deliverable {
  /** S3 keys in the media bucket. */
  readonly videoKey: string;
  readonly thumbnailKey: string;
  /** Frames of the whole clip in one image. */
  readonly spritesheetKey?: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
  readonly engine: string;
  /** Mask selection: the masks that were found, each an image of its own. */
  readonly masks?: readonly { readonly maskId: string; readonly name: string; readonly key: string }[];
}

/** How generating ended, as the worker or the state machine reports it. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly deliverable: Deliverable }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** What its entries in the ledger and in the counts of usage say of it. */
export function madeOf({ request, keyId, plan }: Pick<Job, 'request' | 'keyId' | 'plan'>): Made {
  return { function: request.function, ...(request.model && { model: request.model }), keyId, ...(plan && { plan }) };
}

/** What reports read of a job: beside the request, so that an index can carry it without a word of the prompt. */
export function reportedOf({ function: made, model, quality, durationSeconds }: VideoRequest) {
  return { function: made, model, quality, durationSeconds };
}

/** The job whose video this one works on; undefined where it works on none that was made here. */
export function sourceJobOf({ source }: Pick<VideoRequest, 'source'>): number | undefined {
  return source?.kind === 'video' ? source.id : undefined;
}

/** The job as callers see it: one whose files have ended is deleted for them, whether or not the files are removed yet. */
export function seenAt<Found extends Job | undefined>(job: Found, now: number): Found {
  if (job?.state !== 'succeeded' || !isOver(job, now)) return job;
  const { deliverable: _, ...rest } = job;
  const updatedAt = momentText(job.keptUntilMs);
  return { ...rest, state: 'deleted', endedAs: job.state, updatedAt } as Found;
}

/** Open jobs are spread over this many partitions of the index `open`, for the reconciler. */
export const OPEN_SHARDS = 4;
export const openShard = (jobId: number): string => `OPEN#${jobId % OPEN_SHARDS}`;

/** Whether the function makes an image and no video. */
export function makesImage({ function: made }: Pick<VideoRequest, 'function'>): boolean {
  return made === 'image_template' || made === 'mask_selection';
}
