/** ListObjectsV2. */
import type { XmlNode } from '../protocols/xml.ts';
import type { AwsResponse } from '../service.ts';
import { after, encodeListed } from './address.ts';
import { authorizeBucket, type Call, document } from './call.ts';
import { checksumElements } from './checksums.ts';
import { listPage, type Start } from './listing.ts';
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
  const contents = page.entries.map((version): XmlNode => {
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
        ['Owner', call.query('fetch-owner') === 'true' ? [['ID', call.context.accountId]] : undefined],
      ],
    ];
  });
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

/** The parameters that every listing shares; throws AccessDenied unless the caller may do `action`. */
export function readListing(call: Call, action: string) {
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

export function commonPrefixes(prefixes: readonly string[], written: (key: string) => string): XmlNode[] {
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
