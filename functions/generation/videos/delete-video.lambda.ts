import { restHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { now, random, setting } from '../../runtime/runtime.ts';
import { deleteVideo } from './contract.ts';
import * as commands from './end-video-command.ts';
import { videoId } from './video-object.ts';

const DEPENDENCIES = { jobsTable: setting('JOBS_TABLE'), mediaBucket: setting('MEDIA_BUCKET'), now, random };

export const handler = restHandler(
  route(deleteVideo, async ({ caller: { accountId }, input: { id } }) => {
    const { jobId, certificateId: certificate_id = null } = await commands.deleteVideo(DEPENDENCIES, accountId, id);
    return { body: { id: videoId(jobId), object: 'video.deleted' as const, deleted: true as const, certificate_id } };
  }),
);
