/**
 * What a bucket holds, and the rules of versioning:
 * - A key has at most one latest version. Deleting the latest makes the next newer one the latest.
 * - Without versioning, and while it is suspended, a write takes the place of the version `null`; with it, of none.
 * - A delete without a version removes the object where there never was versioning; else it puts a delete marker on top.
 * - Every change runs inside `change`: one transaction, after which the files of removed versions go.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { atomically } from '../database.ts';
import type { Blobs } from './blobs.ts';
import type { Bucket } from './buckets.ts';
import { type Content, type Draft, type Retention, readVersion, type Tags, type Version } from './version.ts';

const NO_CONTENT = { blob: null, size: 0, etag: '' };
const NO_DRAFT: Draft = {
  described: { headers: {}, metadata: {} },
  tags: {},
  storageClass: 'STANDARD',
  legalHold: false,
  retention: undefined,
};

export class Versions {
  readonly #database: DatabaseSync;
  readonly #blobs: Blobs;
  #dropped: string[] = [];

  constructor(database: DatabaseSync, blobs: Blobs) {
    this.#database = database;
    this.#blobs = blobs;
  }

  /** Runs `work` as one transaction, then removes the files that it made ownerless; `unlessKept` too, where it throws. */
  async change<T>(work: () => T, unlessKept: readonly string[] = []): Promise<T> {
    this.#dropped = [];
    let result: T;
    try {
      result = atomically(this.#database, work);
    } catch (error) {
      await this.#blobs.discard(unlessKept);
      throw error;
    }
    await this.#blobs.discard(this.#dropped);
    return result;
  }

  /** Says that no row names these blobs once the transaction is over. */
  drop(...blobs: readonly (string | undefined)[]): void {
    this.#dropped.push(...blobs.filter(blob => blob !== undefined));
  }

  latest(bucket: string, key: string): Version | undefined {
    return this.#one('SELECT * FROM s3_versions WHERE bucket = ? AND key = ? AND latest = 1', bucket, key);
  }

  version(bucket: string, key: string, version: string): Version | undefined {
    return this.#one('SELECT * FROM s3_versions WHERE bucket = ? AND key = ? AND version = ?', bucket, key, version);
  }

  /** How many versions and markers of the key there are. */
  count(bucket: string, key: string): number {
    const sql = 'SELECT count(*) AS n FROM s3_versions WHERE bucket = ? AND key = ?';
    return Number(this.#database.prepare(sql).get(bucket, key)?.n);
  }

  /** Stores an object; inside `change`. */
  put(bucket: Bucket, key: string, draft: Draft, content: Content, now: number): Version {
    return this.#add(bucket, key, draft, content, now);
  }

  /** Deletes without naming a version: answers the marker, or undefined where the object itself went; inside `change`. */
  delete(bucket: Bucket, key: string, now: number): Version | undefined {
    if (bucket.config.versioning !== '') return this.#add(bucket, key, NO_DRAFT, undefined, now);
    const version = this.latest(bucket.name, key);
    if (version) this.remove(version);
    return undefined;
  }

  /** Removes one version for good; inside `change`. */
  remove(version: Version): void {
    this.#run('DELETE FROM s3_versions WHERE seq = ?', version.seq);
    this.drop(version.blob);
    if (!version.latest) return;
    this.#run(
      `UPDATE s3_versions SET latest = 1, noncurrent_since = NULL WHERE seq =
         (SELECT max(seq) FROM s3_versions WHERE bucket = ? AND key = ?)`,
      version.bucket,
      version.key,
    );
  }

  setTags(version: Version, tags: Tags): void {
    this.#run('UPDATE s3_versions SET tags = ? WHERE seq = ?', JSON.stringify(tags), version.seq);
  }

  setLegalHold(version: Version, on: boolean): void {
    this.#run('UPDATE s3_versions SET legal_hold = ? WHERE seq = ?', on ? 1 : 0, version.seq);
  }

  setRetention(version: Version, retention: Retention | undefined): void {
    const json = retention ? JSON.stringify(retention) : null;
    this.#run('UPDATE s3_versions SET retention = ? WHERE seq = ?', json, version.seq);
  }

  setStorageClass(version: Version, storageClass: string): void {
    this.#run('UPDATE s3_versions SET storage_class = ? WHERE seq = ?', storageClass, version.seq);
  }

  #add(bucket: Bucket, key: string, draft: Draft, content: Content | undefined, now: number): Version {
    const version = bucket.config.versioning === 'Enabled' ? randomBytes(16).toString('base64url') : 'null';
    if (version === 'null') {
      const replaced = this.version(bucket.name, key, 'null');
      if (replaced) this.remove(replaced);
    }
    this.#run(
      'UPDATE s3_versions SET latest = 0, noncurrent_since = ? WHERE bucket = ? AND key = ? AND latest = 1',
      now,
      bucket.name,
      key,
    );
    const { blob, size, etag } = content ?? NO_CONTENT;
    this.#run(
      `INSERT INTO s3_versions (bucket, key, version, latest, marker, blob, size, etag, modified, storage_class, described, tags, legal_hold, retention)
       VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      bucket.name,
      key,
      version,
      content ? 0 : 1,
      blob,
      size,
      etag,
      now,
      draft.storageClass,
      JSON.stringify(draft.described),
      JSON.stringify(draft.tags),
      draft.legalHold ? 1 : 0,
      draft.retention ? JSON.stringify(draft.retention) : null,
    );
    return this.version(bucket.name, key, version) as Version;
  }

  #one(sql: string, ...values: string[]): Version | undefined {
    const row = this.#database.prepare(sql).get(...values);
    return row && readVersion(row);
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#database.prepare(sql).run(...values);
  }
}
