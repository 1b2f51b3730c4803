/**
 * The tables of S3. One row of `s3_versions` is one version of an object or a delete marker; the higher `seq`, the newer.
 * The partial index makes SQLite itself refuse two latest versions of one key. Keys compare as UTF-8 bytes, the order
 * in which S3 lists.
 */
import type { DatabaseSync } from 'node:sqlite';

export function prepareTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS s3_buckets (name TEXT PRIMARY KEY, created INTEGER NOT NULL, config TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS s3_versions (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      bucket TEXT NOT NULL REFERENCES s3_buckets (name),
      key TEXT NOT NULL,
      version TEXT NOT NULL,
      latest INTEGER NOT NULL,
      marker INTEGER NOT NULL,
      blob TEXT,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      modified INTEGER NOT NULL,
      noncurrent_since INTEGER,
      storage_class TEXT NOT NULL,
      described TEXT NOT NULL,
      tags TEXT NOT NULL,
      legal_hold INTEGER NOT NULL,
      retention TEXT,
      UNIQUE (bucket, key, version)
    ) STRICT;
    CREATE UNIQUE INDEX IF NOT EXISTS s3_latest ON s3_versions (bucket, key) WHERE latest = 1;
    CREATE INDEX IF NOT EXISTS s3_listed ON s3_versions (bucket, key) WHERE latest = 1 AND marker = 0;
    CREATE INDEX IF NOT EXISTS s3_history ON s3_versions (bucket, key, seq DESC);
    CREATE TABLE IF NOT EXISTS s3_uploads (
      id TEXT PRIMARY KEY,
      bucket TEXT NOT NULL REFERENCES s3_buckets (name),
      key TEXT NOT NULL,
      started INTEGER NOT NULL,
      draft TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS s3_parts (
      upload TEXT NOT NULL REFERENCES s3_uploads (id),
      number INTEGER NOT NULL,
      blob TEXT NOT NULL,
      size INTEGER NOT NULL,
      etag TEXT NOT NULL,
      checksum TEXT,
      modified INTEGER NOT NULL,
      PRIMARY KEY (upload, number)
    ) STRICT;
  `);
}
