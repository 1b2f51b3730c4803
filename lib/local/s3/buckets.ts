/** Buckets and how the template configures them. */
import type { DatabaseSync } from 'node:sqlite';
import type { CorsRule } from './cors.ts';
import type { LifecycleRule } from './lifecycle-rules.ts';
import { refusal } from './s3-error.ts';

export interface BucketConfig {
  /** '' where the bucket never had versions. */
  readonly versioning: '' | 'Enabled' | 'Suspended';
  readonly objectLock: ObjectLock | undefined;
  readonly lifecycle: readonly LifecycleRule[];
  readonly encryption: { readonly algorithm: string; readonly keyId?: string; readonly bucketKey: boolean };
  readonly publicAccessBlock: PublicAccessBlock | undefined;
  readonly cors: readonly CorsRule[];
  readonly policy: unknown;
}

/** Object Lock is on; new versions are retained for so long, where a default is set. */
export interface ObjectLock {
  readonly mode?: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days?: number;
  readonly years?: number;
}

export interface PublicAccessBlock {
  readonly BlockPublicAcls: boolean;
  readonly BlockPublicPolicy: boolean;
  readonly IgnorePublicAcls: boolean;
  readonly RestrictPublicBuckets: boolean;
}

export interface Bucket {
  readonly name: string;
  /** Epoch ms. */
  readonly created: number;
  readonly config: BucketConfig;
}

/** The bucket of a call that is about none. */
export const NO_BUCKET: Bucket = {
  name: '',
  created: 0,
  config: {
    versioning: '',
    objectLock: undefined,
    lifecycle: [],
    encryption: { algorithm: 'AES256', bucketKey: false },
    publicAccessBlock: undefined,
    cors: [],
    policy: undefined,
  },
};

export class Buckets {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The bucket; throws NoSuchBucket. */
  get(name: string): Bucket {
    const bucket = this.find(name);
    if (!bucket) throw refusal('NoSuchBucket', undefined, { BucketName: name });
    return bucket;
  }

  find(name: string): Bucket | undefined {
    const row = this.#database.prepare('SELECT * FROM s3_buckets WHERE name = ?').get(name);
    return row && read(row);
  }

  /** By name. */
  all(): readonly Bucket[] {
    return this.#database.prepare('SELECT * FROM s3_buckets ORDER BY name').all().map(read);
  }

  /** Makes the bucket, or gives an existing one this configuration; its objects stay. */
  configure(name: string, now: number, config: BucketConfig): void {
    this.#database
      .prepare(
        `INSERT INTO s3_buckets (name, created, config) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET config = excluded.config`,
      )
      .run(name, now, JSON.stringify(config));
  }
}

function read(row: Record<string, unknown>): Bucket {
  return {
    name: String(row.name),
    created: Number(row.created),
    config: JSON.parse(String(row.config)) as BucketConfig,
  };
}
