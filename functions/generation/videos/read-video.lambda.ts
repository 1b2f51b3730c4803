import { restHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { pageOfPlaces } from '../../http/page.ts';
import { now, setting } from '../../runtime/runtime.ts';
import { estimateStart } from '../fair-queue.ts';
import { seenAt } from '../job.ts';
import { listJobs } from '../job-list-store.ts';
import { findJob } from '../jobs-store.ts';
import { queueDepth } from '../queue-client.ts';
import { listVideos, retrieveVideo } from './contract.ts';
import { filterOf } from './video-filter.ts';
import { describeVideo, jobIdOf, shownJob, videoId } from './video-object.ts';

const JOBS_TABLE = setting('JOBS_TABLE');
const QUEUE_URL = setting('QUEUE_URL');
const USUAL_LIMIT = 20;

async function find(accountId: string, id: string) {
  return shownJob(seenAt(await findJob(JOBS_TABLE, accountId, jobIdOf(id)), now()), id);
}

export const handler = restHandler(
  route(retrieveVideo, async ({ caller, input, baseUrl }) => {
    const job = await find(caller.accountId, input.id);
    // The queue is measured only for one that waits in it.
    const estimate = job.state === 'queued' ? estimateStart(await queueDepth(QUEUE_URL), now()) : undefined;
    return { body: describeVideo(baseUrl, job, estimate) };
  }),
  route(listVideos, async ({ caller, input, baseUrl }) => {
    const { after, limit = USUAL_LIMIT, order = 'desc' } = input;
    const { jobs, more, last } = await listJobs(JOBS_TABLE, caller.accountId, {
      filter: filterOf(input),
      after: after === undefined ? undefined : jobIdOf(after, 'after'),
      limit,
      ascending: order === 'asc',
      now: now(),
    });
    const data = jobs.map(job => describeVideo(baseUrl, job));
    return {
      body: pageOfPlaces(data, { first: data[0]?.id, last: last === undefined ? undefined : videoId(last), more }),
    };
  }),
);
