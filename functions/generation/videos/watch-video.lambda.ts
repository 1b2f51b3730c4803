import { setTimeout as pause } from 'node:timers/promises';
import { restHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { headerOf } from '../../http/caller.ts';
import { now, setting } from '../../runtime/runtime.ts';
import { videoEvents } from './contract.ts';
import { nextEvent } from './watch-video-command.ts';

const DEPENDENCIES = { jobsTable: setting('JOBS_TABLE'), now, pause };
const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

export const handler = restHandler(
  route(videoEvents, async ({ caller, input, event }) => {
    const text = await nextEvent(DEPENDENCIES, caller.accountId, input.id, headerOf(event, 'last-event-id'));
    // 204 is how a client is told not to come again.
    return text === undefined ? { status: 204, text: '' } : { headers: STREAM, text };
  }),
);
