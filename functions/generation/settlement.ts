/**
 * How a job ends, decided once. Pure. The refund matrix: what succeeded is captured; what failed, for whatever reason, and
 * what was cancelled, in the queue or in the making, is released whole. What a worker has made has succeeded, whatever
 * failed afterwards: the report, the execution, or settling for as long as that was away.
 */
import { isOpen, type JobState, priorsOf } from '../catalogue/job-states.ts';
import { type Entry, settle } from '../credits/ledger.ts';
import type { EventType } from '../data/outbox.ts';
import { type Deliverable, type Job, madeOf, type Outcome } from './job.ts';

export interface Settlement {
  readonly state: Extract<JobState, 'succeeded' | 'failed' | 'cancelled'>;
  readonly entry: Entry;
  readonly event: EventType;
  readonly deliverable?: Deliverable;
  readonly failure?: string;
  readonly failureCode?: string;
  /** As the worker or the state machine reported it. */
  readonly reason?: string;
}

/** What to write for this outcome; undefined where the job has ended before, and nothing is left to do. */
export function decideSettlement(job: Job, outcome: Outcome): Settlement | undefined {
  if (!isOpen(job.state)) return undefined;
  const made = outcome.kind === 'failed' ? job.made : undefined;
  const deliverable = outcome.kind === 'succeeded' ? outcome.deliverable : made;
  if (deliverable) {
    const entry = settle(job.jobId, job.credits, 'capture', madeOf(job));
    return { state: 'succeeded', entry, event: 'video.succeeded', deliverable };
  }
  const entry = settle(job.jobId, job.credits, 'release', madeOf(job));
  if (outcome.kind !== 'failed') return { state: 'cancelled', entry, event: 'video.cancelled' };
  const { reason } = outcome;
  const told = { failure: explain(reason), failureCode: codeOf(reason) };
  return { state: 'failed', entry, event: 'video.failed', ...told, reason };
}

/** Throws where the job cannot come to this end from its state, such as to success before a worker began it. */
export function assertReachable({ jobId, state }: Pick<Job, 'jobId' | 'state'>, settlement: Settlement): void {
  if (priorsOf(settlement.state).includes(state)) return;
  throw new Error(`the job ${jobId} is ${state} and cannot have ${settlement.state}`);
}

/** A failure in words for callers: never the platform's insides. */
const EXPLANATIONS: ReadonlyMap<string, string> = new Map([
  ['States.HeartbeatTimeout', 'no worker finished the job in time'],
  ['States.Timeout', 'no worker finished the job in time'],
  ['bad_image', 'the image could not be decoded'],
  ['bad_media', 'the film or the recording could not be decoded'],
  ['bad_mask', 'the film has no such mask'],
  ['timeout', 'making it took longer than a worker may spend on one video'],
  ['attempts_exhausted', 'the job did not finish in any of its attempts'],
  ['orchestration_ended', 'the job was lost on its way'],
  ['deadline_passed', 'the video was not finished by its deadline'],
]);

function explain(reason: string): string {
  return `${EXPLANATIONS.get(reason) ?? 'the video could not be made'}; its credits were given back`;
}

/** The reason where it is one of ours; what the state machine or an engine says is not for callers. */
function codeOf(reason: string): string {
  if (reason === 'timeout' || reason.endsWith('Timeout')) return 'timed_out';
  return EXPLANATIONS.has(reason) ? reason : 'generation_failed';
}
