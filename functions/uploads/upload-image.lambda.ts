import { pixverseHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { uploadImage } from './contract.ts';
import { inspectImage } from './image-inspection.ts';
import { mintLink } from './media-store.ts';
import { takeImage } from './store-upload.ts';
import { imageBytes, readUpload } from './uploaded-image.ts';

const PLACE = { jobsTable: setting('JOBS_TABLE'), mediaBucket: setting('MEDIA_BUCKET') };
const ALLOW = setting('IMAGE_SOURCE_ALLOW').split(',').filter(Boolean);

export const handler = pixverseHandler(
  route(
    uploadImage,
    async ({ caller: { accountId }, input }) => {
      const bytes = await imageBytes(input.image, input.image_url, ALLOW);
      const { imageId, objectKey } = await takeImage(PLACE, accountId, bytes, inspectImage(bytes));
      return { body: { img_id: imageId, img_url: await mintLink(PLACE.mediaBucket, objectKey) } };
    },
    readUpload,
  ),
);
