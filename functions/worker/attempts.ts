/**
 * How often a job is begun. An attempt that ended in the platform's own trouble is a failure; one whose worker was never
 * heard of again is a death: hosts are reclaimed, replaced and switched off, and that is not the job's doing. So deaths
 * are counted apart, and are many before the job itself is taken to be what its workers die of. An attempt that its
 * worker gave back in order counts as neither. Pure.
 */
import type { Job } from '../generation/job.ts';

/** The third failure is the last. */
export const MOST_FAILURES = 3;
/** With a lease of 45 seconds some six minutes of hosts that die; then the job is given up. */
export const MOST_DEATHS = 8;

/** Whether the attempt that was just claimed may begin: it is neither a failure nor a death yet. */
export function mayBegin({ attempt, failures = 0 }: Pick<Job, 'attempt' | 'failures'>): boolean {
  const deaths = attempt - 1 - failures;
  return failures < MOST_FAILURES && deaths < MOST_DEATHS;
}

/** Seconds from a failure to the next attempt: 2, then 8: trouble that has lasted is left more time. */
export function pauseAfter(failures: number): number {
  return 2 * 4 ** (failures - 1);
}
