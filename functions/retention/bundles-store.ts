/** The bucket of exports: volumes written from front to back in parts, so that none is ever in memory whole; and what they are made of. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

const client = new S3Client({});
/** S3 takes no part below 5 MiB but the last, and 10,000 of them. */
const PART_BYTES = 8 * 1024 * 1024;
const LINK_SECONDS = 15 * 60;

/** Everything of an account lies below it, and of an export below that. */
export const bundleKey = (accountId: string, exportId: string, name: string): string =>
  `accounts/${accountId}/${exportId}/${name}`;

export function bundleLink(bucket: string, key: string, filename: string): Promise<string> {
  const ResponseContentDisposition = `attachment; filename="${filename}"`;
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition });
  return getSignedUrl(client, command, { expiresIn: LINK_SECONDS });
}

export async function putManifest(bucket: string, key: string, jws: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: jws, ContentType: 'application/jose' }));
}

/** The object's bytes as they come; undefined where there is none. */
export async function openObject(bucket: string, key: string): Promise<Readable | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!(Body instanceof Readable)) throw new Error(`${key} has no body`);
    return Body;
  } catch (error) {
    // To one who may not list, S3 does not say that an object is missing.
    const isMissing =
      error instanceof NoSuchKey || (error instanceof S3ServiceException && error.name === 'AccessDenied');
    if (isMissing) return undefined;
    throw error;
  }
}

/** Stores what the stream brings, and says what it was; where that fails, no part of it is left. */
export async function storeVolume(
  bucket: string,
  key: string,
  stream: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number; sha256: string }> {
  const place = { Bucket: bucket, Key: key };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...place, ContentType: 'application/zip' }),
  );
  const hash = createHash('sha256');
  const parts: CompletedPart[] = [];
  let bytes = 0;
  const send = async (Body: Buffer): Promise<void> => {
    const PartNumber = parts.length + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }));
    parts.push({ ETag, PartNumber });
  };
  try {
    for await (const part of inParts(stream)) {
      hash.update(part);
      bytes += part.length;
      await send(part);
    }
    await client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...place, UploadId }));
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function* inParts(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size < PART_BYTES) continue;
    yield Buffer.concat(chunks);
    [chunks, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(chunks);
}
