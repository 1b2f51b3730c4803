/**
 * A job's life. One table of transitions: the DynamoDB conditions, the PixVerse status, the descriptions and the property
 * tests derive from it. Nobody else compares states.
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

/**
 * What clients must be ready to meet and nothing writes yet: it comes with the review of content, which screens what was
 * made and asks a person where it is in doubt. A test holds that all else is written, and nothing of this.
 */
export const PLANNED = {
  writtenBy: 'review of content',
  states: ['screening', 'in_review', 'rejected'],
  /** Types of events in the outbox. */
  events: ['video.rejected'],
  /** PixVerse's `status`. */
  pixverseStatuses: [7],
  /** Of the Video of the Videos dialect: null until then. */
  members: ['moderation'],
} as const satisfies {
  writtenBy: string;
  states: readonly JobState[];
  events: readonly string[];
  pixverseStatuses: readonly number[];
  members: readonly string[];
};

const quoted = (states: readonly string[]): string => states.map(state => `\`${state}\``).join(', ');

/** The states for a reader of the reference. */
export const STATES_DESCRIPTION = `One of ${quoted(JOB_STATES)}. Of these, ${quoted(PLANNED.states)} are reserved for ${PLANNED.writtenBy}, which is not in use yet.`;

/** States in which a job still holds credits and a place among those running. */
export const OPEN_STATES = ['queued', 'generating', 'screening', 'in_review'] as const satisfies JobState[];

export function isOpen(state: JobState): boolean {
  return (OPEN_STATES as readonly JobState[]).includes(state);
}

/** The states from which a job may come to `state`. */
export function priorsOf(state: JobState): JobState[] {
  return JOB_STATES.filter(prior => (TRANSITIONS[prior] as readonly JobState[]).includes(state));
}

/** PixVerse's statuses: 1 success, 5 generating, 6 deleted, 7 moderation failed, 8 failed. */
export function pixverseStatus(state: JobState): 1 | 5 | 6 | 7 | 8 {
  if (isOpen(state)) return 5;
  if (state === 'succeeded') return 1;
  if (state === 'rejected') return 7;
  return state === 'deleted' ? 6 : 8;
}
