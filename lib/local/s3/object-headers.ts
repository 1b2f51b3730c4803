/** The headers of a request that describe the object it stores, and of an answer that describe one. */
import type { Bucket } from './buckets.ts';
import { type Call, versionHeader } from './call.ts';
import { type Checksum, checksumHeaders } from './checksums.ts';
import { refusal } from './s3-error.ts';
import { parseTagHeader } from './tags.ts';
import type { Described, Draft, Retention, Version } from './version.ts';

const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];
const STORAGE_CLASSES = new Set([
  'STANDARD',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'REDUCED_REDUNDANCY',
  'GLACIER',
  'GLACIER_IR',
  'DEEP_ARCHIVE',
]);
const METADATA = 'x-amz-meta-';
/** AWS: user-defined metadata is limited to 2 KB, names and values together. */
const LARGEST_METADATA_BYTES = 2048;

/** What a PutObject, CopyObject or CreateMultipartUpload says of its object. */
export function readDraft(call: Call, checksum: Checksum | undefined): Draft {
  const acl = call.header('x-amz-acl');
  if (acl && acl !== 'bucket-owner-full-control') throw refusal('AccessControlListNotSupported');
  const storageClass = call.header('x-amz-storage-class') ?? 'STANDARD';
  if (!STORAGE_CLASSES.has(storageClass)) throw refusal('InvalidStorageClass');
  const hold = call.header('x-amz-object-lock-legal-hold');
  const retention = readRetention(call);
  if ((hold ?? retention) !== undefined && !call.bucket.config.objectLock) {
    throw refusal('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  }
  return {
    described: readDescribed(call, checksum),
    tags: parseTagHeader(call.header('x-amz-tagging')),
    storageClass,
    legalHold: hold === 'ON',
    retention: retention ?? defaultRetention(call.bucket, call.now),
  };
}

/** Content-Type, metadata and encryption of the object. */
export function readDescribed(call: Call, checksum: Checksum | undefined): Described {
  const { headers: given } = call.request;
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith(METADATA)) metadata[name.slice(METADATA.length)] = value;
  }
  const size = Object.entries(metadata).reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (size > LARGEST_METADATA_BYTES) throw refusal('MetadataTooLarge', undefined, { Size: size });
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of KEPT) {
    // `aws-chunked` was only the way here.
    const value = name === 'content-encoding' ? given[name]?.replace(/aws-chunked,?\s*/, '') : given[name];
    if (value) headers[name] = value;
  }
  return { headers: { ...headers, ...encryption(call) }, metadata, ...(checksum && { checksum }) };
}

/** The headers of a GET or HEAD. */
export function describe(bucket: Bucket, version: Version, withChecksum: boolean): Record<string, string> {
  const { headers, metadata, checksum } = version.described;
  return {
    ...headers,
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [METADATA + name, value])),
    ...versionHeader(bucket, version),
    ...(withChecksum ? checksumHeaders(checksum) : {}),
    ...(version.storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': version.storageClass }),
    ...(Object.keys(version.tags).length > 0
      ? { 'x-amz-tagging-count': String(Object.keys(version.tags).length) }
      : {}),
    ...(version.legalHold ? { 'x-amz-object-lock-legal-hold': 'ON' } : {}),
    ...(version.retention && {
      'x-amz-object-lock-mode': version.retention.mode,
      'x-amz-object-lock-retain-until-date': new Date(version.retention.until).toISOString(),
    }),
    'accept-ranges': 'bytes',
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modified).toUTCString(),
  };
}

/** The headers that answer a write. */
export function writtenHeaders(bucket: Bucket, version: Version): Record<string, string> {
  const { headers, checksum } = version.described;
  const encrypted = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption'));
  return { ...Object.fromEntries(encrypted), ...checksumHeaders(checksum), ...versionHeader(bucket, version) };
}

// The bytes lie here as they are; the header says what S3 would have done.
function encryption(call: Call): Record<string, string> {
  const { algorithm: usual, keyId, bucketKey } = call.bucket.config.encryption;
  const algorithm = call.header('x-amz-server-side-encryption') ?? usual;
  const key = call.header('x-amz-server-side-encryption-aws-kms-key-id') ?? keyId;
  const named = 'x-amz-server-side-encryption';
  if (algorithm === 'AES256') return { [named]: algorithm };
  return {
    [named]: algorithm,
    ...(key && { [`${named}-aws-kms-key-id`]: key }),
    ...(bucketKey && { [`${named}-bucket-key-enabled`]: 'true' }),
  };
}

function readRetention(call: Call): Retention | undefined {
  const mode = call.header('x-amz-object-lock-mode');
  const until = call.header('x-amz-object-lock-retain-until-date');
  if (mode === undefined && until === undefined) return undefined;
  if (mode === undefined || until === undefined) {
    throw refusal(
      'InvalidArgument',
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
    );
  }
  return checkedRetention(mode, until, call.now);
}

/** A retention as a request words it; throws InvalidArgument. */
export function checkedRetention(mode: string, until: string, now: number): Retention {
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') throw refusal('InvalidArgument', 'Unknown wormMode directive.');
  const time = Date.parse(until);
  if (!(time > now)) throw refusal('InvalidArgument', 'The retain until date must be in the future!');
  return { mode, until: time };
}

function defaultRetention(bucket: Bucket, now: number): Retention | undefined {
  const { mode, days, years } = bucket.config.objectLock ?? {};
  if (!mode) return undefined;
  const until = new Date(now);
  until.setUTCDate(until.getUTCDate() + (days ?? 0));
  until.setUTCFullYear(until.getUTCFullYear() + (years ?? 0));
  return { mode, until: until.getTime() };
}
