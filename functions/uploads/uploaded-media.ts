/** Reads the film or recording out of an upload: a file part, or the URL of one. */
import { Refusal } from '../catalogue/refusal.ts';
import { FetchRefused, safeFetch } from '../http/safe-fetch.ts';
import { MEDIA_MAX_BYTES } from './media-inspection.ts';

/** Within what API Gateway waits, with time left to read and store what came. */
const FETCH_MS = 15_000;

/** The bytes, from whichever of the two was sent. */
export async function mediaBytes(
  file: unknown,
  fileUrl: string | undefined,
  allow: readonly string[],
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
    const limits = { maxBytes: MEDIA_MAX_BYTES, timeoutMs: FETCH_MS, allow, accept: 'video/*, audio/*' };
    const { bytes } = await safeFetch(new URL(fileUrl), limits);
    return { bytes, field: 'file_url' };
  } catch (error) {
    if (!(error instanceof FetchRefused)) throw error;
    const why = error.kind === 'too_large' ? 'is larger than 100 MB' : `cannot be fetched: ${error.message}`;
    throw new Refusal('invalid_parameter', `file_url ${why}`, 'file_url');
  }
}
