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

/** The finished file, as the worker found it by probing. */
export interface Deliverable {
  /** S3 keys in the media bucket. */
  readonly videoKey: string;
  readonly thumbnailKey: string;
  /** Frames of the whole clip on one picture. */
  readonly spritesheetKey?: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
  readonly engine: string;
  /** Mask selection: the masks that were found, each a picture of its own. */
  readonly masks?: readonly { readonly maskId: string; readonly name: string; readonly key: string }[];
}

/** How generating ended, as the worker or the state machine tells settle. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly deliverable: Deliverable }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** PixVerse's statuses: 1 success, 5 generating, 6 deleted, 7 moderation failed, 8 failed. */
export function pixverseStatus(state: JobState): 1 | 5 | 6 | 7 | 8 {
  if (isOpen(state)) return 5;
  if (state === 'succeeded') return 1;
  if (state === 'rejected') return 7;
  return state === 'deleted' ? 6 : 8;
}
