/** `input_reference`: a file, a URL (also a data URL), or an image that was uploaded before. */
import type { z } from 'zod';
import { Refusal } from '../../catalogue/refusal.ts';
import { type ImageFacts, inspectImage } from '../../uploads/image-inspection.ts';
import { takeImage } from '../../uploads/store-upload.ts';
import { imageBytes } from '../../uploads/uploaded-image.ts';
import { findImage } from '../../uploads/uploads-store.ts';
import type { createVideo } from './contract.ts';

export type InputReference = NonNullable<z.output<typeof createVideo.input>['input_reference']>;

export interface PicturePlace {
  readonly jobsTable: string;
  readonly mediaBucket: string;
  /** Hosts of the organisation that may be fetched from. */
  readonly allow: readonly string[];
}

/** An image that is stored, or one that was looked at and can be. */
export type Picture =
  | { readonly kind: 'stored'; readonly imageId: number }
  | { readonly kind: 'new'; readonly bytes: Buffer; readonly facts: ImageFacts };

/** Looks at the reference without storing anything; throws a Refusal where it is no image that can be used. */
export async function lookAtPicture(
  place: PicturePlace,
  accountId: string,
  reference: InputReference,
): Promise<Picture> {
  try {
    if ('file_id' in reference) return await findStored(place, accountId, reference.file_id);
    const bytes = await bytesOf(place, reference);
    return { kind: 'new', bytes, facts: inspectImage(bytes) };
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.kind, error.message, 'input_reference') : error;
  }
}

/** The picture's id, once it is stored. */
export async function keepPicture(place: PicturePlace, accountId: string, picture: Picture): Promise<number> {
  if (picture.kind === 'stored') return picture.imageId;
  return (await takeImage(place, accountId, picture.bytes, picture.facts)).imageId;
}

/** An id that the upload answered: a number, also as `file_<number>`. */
async function findStored(place: PicturePlace, accountId: string, fileId: string): Promise<Picture> {
  const imageId = Number(/^(?:file_)?([1-9]\d{0,15})$/.exec(fileId)?.[1]);
  const found = Number.isSafeInteger(imageId) && (await findImage(place.jobsTable, accountId, imageId));
  if (!found) throw new Refusal('image_not_found', `there is no image ${fileId}; upload it first`);
  return { kind: 'stored', imageId };
}

function bytesOf(
  { allow }: PicturePlace,
  reference: Exclude<InputReference, { file_id: string }>,
): Buffer | Promise<Buffer> {
  if (reference instanceof Uint8Array) return Buffer.from(reference);
  const { image_url: url } = reference;
  if (!url.toLowerCase().startsWith('data:')) return imageBytes(undefined, readUrl(url), allow);
  const [, data] = /^data:image\/[\w.+-]+;base64,([A-Za-z0-9+/=\s]+)$/i.exec(url) ?? [];
  if (data === undefined) throw new Refusal('image_source', 'a data URL must be data:image/…;base64,…');
  return Buffer.from(data, 'base64');
}

function readUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new Refusal('image_source', 'image_url must be an http, https or data URL');
}
