import { pixverseHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { now, setting } from '../runtime/runtime.ts';
import { mintLink } from '../uploads/media-store.ts';
import { makesImage, seenAt } from './job.ts';
import { findJob } from './jobs-store.ts';
import { imageOf, successMessage, videoOf } from './pixverse/results.ts';
import { imageResult, videoResult } from './pixverse/results-contract.ts';

const JOBS_TABLE = setting('JOBS_TABLE');
const MEDIA_BUCKET = setting('MEDIA_BUCKET');

const link = async (key: string | undefined, name: string) => (key ? mintLink(MEDIA_BUCKET, key, name) : '');

export const handler = pixverseHandler(
  route(videoResult, async ({ caller, input: { id } }) => {
    const job = seenAt(await findJob(JOBS_TABLE, caller.accountId, id), now());
    if (!job || makesImage(job.request)) throw new Refusal('not_found', `there is no video ${id}`);
    const { videoKey, thumbnailKey } = job.deliverable ?? {};
    const [url, thumbnail_url] = await Promise.all([link(videoKey, `${id}.mp4`), link(thumbnailKey, `${id}.jpg`)]);
    return { body: videoOf(job, { url, thumbnail_url }), message: successMessage(job, 'video') };
  }),
  route(imageResult, async ({ caller, input: { image_id } }) => {
    const job = seenAt(await findJob(JOBS_TABLE, caller.accountId, image_id), now());
    if (job?.request.function !== 'image_template') throw new Refusal('not_found', `there is no image ${image_id}`);
    // The image is the whole of what was made: it lies where a video's thumbnail does.
    const url = await link(job.deliverable?.thumbnailKey, `${image_id}.jpg`);
    return { body: imageOf(job, url), message: successMessage(job, 'image') };
  }),
);
