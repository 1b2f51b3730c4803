/** The progress of a video as server-sent events (the HTML standard's `text/event-stream`). Pure. */
import { isOpen } from '../job.ts';
import type { Job } from '../job-item.ts';
import { describeVideo } from './video-object.ts';

/** A client waits so long before it asks again. */
const RETRY_MS = 1000;

/** What a reader has seen when it has seen this; it changes with everything that an event tells. */
export function eventIdOf({ state, attempt, progress }: Pick<Job, 'state' | 'attempt' | 'progress'>): string {
  return `${state}.${attempt}.${progress}`;
}

/** Whether nothing will follow. */
export function isLast(job: Pick<Job, 'state'>): boolean {
  return !isOpen(job.state);
}

/** One event: its name is the status, its data the Video. */
export function eventOf(job: Job): string {
  const video = describeVideo(job);
  return `retry: ${RETRY_MS}\nid: ${eventIdOf(job)}\nevent: video.${video.status}\ndata: ${JSON.stringify(video)}\n\n`;
}

/** A comment, which readers pass over: nothing changed while this answer was open. */
export const NOTHING_NEW = `retry: ${RETRY_MS}\n: nothing new\n\n`;
