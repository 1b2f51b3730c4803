/** The reports bucket: objects written from front to back in parts, so that none is ever in memory whole. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { OpenSink, Sink } from './files.ts';

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

/** Writes an object whose key says what it holds: writing it again is the same. */
export async function putText(bucket: string, key: string, text: string, contentType: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }));
}

class ObjectSink implements Sink {
  readonly #place: { readonly Bucket: string; readonly Key: string };
  readonly #contentType: string;
  readonly #parts: { ETag: string | undefined; PartNumber: number }[] = [];
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #uploadId: string | undefined;

  constructor(bucket: string, key: string, contentType: string) {
    this.#place = { Bucket: bucket, Key: key };
    this.#contentType = contentType;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= PART_BYTES) await this.#part();
  }

  async close(): Promise<void> {
    if (this.#uploadId === undefined) {
      const whole = { ...this.#place, Body: Buffer.concat(this.#chunks), ContentType: this.#contentType };
      await client.send(new PutObjectCommand(whole));
      return;
    }
    if (this.#bytes > 0) await this.#part();
    await client.send(
      new CompleteMultipartUploadCommand({
        ...this.#place,
        UploadId: this.#uploadId,
        MultipartUpload: { Parts: this.#parts },
      }),
    );
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
    const { ETag } = await client.send(
      new UploadPartCommand({ ...this.#place, UploadId: this.#uploadId, PartNumber, Body }),
    );
    this.#parts.push({ ETag, PartNumber });
  }
}
