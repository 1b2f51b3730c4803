/** Multipart uploads in progress, and their parts. Changes run inside `Versions.change`. */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Checksum, ChecksumAlgorithm } from './checksums.ts';
import { refusal } from './s3-error.ts';
import type { Draft } from './version.ts';

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** Epoch ms. */
  readonly started: number;
  readonly draft: Draft;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: Checksum['type'] } | undefined;
}

export interface Part {
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  /** base64, of the upload's algorithm. */
  readonly checksum: string | undefined;
  readonly modified: number;
}

/** A completed upload: the parts that were asked for, and the answer. */
export interface Completed {
  readonly parts: readonly { readonly number: number; readonly etag: string }[];
  readonly etag: string;
  readonly checksum: Checksum | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const COMPLETED_MS = 24 * 60 * 60 * 1000;

export class Uploads {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  start(upload: Omit<Upload, 'id'>): string {
    const id = randomBytes(24).toString('base64url');
    const { draft, checksum } = upload;
    this.#database
      .prepare('INSERT INTO s3_uploads VALUES (?, ?, ?, ?, ?)')
      .run(id, upload.bucket, upload.key, upload.started, JSON.stringify({ draft, checksum }));
    return id;
  }

  /** The upload; throws NoSuchUpload where it is over, or is of another key. */
  get(bucket: string, key: string, id: string): Upload {
    const sql = 'SELECT * FROM s3_uploads WHERE id = ? AND bucket = ? AND key = ?';
    const row = this.#database.prepare(sql).get(id, bucket, key);
    if (!row) throw refusal('NoSuchUpload', undefined, { UploadId: id });
    return read(row);
  }

  /** Those begun before `time`. */
  startedBefore(bucket: string, time: number): readonly Upload[] {
    const sql = 'SELECT * FROM s3_uploads WHERE bucket = ? AND started < ?';
    return this.#database.prepare(sql).all(bucket, time).map(read);
  }

  /** Those whose key begins with `prefix`, in the order of keys' bytes and then of their beginnings. */
  below(bucket: string, prefix: string): readonly Upload[] {
    const sql = 'SELECT * FROM s3_uploads WHERE bucket = ? AND substr(key, 1, length(?)) = ? ORDER BY key, started, id';
    return this.#database.prepare(sql).all(bucket, prefix, prefix).map(read);
  }

  /** In ascending order. */
  parts(id: string): readonly Part[] {
    const rows = this.#database.prepare('SELECT * FROM s3_parts WHERE upload = ? ORDER BY number').all(id);
    return rows.map(row => ({
      number: Number(row.number),
      blob: String(row.blob),
      size: Number(row.size),
      etag: String(row.etag),
      checksum: row.checksum === null ? undefined : String(row.checksum),
      modified: Number(row.modified),
    }));
  }

  /** Stores a part; answers the blob of the one whose place it takes. */
  put(id: string, part: Part): string | undefined {
    const sql = 'SELECT blob FROM s3_parts WHERE upload = ? AND number = ?';
    const replaced = this.#database.prepare(sql).get(id, part.number)?.blob;
    this.#database
      .prepare('INSERT OR REPLACE INTO s3_parts VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(id, part.number, part.blob, part.size, part.etag, part.checksum ?? null, part.modified);
    return replaced === undefined ? undefined : String(replaced);
  }

  /** Remembers how a completed upload was answered, for `COMPLETED_MS`: a client that lost the answer asks again. */
  remember(upload: Upload, now: number, done: Completed): void {
    this.#database.prepare('DELETE FROM s3_completed WHERE at <= ?').run(now - COMPLETED_MS);
    this.#database
      .prepare('INSERT INTO s3_completed VALUES (?, ?, ?, ?, ?)')
      .run(upload.id, upload.bucket, upload.key, now, JSON.stringify(done));
  }

  completed(bucket: string, key: string, id: string, now: number): Completed | undefined {
    const sql = 'SELECT done FROM s3_completed WHERE id = ? AND bucket = ? AND key = ? AND at > ?';
    const row = this.#database.prepare(sql).get(id, bucket, key, now - COMPLETED_MS);
    return row && (JSON.parse(String(row.done)) as Completed);
  }

  /** Ends the upload; answers the blobs of its parts. */
  end(id: string): readonly string[] {
    const blobs = this.parts(id).map(part => part.blob);
    this.#database.prepare('DELETE FROM s3_parts WHERE upload = ?').run(id);
    this.#database.prepare('DELETE FROM s3_uploads WHERE id = ?').run(id);
    return blobs;
  }
}

function read(row: Record<string, unknown>): Upload {
  const said = JSON.parse(String(row.draft)) as Pick<Upload, 'draft' | 'checksum'>;
  const { id, bucket, key, started } = row;
  return { id: String(id), bucket: String(bucket), key: String(key), started: Number(started), ...said };
}
