/** ListObjects, ListObjectsV2 and ListObjectVersions. */
import type { XmlNode } from '../protocols/xml.ts';
import type { AwsResponse } from '../service.ts';
import { after, authorizeBucket, type Call, document, encodeListed, namedVersion } from './call.ts';
import { checksumElements } from './checksums.ts';
import { refusal } from './s3-error.ts';
import { readVersion, type Version } from './version.ts';

/** AWS: a page has at most 1000 keys. */
const LARGEST_PAGE = 1000;

export function listObjectsV2(call: Call): AwsResponse {
  const { prefix, delimiter, limit, written } = readListing(call, 's3:ListBucket');
  const token = call.query('continuation-token');
  const startAfter = call.query('start-after');
  const start = token === undefined ? { from: startAfter ?? '', open: startAfter !== undefined } : readToken(token);
  const page = listPage(seekLatest(call, prefix), { prefix, delimiter, limit, start });
  const owner = call.query('fetch-owner') === 'true' ? call.context.accountId : undefined;
  const contents = page.entries.map(version => content(version, written, owner));
  return document([
    'ListBucketResult',
    [
      ['Name', call.bucket.name],
      ['Prefix', written(prefix)],
      ['Delimiter', delimiter === '' ? undefined : written(delimiter)],
      ['MaxKeys', limit],
      ['EncodingType', call.query('encoding-type')],
      ['KeyCount', page.entries.length + page.commonPrefixes.length],
      ['IsTruncated', page.next !== undefined],
      ['ContinuationToken', token],
      ['NextContinuationToken', page.next && writeToken(page.next)],
      ['StartAfter', startAfter === undefined ? undefined : written(startAfter)],
      ...contents,
      ...commonPrefixes(page.commonPrefixes, written),
    ],
  ]);
}

/** One object of a listing. */
function content(version: Version, written: (key: string) => string, owner: string | undefined): XmlNode {
  const { checksum } = version.described;
  return [
    'Contents',
    [
      ['Key', written(version.key)],
      ['LastModified', new Date(version.modified).toISOString()],
      ['ETag', `"${version.etag}"`],
      ...(checksum
        ? ([['ChecksumAlgorithm', checksum.algorithm], ...checksumElements(checksum).slice(1)] as const)
        : []),
      ['Size', version.size],
      ['StorageClass', version.storageClass],
      ['Owner', owner === undefined ? undefined : [['ID', owner]]],
    ],
  ];
}

/** The first version of the listing: a page begins after a key, or after all that a rolled-up prefix holds. */
export function listObjects(call: Call): AwsResponse {
  const { prefix, delimiter, limit, written } = readListing(call, 's3:ListBucket');
  const marker = call.query('marker') ?? '';
  const beyond = rolledUp(marker, prefix, delimiter) ? after(marker) : undefined;
  const start = { from: beyond ?? marker, open: beyond === undefined && marker !== '' };
  const page = listPage(seekLatest(call, prefix), { prefix, delimiter, limit, start });
  const last = page.next && !page.next.open ? page.commonPrefixes.at(-1) : page.entries.at(-1)?.key;
  return document([
    'ListBucketResult',
    [
      ['Name', call.bucket.name],
      ['Prefix', written(prefix)],
      ['Marker', written(marker)],
      ['NextMarker', page.next && delimiter !== '' && last !== undefined ? written(last) : undefined],
      ['MaxKeys', limit],
      ['Delimiter', delimiter === '' ? undefined : written(delimiter)],
      ['EncodingType', call.query('encoding-type')],
      ['IsTruncated', page.next !== undefined],
      ...page.entries.map(version => content(version, written, call.context.accountId)),
      ...commonPrefixes(page.commonPrefixes, written),
    ],
  ]);
}

/** Whether the marker is a common prefix of an earlier page. */
function rolledUp(marker: string, prefix: string, delimiter: string): boolean {
  if (delimiter === '' || !marker.startsWith(prefix)) return false;
  const end = marker.indexOf(delimiter, prefix.length);
  return end >= 0 && end + delimiter.length === marker.length;
}

/** The parameters that every listing shares; throws AccessDenied unless the caller may do `action`. */
function readListing(call: Call, action: string) {
  const [prefix, delimiter, most] = ['prefix', 'delimiter', 'max-keys'].map(call.query);
  authorizeBucket(call, action, { 's3:prefix': prefix, 's3:delimiter': delimiter, 's3:max-keys': most });
  const encoding = call.query('encoding-type');
  if (encoding !== undefined && encoding !== 'url') {
    throw refusal('InvalidArgument', 'Invalid Encoding Method specified in Request', { ArgumentName: 'encoding-type' });
  }
  if (most !== undefined && !/^\d{1,10}$/.test(most)) {
    const what = { ArgumentName: 'max-keys', ArgumentValue: most };
    throw refusal('InvalidArgument', 'Provided max-keys not an integer or within integer range', what);
  }
  return {
    prefix: prefix ?? '',
    delimiter: delimiter ?? '',
    limit: Math.min(Number(most ?? LARGEST_PAGE), LARGEST_PAGE),
    written: (key: string) => (encoding === 'url' ? encodeListed(key) : key),
  };
}

function commonPrefixes(prefixes: readonly string[], written: (key: string) => string): XmlNode[] {
  return prefixes.map((prefix): XmlNode => ['CommonPrefixes', [['Prefix', written(prefix)]]]);
}

function seekLatest(call: Call, prefix: string): (start: Start, limit: number) => Version[] {
  const end = after(prefix);
  const { database } = call.context;
  return (start, limit) => {
    const sql = `SELECT * FROM s3_versions
      WHERE bucket = ? AND latest = 1 AND marker = 0 AND key ${start.open ? '>' : '>='} ? AND key >= ?
        ${end === undefined ? '' : 'AND key < ?'} ORDER BY key LIMIT ?`;
    const bounds = [start.from, prefix, ...(end === undefined ? [] : [end])];
    return database
      .prepare(sql)
      .all(call.bucket.name, ...bounds, limit)
      .map(readVersion);
  };
}

function writeToken({ from, open }: Start): string {
  return Buffer.from(`${open ? '>' : '='}${from}`).toString('base64url');
}

function readToken(token: string): Start {
  const text = Buffer.from(token, 'base64url').toString();
  if (!/^[>=]/.test(text)) throw refusal('InvalidArgument', 'The continuation token provided is incorrect');
  return { from: text.slice(1), open: text.startsWith('>') };
}

// ListObjectVersions: by key, and within a key the newest first.

export function listObjectVersions(call: Call): AwsResponse {
  const { prefix, delimiter, limit, written } = readListing(call, 's3:ListBucketVersions');
  const keyMarker = call.query('key-marker') ?? '';
  const idMarker = namedVersion(call.query('version-id-marker'), 'version-id-marker');
  if (idMarker !== undefined && keyMarker === '') {
    throw refusal('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  }
  const start = { from: keyMarker, open: keyMarker !== '' };
  const seek = seekVersions(call, prefix, keyMarker, idMarker);
  const page = listPage(seek, { prefix, delimiter, limit, start });
  const last = page.entries.at(-1);
  // The page ends in whatever sorts last: a version, or a rolled-up prefix.
  const lastPrefix = page.commonPrefixes.at(-1);
  const endsInPrefix = lastPrefix !== undefined && page.next !== undefined && !page.next.open;
  return document([
    'ListVersionsResult',
    [
      ['Name', call.bucket.name],
      ['Prefix', written(prefix)],
      ['KeyMarker', written(keyMarker)],
      ['VersionIdMarker', idMarker ?? ''],
      ['NextKeyMarker', page.next && written(endsInPrefix ? lastPrefix : (last?.key ?? ''))],
      ['NextVersionIdMarker', page.next && !endsInPrefix ? last?.version : undefined],
      ['MaxKeys', limit],
      ['Delimiter', delimiter === '' ? undefined : written(delimiter)],
      ['EncodingType', call.query('encoding-type')],
      ['IsTruncated', page.next !== undefined],
      ...page.entries.map((version): XmlNode => listed(version, written, call.context.accountId)),
      ...commonPrefixes(page.commonPrefixes, written),
    ],
  ]);
}

function listed(version: Version, written: (key: string) => string, owner: string): XmlNode {
  const content: XmlNode[] = [
    ['ETag', `"${version.etag}"`],
    ['Size', version.size],
    ['StorageClass', version.storageClass],
  ];
  return [
    version.marker ? 'DeleteMarker' : 'Version',
    [
      ['Key', written(version.key)],
      ['VersionId', version.version],
      ['IsLatest', version.latest],
      ['LastModified', new Date(version.modified).toISOString()],
      ...(version.marker ? [] : content),
      ['Owner', [['ID', owner]]],
    ],
  ];
}

/** A key marker alone means past the whole key (or rolled-up prefix); with a version, past that version of it. */
function seekVersions(call: Call, prefix: string, keyMarker: string, idMarker: string | undefined) {
  const end = after(prefix);
  const { database } = call.context;
  const bucket = call.bucket.name;
  const from =
    call.query('delimiter') && keyMarker.endsWith(call.query('delimiter') ?? '') ? after(keyMarker) : undefined;
  const seqOf = (id: string) => call.versions.version(bucket, keyMarker, id)?.seq ?? 0;
  let older = idMarker === undefined ? 0 : seqOf(idMarker);
  return (start: Start, limit: number): Version[] => {
    const first = start.from === keyMarker && start.open;
    const at = first && from !== undefined ? { from, open: false } : start;
    const sql = `SELECT * FROM s3_versions
      WHERE bucket = ? AND (key ${at.open ? '>' : '>='} ? OR (key = ? AND seq < ?)) AND key >= ?
        ${end === undefined ? '' : 'AND key < ?'} ORDER BY key, seq DESC LIMIT ?`;
    const bounds = [at.from, at.from, first ? older : 0, prefix, ...(end === undefined ? [] : [end])];
    older = 0;
    return database
      .prepare(sql)
      .all(bucket, ...bounds, limit)
      .map(readVersion);
  };
}

// One page of a listing, in the order of the keys' UTF-8 bytes. Keys with the delimiter after the prefix are rolled into
// common prefixes; the search jumps over what is rolled up, so a page costs its own length, not the bucket's.

/** Where a page begins: at the first key that is not less than `from`, or, with `open`, greater. */
interface Start {
  readonly from: string;
  readonly open: boolean;
}

interface Page<T> {
  readonly entries: readonly T[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; undefined on the last. */
  readonly next: Start | undefined;
}

/** `seek` answers up to `limit` entries from `start` on, in order, whose keys begin with `prefix`. */
function listPage<T extends { readonly key: string }>(
  seek: (start: Start, limit: number) => readonly T[],
  { prefix, delimiter, limit, start }: { prefix: string; delimiter: string; limit: number; start: Start },
): Page<T> {
  const entries: T[] = [];
  const commonPrefixes: string[] = [];
  let at: Start | undefined = start;
  while (at && limit > 0) {
    const room: number = limit - entries.length - commonPrefixes.length;
    const found = seek(at, room + 1);
    let jump: Start | undefined;
    for (const entry of found) {
      if (entries.length + commonPrefixes.length === limit) return { entries, commonPrefixes, next: at };
      const end = delimiter === '' ? -1 : entry.key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        entries.push(entry);
        at = { from: entry.key, open: true };
        continue;
      }
      const common = entry.key.slice(0, end + delimiter.length);
      commonPrefixes.push(common);
      const beyond = after(common);
      jump = beyond === undefined ? undefined : { from: beyond, open: false };
      if (jump === undefined) return { entries, commonPrefixes, next: undefined };
      at = jump;
      break;
    }
    if (!jump) at = undefined;
  }
  return { entries, commonPrefixes, next: undefined };
}
