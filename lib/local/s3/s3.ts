/**
 * S3. What always holds:
 * - Metadata is rows, bytes are files; a row never names a file that is not complete (blobs.ts).
 * - One change is one transaction (versions.ts); what it made ownerless goes after it.
 * - An operation, parameter or header that is not here is refused by name (operations.ts), never ignored.
 */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { errorDocument, findOperation, type Unread, type XmlOperation } from '../protocols/rest-xml.ts';
import type { AwsRequest, AwsResponse, CloudContext, Engine } from '../service.ts';
import { Blobs } from './blobs.ts';
import { bucketPolicyType, bucketType } from './bucket-resource.ts';
import { answerPreflight, type Bucket, Buckets, corsHeaders, NO_BUCKET } from './buckets.ts';
import { type Call, readAddress, type S3 } from './call.ts';
import { startLifecycle } from './lifecycle.ts';
import { OPERATIONS } from './operations.ts';
import { refusal } from './s3-error.ts';
import { StoredObjects } from './stored-objects.ts';
import { Uploads } from './uploads.ts';
import { Versions } from './versions.ts';

/** The engine of S3, and its objects for the engines that read them where they lie. */
export function createS3(context: CloudContext): Engine & { readonly objects: StoredObjects } {
  const { database } = context;
  prepareTables(database);
  const blobs = new Blobs(join(context.dataDir, 's3'));
  // Before the first call, since what a call is just writing has no row yet.
  const rows = database.prepare('SELECT blob FROM s3_versions UNION SELECT blob FROM s3_parts').all();
  blobs.sweep(new Set(rows.map(({ blob }) => String(blob))));
  const buckets = new Buckets(database);
  const s3: S3 = { context, buckets, blobs, versions: new Versions(database, blobs), uploads: new Uploads(database) };
  let stopLifecycle = async (): Promise<void> => {};
  return {
    objects: new StoredObjects(s3),
    services: [
      {
        signingName: 's3',
        operations: { s3: Object.keys(OPERATIONS) },
        handle: request => handle(s3, request),
        refuse: (error, request) => {
          const answer = errorDocument(error, request);
          return { ...answer, headers: { ...answer.headers, ...corsHeaders(request, bucketOf(s3, request)) } };
        },
      },
    ],
    resources: { 'AWS::S3::Bucket': bucketType(s3), 'AWS::S3::BucketPolicy': bucketPolicyType(s3) },
    start() {
      stopLifecycle = startLifecycle(s3);
    },
    async stop() {
      await stopLifecycle();
    },
  };
}

async function handle(s3: S3, sent: AwsRequest): Promise<AwsResponse> {
  const request = sent.presigned ? { ...sent, headers: { ...signedHeaders(sent), ...sent.headers } } : sent;
  const address = readAddress(request.path);
  if (request.method === 'OPTIONS') return answerPreflight(request, s3.buckets.get(address.bucket));
  const on = address.bucket === '' ? 'service' : address.key === '' ? 'bucket' : 'object';
  const operation = findOperation(OPERATIONS, request, on);
  if ('kind' in operation) throw unread(request, on, operation);
  const bucket = on === 'service' ? NO_BUCKET : s3.buckets.get(address.bucket);
  const owner = request.headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== s3.context.accountId) throw refusal('AccessDenied');
  const call: Call = {
    ...s3,
    request,
    bucket,
    key: address.key,
    now: s3.context.clock.now(),
    query: name => request.query.get(name) ?? undefined,
    header: name => request.headers[name],
  };
  const answer = await operation.run(call);
  return { ...answer, headers: { ...answer.headers, ...corsHeaders(request, bucket) } };
}

/** The refusal of what a request brings and no operation reads. */
function unread({ method }: AwsRequest, on: XmlOperation<Call>['on'], given: Unread): Error {
  if (given.kind === 'header') {
    return refusal('NotImplemented', undefined, { Header: given.header, Operation: given.operation });
  }
  const { parameter } = given;
  const what = `${method} (${on})${parameter === undefined ? '' : ` with the parameter '${parameter}'`}`;
  const detail = { Method: method, Parameter: parameter ?? '' };
  return refusal('NotImplemented', `The local S3 does not do this: ${what}`, detail);
}

/**
 * A presigned URL carries x-amz- headers as parameters; S3 reads them as if they were headers. That holds here for a
 * checksum too, so a PUT URL that the SDK signed with its default, the checksum of no bytes, stores nothing else.
 */
function signedHeaders({ query }: AwsRequest): Record<string, string> {
  const named = [...query].map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(named.filter(([name]) => name.startsWith('x-amz-') && !SIGNATURE.has(name)));
}
const SIGNATURE = new Set(
  ['algorithm', 'credential', 'date', 'expires', 'signedheaders', 'signature', 'security-token', 'content-sha256'].map(
    name => `x-amz-${name}`,
  ),
);

/** The bucket that a refused request was about, if any. */
function bucketOf(s3: S3, request: AwsRequest): Bucket | undefined {
  return s3.buckets.find(/^\/([^/]*)/.exec(request.path)?.[1] ?? '');
}

// The tables of S3. One row of `s3_versions` is one version of an object or a delete marker; the higher `seq`, the newer.
// The partial index makes SQLite itself refuse two latest versions of one key. Keys compare as UTF-8 bytes, the order
// in which S3 lists.

function prepareTables(database: DatabaseSync): void {
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
    CREATE TABLE IF NOT EXISTS s3_completed (
      id TEXT PRIMARY KEY,
      bucket TEXT NOT NULL,
      key TEXT NOT NULL,
      at INTEGER NOT NULL,
      done TEXT NOT NULL
    ) STRICT;
  `);
}
