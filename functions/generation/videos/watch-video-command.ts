/** Waits for the next change of a video, as a server-sent event. */
import { findJob } from '../jobs-store.ts';
import { eventIdOf, eventOf, isLast, jobIdOf, NOTHING_NEW, shownJob } from './video-object.ts';

export interface WatchDependencies {
  readonly jobsTable: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** API Gateway gives a response up after 29 seconds, and hands it on only when it is whole: one event for each response. */
const LONGEST_MS = 20_000;
const LOOK_MS = 500;

/** The event after the one named `seen`; undefined where that was the last. */
export async function nextEvent(
  { jobsTable, now, pause }: WatchDependencies,
  accountId: string,
  id: string,
  seen: string | undefined,
): Promise<string | undefined> {
  const jobId = jobIdOf(id);
  for (const until = now() + LONGEST_MS; ; await pause(LOOK_MS)) {
    const job = shownJob(await findJob(jobsTable, accountId, jobId), id);
    if (eventIdOf(job) !== seen) return eventOf(job);
    if (isLast(job)) return undefined;
    if (now() >= until) return NOTHING_NEW;
  }
}
