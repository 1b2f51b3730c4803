/** One version of an object, or a delete marker. */
import type { Checksum } from './checksums.ts';

/** What a request says of the object that it stores. */
export interface Described {
  /** Content-Type and the other headers that a read gives back. */
  readonly headers: Readonly<Record<string, string>>;
  /** x-amz-meta-*, without that prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
}

export type Tags = Readonly<Record<string, string>>;

export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** Epoch ms. */
  readonly until: number;
}

/** A version that is to be stored. */
export interface Draft {
  readonly described: Described;
  readonly tags: Tags;
  readonly storageClass: string;
  readonly legalHold: boolean;
  readonly retention: Retention | undefined;
}

/** The bytes of a version. */
export interface Content {
  readonly blob: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
}

export interface Version extends Draft {
  readonly seq: number;
  readonly bucket: string;
  readonly key: string;
  /** `null` for one made while the bucket had no versioning. */
  readonly version: string;
  readonly latest: boolean;
  readonly marker: boolean;
  readonly blob: string | undefined;
  readonly size: number;
  readonly etag: string;
  /** Epoch ms. */
  readonly modified: number;
  /** Epoch ms at which a newer version took its place. */
  readonly noncurrentSince: number | undefined;
}

/** Whether S3 refuses to delete this version for good. */
export function locked(version: Version, now: number, bypassGovernance: boolean): boolean {
  if (version.legalHold) return true;
  const { retention } = version;
  if (!retention || retention.until <= now) return false;
  return retention.mode === 'COMPLIANCE' || !bypassGovernance;
}

export function readVersion(row: Record<string, unknown>): Version {
  return {
    seq: Number(row.seq),
    bucket: String(row.bucket),
    key: String(row.key),
    version: String(row.version),
    latest: row.latest === 1,
    marker: row.marker === 1,
    blob: row.blob === null ? undefined : String(row.blob),
    size: Number(row.size),
    etag: String(row.etag),
    modified: Number(row.modified),
    noncurrentSince: row.noncurrent_since === null ? undefined : Number(row.noncurrent_since),
    storageClass: String(row.storage_class),
    described: JSON.parse(String(row.described)) as Described,
    tags: JSON.parse(String(row.tags)) as Tags,
    legalHold: row.legal_hold === 1,
    retention: row.retention === null ? undefined : (JSON.parse(String(row.retention)) as Retention),
  };
}
