/** GetObject and HeadObject. */
import type { AwsResponse } from '../service.ts';
import { authorizeObject, type Call, readable } from './call.ts';
import { describe } from './object-headers.ts';
import { checkRead, etagAmong } from './preconditions.ts';
import { refusal } from './s3-error.ts';
import type { Version } from './version.ts';

/** The parameters that replace a header of the answer. */
export const OVERRIDES = [
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
];
const ARCHIVED = new Set(['GLACIER', 'DEEP_ARCHIVE']);

export function getObject(call: Call): AwsResponse {
  const version = readableVersion(call);
  const { status, headers, first, last } = answerFor(call, version);
  if (ARCHIVED.has(version.storageClass)) {
    throw refusal('InvalidObjectState', undefined, { StorageClass: version.storageClass });
  }
  if (version.blob === undefined || version.size === 0) return { status, headers };
  return { status, headers, body: call.blobs.read(version.blob, first, last) };
}

export function headObject(call: Call): AwsResponse {
  const { status, headers } = answerFor(call, readableVersion(call));
  return { status, headers };
}

function readableVersion(call: Call): Version {
  const existing = call.versions.latest(call.bucket.name, call.key);
  const tags = Object.entries(existing?.tags ?? {}).map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]);
  const action = call.query('versionId') ? 's3:GetObjectVersion' : 's3:GetObject';
  authorizeObject(call, action, { 's3:VersionId': call.query('versionId'), ...Object.fromEntries(tags) });
  return readable(call);
}

function answerFor(call: Call, version: Version) {
  const fresh = isStill(version, call.header('if-range'));
  const whole = describe(call.bucket, version, call.header('x-amz-checksum-mode') === 'ENABLED');
  checkRead(version, call.header, whole);
  const range = readRange(fresh ? call.header('range') : undefined, version.size);
  const { first, last } = range ?? { first: 0, last: version.size - 1 };
  // A checksum speaks of the whole object, so a part goes without one.
  const headers = range ? describe(call.bucket, version, false) : whole;
  for (const name of OVERRIDES) {
    const value = call.query(name);
    if (value === undefined) continue;
    if (call.request.principal === undefined) {
      throw refusal('InvalidRequest', 'Request specific response headers cannot be used for anonymous GET requests.');
    }
    headers[name.slice('response-'.length)] = value;
  }
  headers['content-length'] = String(last - first + 1);
  if (range) headers['content-range'] = `bytes ${first}-${last}/${version.size}`;
  return { status: range ? 206 : 200, headers, first, last };
}

/** Whether the object is still the one of which If-Range has a part: named by its tag, or by its date in whole seconds. */
function isStill(version: Version, ifRange: string | undefined): boolean {
  if (ifRange === undefined) return true;
  return ifRange.includes('"') ? etagAmong(ifRange, version) : Date.parse(ifRange) > version.modified - 1000;
}

// The Range header of a GET. Pure.

interface ByteRange {
  readonly first: number;
  /** Included. */
  readonly last: number;
}

/**
 * The bytes asked for of `size`; undefined for the whole object, which S3 also sends where the header is none that it
 * reads, such as one of several ranges. Throws InvalidRange (416) where no byte of it is there.
 */
function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const [all, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (all === undefined || (from === '' && to === '')) return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (first > last) {
    throw refusal('InvalidRange', undefined, {
      RangeRequested: header,
      ActualObjectSize: size,
      headers: { 'content-range': `bytes */${size}` },
    });
  }
  return { first, last };
}
