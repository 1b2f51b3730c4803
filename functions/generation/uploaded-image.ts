/** Reads the image out of an upload: a file part, or the URL of one. */

import type { APIGatewayProxyEvent } from 'aws-lambda';
import busboy from 'busboy';
import { readMembers } from '../platform/input.ts';
import { bodyOf, headerOf } from '../platform/pixverse.ts';
import { Refusal } from '../platform/refusal.ts';
import { FetchRefused, safeFetch } from '../platform/safe-fetch.ts';
import { IMAGE_MAX_BYTES } from './image-inspection.ts';

/** The members of an upload, `image` as bytes. Multipart, urlencoded and JSON are taken. */
export async function readUpload(event: APIGatewayProxyEvent): Promise<Record<string, unknown>> {
  const contentType = headerOf(event, 'content-type') ?? '';
  if (contentType.toLowerCase().startsWith('multipart/form-data')) return readMultipart(contentType, bodyOf(event));
  return readMembers({ pathParameters: {}, query: {}, contentType, body: bodyOf(event).toString('utf8') });
}

function readMultipart(contentType: string, body: Buffer): Promise<Record<string, unknown>> {
  return new Promise((done, fail) => {
    const members: Record<string, unknown> = {};
    const malformed = (error: Error) =>
      fail(new Refusal('wrong_type', `the multipart body cannot be read: ${error.message}`));
    try {
      const form = busboy({
        headers: { 'content-type': contentType },
        limits: { files: 1, fields: 20, fieldSize: 8192 },
      });
      form.on('file', (name, stream) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        // A form that ends within the file is an error of both; unheard here, it would end the process.
        stream.on('error', malformed);
        stream.on('end', () => {
          members[name] = Buffer.concat(chunks);
        });
      });
      form.on('field', (name, value) => {
        members[name] = value;
      });
      form.on('error', error => malformed(error as Error));
      form.on('close', () => done(members));
      form.end(body);
    } catch (error) {
      malformed(error as Error);
    }
  });
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
