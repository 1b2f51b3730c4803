/**
 * A job's life. One table of transitions: the DynamoDB conditions, the PixVerse status and the property tests derive
 * from it. Nobody else compares states.
 */
export const TRANSITIONS = {
  queued: ['generating', 'failed', 'cancelled', 'rejected'],
  generating: ['screening', 'succeeded', 'failed', 'rejected', 'cancelled'],
  screening: ['in_review', 'succeeded', 'rejected', 'failed', 'cancelled'],
  in_review: ['succeeded', 'rejected', 'failed', 'cancelled'],
  succeeded: ['deleted'],
  rejected: ['deleted'],
  failed: ['deleted'],
  cancelled: ['deleted'],
  deleted: [],
} as const satisfies Record<string, readonly string[]>;

export type JobState = keyof typeof TRANSITIONS;
export const JOB_STATES = Object.keys(TRANSITIONS) as JobState[];

/** States in which a job still holds credits and a place among those running. */
export const OPEN_STATES = ['queued', 'generating', 'screening', 'in_review'] as const satisfies JobState[];

export function isOpen(state: JobState): boolean {
  return (OPEN_STATES as readonly JobState[]).includes(state);
}

/** The states from which a job may come to `state`. */
export function priorsOf(state: JobState): JobState[] {
  return JOB_STATES.filter(prior => (TRANSITIONS[prior] as readonly JobState[]).includes(state));
}

/** The functions that make a video. */
export type VideoFunction = 'text_to_video' | 'image_to_video';

/** What is to be made, as admitted: the capability matrix has been checked and every default filled in. */
export interface VideoRequest {
  readonly function: VideoFunction;
  readonly model: string;
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly durationSeconds: number;
  readonly quality: Quality;
  /** Absent for image-to-video, where the picture decides. */
  readonly aspectRatio?: AspectRatio;
  readonly imageId?: number;
  readonly seed: number;
  readonly audio: boolean;
  readonly style: string;
  readonly cameraMovement: string;
  readonly motion: 'normal' | 'fast';
}

export const QUALITIES = ['360p', '540p', '720p', '1080p'] as const;
export type Quality = (typeof QUALITIES)[number];
export const ASPECT_RATIOS = ['16:9', '4:3', '1:1', '3:4', '9:16', '2:3', '3:2', '21:9'] as const;
export type AspectRatio = (typeof ASPECT_RATIOS)[number];

/** The finished file, as the worker found it by probing. */
export interface Deliverable {
  /** S3 keys in the media bucket. */
  readonly videoKey: string;
  readonly thumbnailKey: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
  readonly engine: string;
}

/** How generating ended, as the worker or the state machine tells settle. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly deliverable: Deliverable }
  | { readonly kind: 'failed'; readonly reason: string };

/** PixVerse's statuses: 1 success, 5 generating, 6 deleted, 7 moderation failed, 8 failed. */
export function pixverseStatus(state: JobState): 1 | 5 | 6 | 7 | 8 {
  if (isOpen(state)) return 5;
  if (state === 'succeeded') return 1;
  if (state === 'rejected') return 7;
  return state === 'deleted' ? 6 : 8;
}
