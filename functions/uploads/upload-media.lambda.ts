import { pixverseHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { uploadMedia } from './contract.ts';
import { inspectApart } from './inspect-apart.ts';
import { mintLink } from './media-store.ts';
import { takeMedia } from './store-upload.ts';
import { readUpload } from './uploaded-image.ts';
import { mediaBytes } from './uploaded-media.ts';

const PLACE = { jobsTable: setting('JOBS_TABLE'), mediaBucket: setting('MEDIA_BUCKET') };
const ALLOW = setting('IMAGE_SOURCE_ALLOW').split(',').filter(Boolean);

export const handler = pixverseHandler(
  route(
    uploadMedia,
    async ({ caller: { accountId }, input }) => {
      const { bytes, field } = await mediaBytes(input.file, input.file_url, ALLOW);
      const facts = await inspectApart(bytes, field);
      const { mediaId, objectKey } = await takeMedia(PLACE, accountId, bytes, facts);
      const { mediaType, durationSeconds, hasAudio, width, height } = facts;
      const resp = { media_id: mediaId, media_type: mediaType, url: await mintLink(PLACE.mediaBucket, objectKey) };
      return { body: { ...resp, width, height, duration: durationSeconds, has_audio: hasAudio } };
    },
    readUpload,
  ),
);
