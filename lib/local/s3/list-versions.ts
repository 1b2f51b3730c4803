/** ListObjectVersions: by key, and within a key the newest first. */
import type { XmlNode } from '../protocols/xml.ts';
import type { AwsResponse } from '../service.ts';
import { after } from './address.ts';
import { type Call, document } from './call.ts';
import { commonPrefixes, readListing } from './list-objects.ts';
import { listPage, type Start } from './listing.ts';
import { refusal } from './s3-error.ts';
import { readVersion, type Version } from './version.ts';

export function listObjectVersions(call: Call): AwsResponse {
  const { prefix, delimiter, limit, written } = readListing(call, 's3:ListBucketVersions');
  const keyMarker = call.query('key-marker') ?? '';
  const idMarker = call.query('version-id-marker');
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
