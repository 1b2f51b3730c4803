/** The reports bucket: objects written from front to back in parts, so that none is ever in memory whole. */
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { OpenSink, Sink, StoredFile } from './files.ts';

const client = new S3Client({});
/** S3 takes no part below 5 MiB but the last. */
const PART_BYTES = 8 * 1024 * 1024;

export function sinksIn(bucket: string): OpenSink {
  return (key, contentType) => new ObjectSink(bucket, key, contentType);
}

/** An object's text; undefined where there is none. */
export async function readText(bucket: string, key: string): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** As many at once as the SDK has connections. */
const AT_ONCE = 50;

/** The keys of those that are gone, or that S3 knows by another SHA-256: it keeps that of the bytes it has. */
export async function changedFiles(bucket: string, files: readonly StoredFile[]): Promise<string[]> {
  const changed: string[] = [];
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const kept = await Promise.all(some.map(({ key }) => checksumOf(bucket, key)));
    changed.push(...some.filter(({ checksum }, index) => kept[index] !== checksum).map(({ key }) => key));
  }
  return changed;
}

/** Undefined where there is no such object, or it was not written by an export. */
async function checksumOf(bucket: string, key: string): Promise<string | undefined> {
  try {
    const head = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' });
    return (await client.send(head)).ChecksumSHA256;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** How long a link to a file is good. */
export const LINK_SECONDS = 15 * 60;

/** A link to a file that anyone who has it may follow for a while. */
export async function mintLink(bucket: string, key: string, filename: string): Promise<string> {
  const ResponseContentDisposition = `attachment; filename="${filename}"`;
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition });
  return getSignedUrl(client, command, { expiresIn: LINK_SECONDS });
}

/** Writes an object whose key has the hash of its content: writing it again changes nothing. */
export async function putText(bucket: string, key: string, text: string, contentType: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }));
}

class ObjectSink implements Sink {
  readonly #place: { readonly Bucket: string; readonly Key: string; readonly ChecksumAlgorithm: 'SHA256' };
  readonly #contentType: string;
  readonly #parts: CompletedPart[] = [];
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #uploadId: string | undefined;

  constructor(bucket: string, key: string, contentType: string) {
    this.#place = { Bucket: bucket, Key: key, ChecksumAlgorithm: 'SHA256' };
    this.#contentType = contentType;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= PART_BYTES) await this.#part();
  }

  async close(): Promise<string> {
    if (this.#uploadId === undefined) {
      const whole = { ...this.#place, Body: Buffer.concat(this.#chunks), ContentType: this.#contentType };
      return kept(await client.send(new PutObjectCommand(whole)));
    }
    if (this.#bytes > 0) await this.#part();
    const completed = await client.send(
      new CompleteMultipartUploadCommand({
        ...this.#place,
        UploadId: this.#uploadId,
        MultipartUpload: { Parts: this.#parts },
      }),
    );
    return kept(completed);
  }

  async abort(): Promise<void> {
    if (this.#uploadId === undefined) return;
    await client.send(new AbortMultipartUploadCommand({ ...this.#place, UploadId: this.#uploadId }));
  }

  async #part(): Promise<void> {
    if (this.#uploadId === undefined) {
      const begun = { ...this.#place, ContentType: this.#contentType };
      this.#uploadId = (await client.send(new CreateMultipartUploadCommand(begun))).UploadId;
    }
    const Body = Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#bytes = 0;
    const PartNumber = this.#parts.length + 1;
    const { ETag, ChecksumSHA256 } = await client.send(
      new UploadPartCommand({ ...this.#place, UploadId: this.#uploadId, PartNumber, Body }),
    );
    this.#parts.push({ ETag, ChecksumSHA256, PartNumber });
  }
}

function kept({ ChecksumSHA256 }: { readonly ChecksumSHA256?: string | undefined }): string {
  if (ChecksumSHA256 === undefined) throw new Error('S3 stored a file and answered no SHA-256 of it');
  return ChecksumSHA256;
}
