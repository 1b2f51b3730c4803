/** The code of functions that a stack brings from a bucket: unpacked once, by what it holds, where the next start finds it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredObjects } from '../s3/stored-objects.ts';
import type { Resource } from '../service.ts';
import { unzip } from './zip.ts';

export class FunctionCode {
  readonly #objects: StoredObjects;
  readonly #folder: string;

  constructor(objects: StoredObjects, dataDir: string) {
    this.#objects = objects;
    this.#folder = join(dataDir, 'cloudformation', 'code');
  }

  /** The resource with the folder of its code, where it is a function whose code is an object. Throws in Lambda's words. */
  async of(resource: Resource): Promise<Resource> {
    const { S3Bucket: bucket, S3Key: key } =
      resource.type === 'AWS::Lambda::Function' ? (resource.properties.Code ?? {}) : {};
    const { 'aws:asset:path': _, ...metadata } = resource.metadata;
    if (typeof bucket !== 'string' || typeof key !== 'string') return { ...resource, metadata };
    const folder = join(this.#folder, createHash('sha256').update(`${bucket}/${key}`).digest('hex').slice(0, 32));
    if (!existsSync(folder)) await this.#unpack(bucket, key, folder);
    return { ...resource, metadata: { ...metadata, 'aws:asset:path': folder } };
  }

  async #unpack(bucket: string, key: string, folder: string): Promise<void> {
    const archive = await readObject(this.#objects, bucket, key);
    if (!archive) {
      const [code, message] = this.#objects.hasBucket(bucket)
        ? ['NoSuchKey', 'The specified key does not exist.']
        : ['NoSuchBucket', 'The specified bucket does not exist'];
      throw new Error(`Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`);
    }
    mkdirSync(this.#folder, { recursive: true });
    const draft = mkdtempSync(join(this.#folder, 'draft-'));
    try {
      unzip(archive, draft);
      if (!existsSync(folder)) renameSync(draft, folder);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
}

/** The bytes of an object; undefined where it is not there. */
export async function readObject(objects: StoredObjects, bucket: string, key: string): Promise<Buffer | undefined> {
  const object = objects.hasBucket(bucket) ? objects.find(bucket, key) : undefined;
  if (!object) return undefined;
  const parts: Buffer[] = [];
  if (object.size > 0) for await (const part of objects.read(object, 0)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
