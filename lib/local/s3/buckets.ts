/** Buckets and how the template configures them. */
import type { DatabaseSync } from 'node:sqlite';
import { atomically } from '../database.ts';
import { matches } from '../policy-statement.ts';
import type { AwsRequest, AwsResponse } from '../service.ts';
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

interface PublicAccessBlock {
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

  /** Removes an empty bucket, and uploads to it that nobody completed. Throws BucketNotEmpty. */
  remove(name: string): void {
    if (this.#database.prepare('SELECT 1 FROM s3_versions WHERE bucket = ? LIMIT 1').get(name)) {
      const message = 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
      throw refusal('BucketNotEmpty', message, { BucketName: name });
    }
    atomically(this.#database, () => {
      // Their files are swept at the next start.
      const parts = 's3_parts WHERE upload IN (SELECT id FROM s3_uploads WHERE bucket = ?)';
      for (const rows of [
        parts,
        's3_uploads WHERE bucket = ?',
        's3_completed WHERE bucket = ?',
        's3_buckets WHERE name = ?',
      ])
        this.#database.prepare(`DELETE FROM ${rows}`).run(name);
    });
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

// Cross-origin rules of a bucket: the answer to a preflight, and the headers that let a page read an answer.

/** As CloudFormation writes it. */
export interface CorsRule {
  readonly Id?: string;
  readonly AllowedMethods: readonly string[];
  readonly AllowedOrigins: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  /** Seconds. */
  readonly MaxAge?: number;
}

/** Answers OPTIONS, which nobody signs; throws AccessForbidden where no rule allows the call that it announces. */
export function answerPreflight(request: AwsRequest, bucket: Bucket): AwsResponse {
  const method = request.headers['access-control-request-method'];
  if (request.headers.origin === undefined || method === undefined) {
    throw refusal('InvalidRequest', 'Insufficient information. Origin request header needed.');
  }
  const wanted = (request.headers['access-control-request-headers'] ?? '').split(',').map(name => name.trim());
  const headers = corsHeaders(request, bucket, method, wanted.filter(Boolean));
  if (Object.keys(headers).length === 0) throw refusal('AccessForbidden');
  return { status: 200, headers };
}

/** The headers for an answer to `method`; none where the request has no origin, or no rule allows it. */
export function corsHeaders(
  request: AwsRequest,
  bucket: Bucket | undefined,
  method = request.method,
  wanted: readonly string[] = [],
): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  const rule = bucket?.config.cors.find(
    ({ AllowedMethods, AllowedOrigins, AllowedHeaders = [] }) =>
      AllowedMethods.includes(method) &&
      AllowedOrigins.some(allowed => matches(allowed, origin)) &&
      wanted.every(name => AllowedHeaders.some(allowed => matches(allowed.toLowerCase(), name.toLowerCase()))),
  );
  if (!rule) return {};
  const anyone = rule.AllowedOrigins.includes('*');
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(wanted.length > 0 && { 'access-control-allow-headers': wanted.join(', ') }),
    ...(rule.ExposedHeaders && { 'access-control-expose-headers': rule.ExposedHeaders.join(', ') }),
    ...(rule.MaxAge !== undefined && { 'access-control-max-age': String(rule.MaxAge) }),
    ...(!anyone && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}
