/** Reads the image out of an upload: a file part, or the URL of one. */

import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Refusal } from '../catalogue/refusal.ts';
import { headerOf } from '../http/caller.ts';
import { readMembers } from '../http/input.ts';
import { readMultipart } from '../http/multipart.ts';
import { bodyOf } from '../http/request-context.ts';
import { FetchRefused, safeFetch } from '../http/safe-fetch.ts';
import { IMAGE_MAX_BYTES } from './image-inspection.ts';

/** The members of an upload, `image` as bytes. Multipart, urlencoded and JSON are taken. */
export async function readUpload(event: APIGatewayProxyEvent): Promise<Record<string, unknown>> {
  const contentType = headerOf(event, 'content-type') ?? '';
  if (contentType.toLowerCase().startsWith('multipart/form-data')) return readMultipart(contentType, bodyOf(event));
  return readMembers({ pathParameters: {}, query: {}, contentType, body: bodyOf(event).toString('utf8') });
}

/** The image's bytes, from whichever of the two was sent. */
export async function imageBytes(
  image: unknown,
  imageUrl: string | undefined,
  allow: readonly string[],
): Promise<Buffer> {
  if (image !== undefined && imageUrl !== undefined)
    throw new Refusal('invalid_parameter', 'send image or image_url, not both');
  if (Buffer.isBuffer(image)) return image;
  if (image !== undefined) throw new Refusal('wrong_type', 'image must be a file part of a multipart/form-data body');
  if (imageUrl === undefined) throw new Refusal('missing_parameter', 'image (a file) or image_url is required');
  try {
    const { bytes } = await safeFetch(new URL(imageUrl), { maxBytes: IMAGE_MAX_BYTES, timeoutMs: 10_000, allow });
    return bytes;
  } catch (error) {
    if (!(error instanceof FetchRefused)) throw error;
    if (error.kind === 'too_large')
      throw new Refusal('image_too_large', 'the image behind image_url must be smaller than 20 MB');
    throw new Refusal('image_source', `image_url cannot be fetched: ${error.message}`);
  }
}
