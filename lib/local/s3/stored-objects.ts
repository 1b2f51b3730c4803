/**
 * The objects of S3 as another engine of this cloud reads and writes them, without the wire. It asks no permission: the
 * engine that calls has decided already what its own caller may do.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, type S3 } from './call.ts';

/** The current version of an object. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly blob: string;
}

export class StoredObjects {
  readonly #s3: S3;

  constructor(s3: S3) {
    this.#s3 = s3;
  }

  hasBucket(bucket: string): boolean {
    return this.#s3.buckets.find(bucket) !== undefined;
  }

  /** Every current object whose key begins with `prefix`, by key; delete markers and older versions are none. */
  under(bucket: string, prefix: string): readonly StoredObject[] {
    const end = after(prefix);
    const sql = `SELECT key, size, blob FROM s3_versions WHERE bucket = ? AND latest = 1 AND marker = 0 AND key >= ?
      ${end === undefined ? '' : 'AND key < ?'} ORDER BY key`;
    const bounds = end === undefined ? [prefix] : [prefix, end];
    const rows = this.#s3.context.database.prepare(sql).all(bucket, ...bounds);
    return rows.map(({ key, size, blob }) => ({ key: String(key), size: Number(size), blob: String(blob) }));
  }

  find(bucket: string, key: string): StoredObject | undefined {
    const version = this.#s3.versions.latest(bucket, key);
    return version?.blob === undefined ? undefined : { key, size: version.size, blob: version.blob };
  }

  /** Gives the object's bytes a second name, `path`: they stay there whatever becomes of the object. */
  link(object: StoredObject, path: string): void {
    this.#s3.blobs.link(object.blob, path);
  }

  /** The object's bytes from `first` on; it must not be empty. */
  read(object: StoredObject, first: number): Readable {
    return this.#s3.blobs.read(object.blob, first, object.size - 1);
  }

  /** Makes the finished file at `path` the object's current version; the file is then no longer there. */
  async adopt(bucket: string, key: string, path: string, contentType: string): Promise<void> {
    const { buckets, blobs, versions, context } = this.#s3;
    const md5 = createHash('md5');
    let size = 0;
    await pipeline(createReadStream(path), async bytes => {
      for await (const part of bytes as AsyncIterable<Buffer>) {
        md5.update(part);
        size += part.length;
      }
    });
    const blob = await blobs.adopt(path);
    const draft = {
      described: { headers: { 'content-type': contentType }, metadata: {} },
      tags: {},
      storageClass: 'STANDARD',
      legalHold: false,
      retention: undefined,
    };
    const content = { blob, size, etag: md5.digest('hex') };
    await versions.change(() => versions.put(buckets.get(bucket), key, draft, content, context.clock.now()), [blob]);
  }
}
