import { numericId } from '../platform/ids.ts';
import { pixverse, serve } from '../platform/pixverse.ts';
import { now, random, setting } from '../platform/runtime.ts';
import { uploadImage } from './contract.ts';
import { inspectImage } from './image-inspection.ts';
import { imageObjectKey, mintLink, putMedia } from './media-store.ts';
import { imageBytes, readUpload } from './uploaded-image.ts';
import { putImage } from './uploads-store.ts';

const JOBS_TABLE = setting('JOBS_TABLE');
const MEDIA_BUCKET = setting('MEDIA_BUCKET');
const ALLOW = setting('IMAGE_SOURCE_ALLOW').split(',').filter(Boolean);

/** An id that is taken is drawn again. The object comes before its item: a crash between them leaves bytes that nobody can name, never a name without bytes. */
export const handler = pixverse(
  serve(
    uploadImage,
    async ({ caller: { accountId }, input }) => {
      const bytes = await imageBytes(input.image, input.image_url, ALLOW);
      const { contentType, width, height } = inspectImage(bytes);
      for (;;) {
        const imageId = numericId(now(), random);
        const objectKey = imageObjectKey(accountId, imageId);
        if (!(await putMedia(MEDIA_BUCKET, objectKey, bytes, contentType))) continue;
        const createdAt = new Date(now()).toISOString();
        const image = { accountId, imageId, objectKey, contentType, width, height, bytes: bytes.length, createdAt };
        if (await putImage(JOBS_TABLE, image))
          return { resp: { img_id: imageId, img_url: await mintLink(MEDIA_BUCKET, objectKey) } };
      }
    },
    readUpload,
  ),
);
