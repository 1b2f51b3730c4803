/**
 * Uploads: the one way of bytes from outside into the media bucket. They are read (from a file part, a URL or a data URL),
 * inspected in a guarded thread, and stored. Inspecting and storing are two steps, because a dry run stores nothing, and a
 * video is admitted only after what came with the call is known to be usable.
 */
import { Refusal } from '../catalogue/refusal.ts';
import { endOfRetention, isOver } from '../catalogue/retention.ts';
import type { Standing } from '../catalogue/standing.ts';
import { refuseByStanding } from '../catalogue/standing-refusals.ts';
import { type FetchLimits, FetchRefused, safeFetch } from '../http/safe-fetch.ts';
import { numericId, type Random } from '../runtime/ids.ts';
import { IMAGE_MAX_BYTES, type ImageFacts } from './image-inspection.ts';
import { imageFacts, mediaFacts } from './inspection-client.ts';
import { MEDIA_MAX_BYTES, type MediaFacts } from './media-inspection.ts';
import { putMedia } from './media-store.ts';
import { imageObjectKey, mediaObjectKey } from './object-keys.ts';
import { bytesOfOwnLink } from './own-links-store.ts';
import { findImage, putImage, putMediaItem, type StoredImage, type StoredMedia } from './uploads-store.ts';

export interface UploadDependencies {
  readonly jobsTable: string;
  readonly mediaBucket: string;
  /** Of the account whose call it is. */
  readonly standing: Standing;
  /** By which host this API was called: links to that are its own. */
  readonly apiHost?: string;
  /** Hosts of the organisation that may be fetched from although they are inside. */
  readonly allow: readonly string[];
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

/** Bytes that were inspected, and can be stored. */
export interface Inspected<Facts> {
  readonly bytes: Buffer;
  readonly facts: Facts;
}

const IMAGE_FETCH_MS = 10_000;
/** Within what API Gateway waits, with time left to inspect and store what came. */
const MEDIA_FETCH_MS = 15_000;

/** Stores the image of an upload. */
export async function uploadImage(
  dependencies: UploadDependencies,
  accountId: string,
  { image, image_url }: { image?: unknown; image_url?: string | undefined },
  retentionDays: number,
): Promise<StoredImage> {
  refuseRestricted(dependencies);
  const bytes = await imageBytes(image, image_url, dependencies.allow, ownLinks(dependencies, accountId));
  return storeImage(dependencies, accountId, await inspectedImage(bytes), retentionDays);
}

/** Stores the video or audio of an upload. */
export async function uploadMedia(
  dependencies: UploadDependencies,
  accountId: string,
  { file, file_url }: { file?: unknown; file_url?: string | undefined },
  retentionDays: number,
): Promise<StoredMedia> {
  refuseRestricted(dependencies);
  const { bytes, field } = await mediaBytes(file, file_url, dependencies.allow, ownLinks(dependencies, accountId));
  return storeMedia(dependencies, accountId, await inspectedMedia(bytes, field), retentionDays);
}

/** What a creation names as its first image: a file, a URL (also a data URL), or an image that was uploaded before. */
type InputReference = Uint8Array | { readonly image_url: string } | { readonly file_id: string };

/**
 * Inspects the reference without storing anything, and answers how its image's id is had; throws a Refusal where it is no
 * image that can be used. `field` is the member that it came in, `retentionDays` how long it is kept.
 */
export async function inspectReference(
  dependencies: UploadDependencies,
  accountId: string,
  reference: InputReference,
  { field, retentionDays }: { readonly field: string; readonly retentionDays: number },
): Promise<() => Promise<number>> {
  try {
    if ('file_id' in reference) {
      const imageId = await uploadedBefore(dependencies, accountId, reference.file_id);
      return async () => imageId;
    }
    refuseRestricted(dependencies);
    const own = ownLinks(dependencies, accountId);
    const image = await inspectedImage(await referenceBytes(reference, dependencies.allow, own));
    return async () => (await storeImage(dependencies, accountId, image, retentionDays)).imageId;
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(error.kind, error.message, field) : error;
  }
}

/** Before anything is read of what comes: throws a Refusal where the standing leaves no uploads. */
export function refuseRestricted({ standing }: Pick<UploadDependencies, 'standing'>): void {
  const refusal = refuseByStanding(standing, 'upload');
  if (refusal) throw refusal;
}

/** Reads a link that the platform itself has made; undefined for any other. */
type OwnLinks = (url: URL, maxBytes: number) => Promise<Buffer | undefined>;

function ownLinks(dependencies: UploadDependencies, accountId: string): OwnLinks {
  return (url, maxBytes) => bytesOfOwnLink(dependencies, accountId, url, maxBytes);
}

async function fetched(text: string, own: OwnLinks, limits: FetchLimits): Promise<Buffer> {
  const url = new URL(text);
  return (await own(url, limits.maxBytes)) ?? (await safeFetch(url, limits)).bytes;
}

async function inspectedImage(bytes: Buffer): Promise<Inspected<ImageFacts>> {
  // Not worth a thread.
  if (bytes.length >= IMAGE_MAX_BYTES) throw new Refusal('image_too_large', 'the image must be smaller than 20 MB');
  return { bytes, facts: await imageFacts(bytes) };
}

/** `field` is the member that the bytes came in. */
export async function inspectedMedia(bytes: Buffer, field: string): Promise<Inspected<MediaFacts>> {
  return { bytes, facts: await mediaFacts(bytes, field) };
}

/**
 * Stores an inspected image. An id that is taken is drawn again. The object comes before its item: a crash between them
 * leaves bytes that nobody can name, never a name without bytes.
 */
async function storeImage(
  { jobsTable, mediaBucket, now, random }: UploadDependencies,
  accountId: string,
  { bytes, facts: { contentType, width, height } }: Inspected<ImageFacts>,
  retentionDays: number,
): Promise<StoredImage> {
  for (;;) {
    const imageId = numericId(now(), random);
    const objectKey = imageObjectKey(accountId, imageId);
    if (!(await putMedia(mediaBucket, objectKey, bytes, { contentType, retentionDays }))) continue;
    const stored = { bytes: bytes.length, ...keptFrom(now(), retentionDays) };
    const image = { accountId, imageId, objectKey, contentType, width, height, ...stored };
    if (await putImage(jobsTable, image)) return image;
  }
}

/** Stores inspected video or audio, in the same order. */
export async function storeMedia(
  { jobsTable, mediaBucket, now, random }: UploadDependencies,
  accountId: string,
  { bytes, facts }: Inspected<MediaFacts>,
  retentionDays: number,
): Promise<StoredMedia> {
  for (;;) {
    const mediaId = numericId(now(), random);
    const objectKey = mediaObjectKey(accountId, mediaId);
    const { contentType } = facts;
    if (!(await putMedia(mediaBucket, objectKey, bytes, { contentType, retentionDays }))) continue;
    const stored = { bytes: bytes.length, ...keptFrom(now(), retentionDays) };
    const media = { ...facts, accountId, mediaId, objectKey, ...stored };
    if (await putMediaItem(jobsTable, media)) return media;
  }
}

function keptFrom(at: number, retentionDays: number) {
  return { createdAt: new Date(at).toISOString(), keptUntilMs: endOfRetention(at, retentionDays) };
}

/** The image's bytes, from whichever of the two was sent. */
export async function imageBytes(
  image: unknown,
  imageUrl: string | undefined,
  allow: readonly string[],
  own: OwnLinks = async () => undefined,
): Promise<Buffer> {
  if (image !== undefined && imageUrl !== undefined)
    throw new Refusal('invalid_parameter', 'send image or image_url, not both');
  if (Buffer.isBuffer(image)) return image;
  if (image !== undefined) throw new Refusal('wrong_type', 'image must be a file part of a multipart/form-data body');
  if (imageUrl === undefined) throw new Refusal('missing_parameter', 'image (a file) or image_url is required');
  try {
    const limits = { maxBytes: IMAGE_MAX_BYTES, timeoutMs: IMAGE_FETCH_MS, allow };
    return await fetched(imageUrl, own, limits);
  } catch (error) {
    if (!(error instanceof FetchRefused)) throw error;
    if (error.kind === 'too_large')
      throw new Refusal('image_too_large', 'the image behind image_url must be smaller than 20 MB');
    throw new Refusal('image_source', `image_url cannot be fetched: ${error.message}`);
  }
}

/** The bytes of video or audio, from whichever of the two was sent. */
async function mediaBytes(
  file: unknown,
  fileUrl: string | undefined,
  allow: readonly string[],
  own: OwnLinks,
): Promise<{ bytes: Buffer; field: 'file' | 'file_url' }> {
  if (file !== undefined && fileUrl !== undefined) {
    throw new Refusal('invalid_parameter', 'file and file_url are two: send one of them', 'file');
  }
  if (Buffer.isBuffer(file)) return { bytes: file, field: 'file' };
  if (file !== undefined) {
    throw new Refusal('wrong_type', 'file must be a file part of a multipart/form-data body', 'file');
  }
  if (fileUrl === undefined) throw new Refusal('missing_parameter', 'file is required, or file_url', 'file');
  try {
    const limits = { maxBytes: MEDIA_MAX_BYTES, timeoutMs: MEDIA_FETCH_MS, allow, accept: 'video/*, audio/*' };
    return { bytes: await fetched(fileUrl, own, limits), field: 'file_url' };
  } catch (error) {
    if (!(error instanceof FetchRefused)) throw error;
    const why = error.kind === 'too_large' ? 'is larger than 100 MB' : `cannot be fetched: ${error.message}`;
    throw new Refusal('invalid_parameter', `file_url ${why}`, 'file_url');
  }
}

async function referenceBytes(
  reference: Exclude<InputReference, { file_id: string }>,
  allow: readonly string[],
  own: OwnLinks,
): Promise<Buffer> {
  if (reference instanceof Uint8Array) return Buffer.from(reference);
  const { image_url: url } = reference;
  if (url.toLowerCase().startsWith('data:')) {
    const [, data] = /^data:image\/[\w.+-]+;base64,([A-Za-z0-9+/=\s]+)$/i.exec(url) ?? [];
    if (data === undefined) throw new Refusal('image_source', 'a data URL must be data:image/…;base64,…');
    return Buffer.from(data, 'base64');
  }
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return imageBytes(undefined, url, allow, own);
  throw new Refusal('image_source', 'image_url must be an http, https or data URL');
}

/** The id that an upload answered: a number, also as `file_<number>`. */
async function uploadedBefore(
  { jobsTable, now }: UploadDependencies,
  accountId: string,
  fileId: string,
): Promise<number> {
  const imageId = Number(/^(?:file_)?([1-9]\d{0,15})$/.exec(fileId)?.[1]);
  const image = Number.isSafeInteger(imageId) ? await findImage(jobsTable, accountId, imageId) : undefined;
  if (image && !isOver(image, now())) return imageId;
  throw new Refusal('image_not_found', `there is no image ${fileId}; upload it first`);
}
