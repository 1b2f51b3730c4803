import { restHandler } from '../../audit/api-handlers.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import { route } from '../../http/api-handler.ts';
import { logger, now, setting } from '../../runtime/runtime.ts';
import { jobFolder, purge } from '../../uploads/purge-store.ts';
import { markDeleted } from '../deletion-store.ts';
import { isOpen } from '../job.ts';
import { findJob } from '../jobs-store.ts';
import { deleteVideo } from './contract.ts';
import { jobIdOf, noSuchVideo, videoId } from './video-id.ts';

const JOBS_TABLE = setting('JOBS_TABLE');
const MEDIA_BUCKET = setting('MEDIA_BUCKET');

/** Deleting twice is deleting once: the second time finds nothing left. */
export const handler = restHandler(
  route(deleteVideo, async ({ caller: { accountId }, input: { id } }) => {
    const jobId = jobIdOf(id);
    const job = await findJob(JOBS_TABLE, accountId, jobId);
    if (!job) throw noSuchVideo(id);
    if (isOpen(job.state)) {
      throw new Refusal('wrong_state', `video ${id} is not finished: cancel it first, or wait`, 'id');
    }
    // Where another call was faster, the files are for both to remove.
    if (job.state !== 'deleted') await markDeleted(JOBS_TABLE, job, now());
    const objects = await purge(MEDIA_BUCKET, jobFolder(accountId, jobId));
    logger.info('deleted', { accountId, jobId, objects });
    const body = { id: videoId(jobId), object: 'video.deleted', deleted: true } as const;
    return { body };
  }),
);
