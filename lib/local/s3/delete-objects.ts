/** DeleteObject and DeleteObjects. */
import { childrenOf, childText, readXml, type XmlNode } from '../protocols/xml.ts';
import { AwsError, type AwsResponse } from '../service.ts';
import { authorizeObject, type Call, document, namedVersion, versionHeader } from './call.ts';
import { verifyBody } from './checksums.ts';
import { etagAmong } from './preconditions.ts';
import { refusal } from './s3-error.ts';
import { locked, type Version } from './version.ts';

export async function deleteObject(call: Call): Promise<AwsResponse> {
  const { key } = call;
  const done = await remove(call, { key, version: call.query('versionId'), etag: call.header('if-match') });
  const headers = done && versionHeader(call.bucket, done);
  return { status: 204, headers: { ...headers, ...(done?.marker && { 'x-amz-delete-marker': 'true' }) } };
}

export async function deleteObjects(call: Call): Promise<AwsResponse> {
  const checksum = verifyBody(call.request.headers, call.request.body);
  if (!checksum && call.header('content-md5') === undefined) {
    throw refusal('InvalidRequest', 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
  const root = readXml(call.request.body.toString());
  const wanted = childrenOf(root, 'Object').map(object => ({
    key: childText(object, 'Key') ?? '',
    version: childText(object, 'VersionId'),
    etag: childText(object, 'ETag'),
  }));
  if (root.name !== 'Delete' || wanted.length === 0 || wanted.length > 1000) throw refusal('MalformedXML');
  const quiet = childText(root, 'Quiet') === 'true';
  const results: XmlNode[] = [];
  for (const one of wanted) {
    const named: XmlNode[] = [
      ['Key', one.key],
      ['VersionId', one.version],
    ];
    try {
      const done = await remove(call, one);
      if (!quiet) results.push(['Deleted', [...named, ...(done?.marker ? marked(done) : [])]]);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const code = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
      results.push(['Error', [...named, ['Code', code], ['Message', error.message]]]);
    }
  }
  return document(['DeleteResult', results]);
}

interface Wanted {
  readonly key: string;
  readonly version: string | undefined;
  /** Deletes only the object with this tag. */
  readonly etag: string | undefined;
}

/** Deletes one: answers the marker that was made, or the version that went; undefined where nothing was there. */
async function remove(call: Call, { key, version, etag }: Wanted): Promise<Version | undefined> {
  const { versions, bucket, now } = call;
  authorizeObject(call, version ? 's3:DeleteObjectVersion' : 's3:DeleteObject', { 's3:VersionId': version }, key);
  const bypass = call.header('x-amz-bypass-governance-retention')?.toLowerCase() === 'true';
  if (bypass) authorizeObject(call, 's3:BypassGovernanceRetention', {}, key);
  namedVersion(version);
  return versions.change(() => {
    const found = version ? versions.version(bucket.name, key, version) : versions.latest(bucket.name, key);
    if (etag !== undefined && found && !found.marker && !etagAmong(etag, found)) throw refusal('PreconditionFailed');
    if (!version) return versions.delete(bucket, key, now);
    if (!found) return undefined;
    if (locked(found, now, bypass)) {
      throw refusal('AccessDenied', 'Access Denied because object protected by object lock.');
    }
    versions.remove(found);
    return found;
  });
}

function marked({ version }: Version): XmlNode[] {
  return [
    ['DeleteMarker', true],
    ['DeleteMarkerVersionId', version],
  ];
}
