/**
 * Stores what was uploaded and inspected. An id that is taken is drawn again. The object comes before its item: a crash
 * between them leaves bytes that nobody can name, never a name without bytes.
 */
import { numericId } from '../runtime/ids.ts';
import { now, random } from '../runtime/runtime.ts';
import type { ImageFacts } from './image-inspection.ts';
import type { MediaFacts } from './media-inspection.ts';
import { imageObjectKey, mediaObjectKey, putMedia } from './media-store.ts';
import { putImage, putMediaItem, type StoredImage, type StoredMedia } from './uploads-store.ts';

export interface IntakePlace {
  readonly jobsTable: string;
  readonly mediaBucket: string;
}

export async function takeImage(
  place: IntakePlace,
  accountId: string,
  bytes: Buffer,
  { contentType, width, height }: ImageFacts,
): Promise<StoredImage> {
  for (;;) {
    const imageId = numericId(now(), random);
    const objectKey = imageObjectKey(accountId, imageId);
    if (!(await putMedia(place.mediaBucket, objectKey, bytes, contentType))) continue;
    const createdAt = new Date(now()).toISOString();
    const image = { accountId, imageId, objectKey, contentType, width, height, bytes: bytes.length, createdAt };
    if (await putImage(place.jobsTable, image)) return image;
  }
}

/** A film or a recording. */
export async function takeMedia(
  place: IntakePlace,
  accountId: string,
  bytes: Buffer,
  facts: MediaFacts,
): Promise<StoredMedia> {
  for (;;) {
    const mediaId = numericId(now(), random);
    const objectKey = mediaObjectKey(accountId, mediaId);
    if (!(await putMedia(place.mediaBucket, objectKey, bytes, facts.contentType))) continue;
    const createdAt = new Date(now()).toISOString();
    const media = { ...facts, accountId, mediaId, objectKey, bytes: bytes.length, createdAt };
    if (await putMediaItem(place.jobsTable, media)) return media;
  }
}
