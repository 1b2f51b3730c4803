import { setTimeout as pause } from 'node:timers/promises';
import { restHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { headerOf } from '../../http/caller.ts';
import { now, setting } from '../../runtime/runtime.ts';
import { findJob } from '../jobs-store.ts';
import { videoEvents } from './contract.ts';
import { eventIdOf, eventOf, isLast, NOTHING_NEW } from './progress-event.ts';
import { jobIdOf, noSuchVideo } from './video-id.ts';

const JOBS_TABLE = setting('JOBS_TABLE');

/** API Gateway gives an answer up after 29 seconds, and hands it on only when it is whole: one event for each answer. */
const LONGEST_MS = 20_000;
const LOOK_MS = 500;

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

export const handler = restHandler(
  route(videoEvents, async ({ caller, input, event }) => {
    const jobId = jobIdOf(input.id);
    const seen = headerOf(event, 'last-event-id');
    for (const until = now() + LONGEST_MS; ; await pause(LOOK_MS)) {
      const job = await findJob(JOBS_TABLE, caller.accountId, jobId);
      if (!job) throw noSuchVideo(input.id);
      if (eventIdOf(job) !== seen) return { headers: STREAM, text: eventOf(job) };
      // The end was seen: 204 is how a reader is told not to come again.
      if (isLast(job)) return { status: 204, text: '' };
      if (now() >= until) return { headers: STREAM, text: NOTHING_NEW };
    }
  }),
);
