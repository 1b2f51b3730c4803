/** One call of S3, with what it names already looked up. */
import { xmlDocument } from '../protocols/rest-xml.ts';
import type { XmlNode } from '../protocols/xml.ts';
import type { AwsRequest, AwsResponse, CloudContext } from '../service.ts';
import type { Blobs } from './blobs.ts';
import type { Bucket, Buckets } from './buckets.ts';
import { refusal } from './s3-error.ts';
import type { Uploads } from './uploads.ts';
import type { Version } from './version.ts';
import type { Versions } from './versions.ts';

export interface S3 {
  readonly context: CloudContext;
  readonly buckets: Buckets;
  readonly versions: Versions;
  readonly uploads: Uploads;
  readonly blobs: Blobs;
}

export interface Call extends S3 {
  readonly request: AwsRequest;
  readonly bucket: Bucket;
  readonly key: string;
  /** Epoch ms. */
  readonly now: number;
  query(name: string): string | undefined;
  header(name: string): string | undefined;
}

type Conditions = Readonly<Record<string, string | undefined>>;

/** Throws AccessDenied unless the caller may do this to the bucket. */
export function authorizeBucket(call: Call, action: string, conditions: Conditions = {}): void {
  authorize(call, action, `arn:aws:s3:::${call.bucket.name}`, conditions);
}

/** Throws AccessDenied unless the caller may do this to the object `key` of the bucket. */
export function authorizeObject(call: Call, action: string, conditions: Conditions = {}, key = call.key): void {
  authorize(call, action, `arn:aws:s3:::${call.bucket.name}/${key}`, conditions);
}

/** Throws AccessDenied unless the caller may do this. */
export function authorize(
  call: Pick<Call, 'request' | 'bucket'>,
  action: string,
  resource: string,
  conditions: Conditions,
): void {
  const { request, bucket } = call;
  if (request.principal === undefined && bucket.config.publicAccessBlock?.RestrictPublicBuckets) {
    throw refusal('AccessDenied');
  }
  const given = Object.entries(conditions).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // Loopback stands for TLS: a bucket's usual policy denies whatever comes without it.
  request.authorize(action, resource, { 'aws:SecureTransport': 'true', ...Object.fromEntries(given) });
}

/** What S3 answers for a key that is not there: 404 only to those who may list the bucket. */
function noSuchKey(call: Call, headers: Readonly<Record<string, string>> = {}): never {
  authorizeBucket(call, 's3:ListBucket');
  throw refusal('NoSuchKey', undefined, { Key: call.key, headers });
}

/** The version that the call names, else the latest; never a marker. Throws as S3 does for one that cannot be read. */
export function readable(call: Call): Version {
  const { versions, bucket, key } = call;
  const wanted = namedVersion(call.query('versionId'));
  const version = wanted ? versions.version(bucket.name, key, wanted) : versions.latest(bucket.name, key);
  if (!version && wanted) throw refusal('NoSuchVersion', undefined, { Key: key, VersionId: wanted });
  if (!version) return noSuchKey(call);
  if (!version.marker) return version;
  const headers = { 'x-amz-delete-marker': 'true', ...versionHeader(call.bucket, version) };
  if (!wanted) return noSuchKey(call, headers);
  throw refusal('MethodNotAllowed', undefined, { headers: { ...headers, allow: 'DELETE' } });
}

/** The id of a version as a request names it; throws InvalidArgument for what never was one. */
export function namedVersion(id: string | undefined, argument = 'versionId'): string | undefined {
  if (id === undefined || /^(null|[\w.-]{20,64})$/.test(id)) return id;
  const message = id === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified';
  throw refusal('InvalidArgument', message, { ArgumentName: argument, ArgumentValue: id });
}

/** `x-amz-version-id`, for a bucket that has or had versioning. */
export function versionHeader(bucket: Bucket, version: Version): Record<string, string> {
  return bucket.config.versioning === '' ? {} : { 'x-amz-version-id': version.version };
}

/** A document of S3's namespace. */
export function document(root: XmlNode, headers: Readonly<Record<string, string>> = {}): AwsResponse {
  return xmlDocument(root, 'http://s3.amazonaws.com/doc/2006-03-01/', headers);
}

// Path-style addresses and the percent-encoding of keys. Pure.

/** The bucket and the key of a path as sent; '' where it names none. Throws InvalidURI, KeyTooLongError. */
export function readAddress(path: string): { bucket: string; key: string } {
  const [, encodedBucket = '', encodedKey = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const key = decode(encodedKey);
  if (Buffer.byteLength(key) > 1024) throw refusal('KeyTooLongError', undefined, { MaxSizeAllowed: 1024 });
  return { bucket: decode(encodedBucket), key };
}

/** The source of a copy: `bucket/key`, percent-encoded, with or without a leading slash and `?versionId=`. */
export function readCopySource(header: string): { bucket: string; key: string; version: string | undefined } {
  const [path = '', version] = header.split('?versionId=');
  const { bucket, key } = readAddress(path.startsWith('/') ? path : `/${path}`);
  if (bucket === '' || key === '') {
    throw refusal('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
      ArgumentName: 'x-amz-copy-source',
      ArgumentValue: header,
    });
  }
  return { bucket, key, version };
}

/** A key as a listing with `encoding-type=url` writes it: `/` stays, a space is `+`. */
export function encodeListed(key: string): string {
  return encodeURIComponent(key)
    .replace(/[!'()]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+');
}

/**
 * The least text that sorts, as UTF-8, after every text that begins with `prefix`; undefined where there is none.
 */
export function after(prefix: string): string | undefined {
  const points = [...prefix].map(character => character.codePointAt(0) as number);
  while (points.at(-1) === 0x10ffff) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // The code points of surrogates have no UTF-8.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refusal('InvalidURI', undefined, { URI: text });
  }
}
