import { setTimeout as pause } from 'node:timers/promises';
import { streamingRestHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { headerOf } from '../../http/caller.ts';
import { now, random, setting } from '../../runtime/runtime.ts';
import { seenAt } from '../job.ts';
import { findJob } from '../jobs-store.ts';
import { videoEvents, WATCH_SECONDS } from './contract.ts';
import { openStream } from './open-stream-command.ts';
import { eventIdOf, isLast, jobIdOf, shownJob } from './video-object.ts';
import { progressEvents } from './watch-video-command.ts';

const JOBS_TABLE = setting('JOBS_TABLE');
const DEPENDENCIES = { coreTable: setting('CORE_TABLE'), now, random };
const WANTED = { seconds: WATCH_SECONDS, instead: 'read GET /v1/videos/{id} every few seconds' };
const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

export const handler = streamingRestHandler(
  route(videoEvents, async ({ caller, input: { id }, event, baseUrl }) => {
    const find = async () => seenAt(await findJob(JOBS_TABLE, caller.accountId, jobIdOf(id)), now());
    const job = shownJob(await find(), id);
    const seen = headerOf(event, 'last-event-id');
    // 204 is how a client is told not to come again.
    if (isLast(job) && eventIdOf(job) === seen) return { status: 204, text: '' };
    const open = await openStream(DEPENDENCIES, caller, WANTED);
    return { headers: STREAM, stream: open.stream(progressEvents({ baseUrl, find, now, pause }, job, seen)) };
  }),
);
