/** Which jobs of an account a list shows. Pure. */
import type { JobState } from '../catalogue/job-states.ts';
import type { VideoFunction } from '../catalogue/video-request.ts';
import type { Metadata } from '../http/metadata-contract.ts';
import type { Job } from './job.ts';

export interface JobFilter {
  /** Ids, both inclusive; an id has its second in it. */
  readonly first: number;
  readonly last: number;
  readonly states?: readonly JobState[] | undefined;
  readonly function?: VideoFunction | undefined;
  /** Empty for what no model makes. */
  readonly model?: string | undefined;
  /** Pairs that it has, all of them. */
  readonly metadata?: Metadata | undefined;
}

/** Every job that there can be. */
export const ALL_JOBS: JobFilter = { first: 0, last: Number.MAX_SAFE_INTEGER };

/** Whether the list shows the job, of those with ids in its range; a deleted one never. */
export function takes({ states, function: made, model, metadata = {} }: JobFilter, job: Job): boolean {
  return (
    job.state !== 'deleted' &&
    (states === undefined || states.includes(job.state)) &&
    (made === undefined || job.request.function === made) &&
    (model === undefined || job.request.model === model) &&
    Object.entries(metadata).every(([key, value]) => job.metadata?.[key] === value)
  );
}

/** Whether reading finds jobs that are not shown, besides those of other times and deleted ones. */
export function isSparse({ states, function: made, model, metadata = {} }: JobFilter): boolean {
  // One pair is found by its own index.
  return (states ?? made ?? model) !== undefined || Object.keys(metadata).length > 1;
}
