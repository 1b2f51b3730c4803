import { streamingRestHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { headerOf } from '../../http/caller.ts';
import { now, random, setting } from '../../runtime/runtime.ts';
import { videoContent } from './contract.ts';
import { readContent } from './video-content-command.ts';

const DEPENDENCIES = {
  jobsTable: setting('JOBS_TABLE'),
  coreTable: setting('CORE_TABLE'),
  mediaBucket: setting('MEDIA_BUCKET'),
  now,
  random,
};

export const handler = streamingRestHandler(
  route(videoContent, ({ caller, input, event }) =>
    readContent(DEPENDENCIES, caller, { ...input, header: name => headerOf(event, name) }),
  ),
);
