/** The changes of a video as server-sent events, one after another, until it has ended or the connection has lasted long enough. */
import type { Job } from '../job.ts';
import { eventIdOf, eventOf, HEARTBEAT, isLast } from './video-object.ts';

export interface WatchDependencies {
  /** The API's address. */
  readonly baseUrl: string;
  /** The job as it stands now. */
  readonly find: () => Promise<Job | undefined>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

/**
 * A function is not told that its reader is gone, and runs to its end all the same: so a connection lasts two minutes, and
 * readers come again by themselves. API Gateway would allow fifteen.
 */
export const LONGEST_MS = 120_000;
/** Proxies end what is silent for a minute or less. */
const HEARTBEAT_MS = 15_000;
const LOOK_MS = 500;

/** Every event that is newer than the one named `seen`, beginning with the state of `first`. */
export async function* progressEvents(
  { baseUrl, find, now, pause }: WatchDependencies,
  first: Job,
  seen: string | undefined,
): AsyncGenerator<string> {
  const until = now() + LONGEST_MS;
  let last = seen;
  let spokeAt = now();
  for (let job: Job | undefined = first; job; job = await find()) {
    if (eventIdOf(job) !== last) {
      last = eventIdOf(job);
      spokeAt = now();
      yield eventOf(baseUrl, job);
    } else if (now() - spokeAt >= HEARTBEAT_MS) {
      spokeAt = now();
      yield HEARTBEAT;
    }
    if (isLast(job) || now() >= until) return;
    await pause(LOOK_MS);
  }
}
