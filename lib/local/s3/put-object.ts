/** PutObject. */
import { createHash } from 'node:crypto';
import type { AwsResponse } from '../service.ts';
import { authorizeObject, type Call, document, readable, readCopySource, versionHeader } from './call.ts';
import { algorithmNamed, checksumElements, verifyBody } from './checksums.ts';
import { readDraft, writtenHeaders } from './object-headers.ts';
import { checkCopySource, checkWrite } from './preconditions.ts';
import { refusal } from './s3-error.ts';
import type { Described, Draft, Version } from './version.ts';

export async function putObject(call: Call): Promise<AwsResponse> {
  const { request, bucket, key, versions, blobs, now } = call;
  const checksum = verifyBody(request.headers, request.body);
  const draft = readDraft(call, checksum);
  authorizeDraft(call, draft);
  const etag = createHash('md5').update(request.body).digest('hex');
  const blob = await blobs.keep(request.body);
  const stored = await versions.change(() => {
    checkWrite(current(call), call.header);
    return versions.put(bucket, key, draft, { blob, size: request.body.length, etag }, now);
  }, [blob]);
  return { status: 200, headers: { etag: `"${etag}"`, ...writtenHeaders(bucket, stored) } };
}

/** The object that the key names now, without markers. */
export function current({ versions, bucket, key }: Call): Version | undefined {
  const latest = versions.latest(bucket.name, key);
  return latest?.marker ? undefined : latest;
}

/** Throws AccessDenied unless the caller may store this here: each thing it sets has its own action. */
export function authorizeDraft(call: Call, draft: Draft): void {
  const tags = Object.entries(draft.tags).map(([key, value]) => [`s3:RequestObjectTag/${key}`, value]);
  authorizeObject(call, 's3:PutObject', {
    's3:x-amz-storage-class': call.header('x-amz-storage-class'),
    's3:x-amz-server-side-encryption': call.header('x-amz-server-side-encryption'),
    ...Object.fromEntries(tags),
  });
  if (call.header('x-amz-tagging') !== undefined)
    authorizeObject(call, 's3:PutObjectTagging', Object.fromEntries(tags));
  if (draft.legalHold) authorizeObject(call, 's3:PutObjectLegalHold');
  if (call.header('x-amz-object-lock-mode') !== undefined) authorizeObject(call, 's3:PutObjectRetention');
}

// CopyObject.

export async function copyObject(call: Call): Promise<AwsResponse> {
  const from = readCopySource(call.header('x-amz-copy-source') ?? '');
  const query = (name: string) => (name === 'versionId' ? from.version : undefined);
  const reading: Call = { ...call, bucket: call.buckets.get(from.bucket), key: from.key, query };
  authorizeObject(reading, from.version ? 's3:GetObjectVersion' : 's3:GetObject');
  const source = readable(reading);
  checkCopySource(source, call.header);
  const draft = copiedDraft(call, reading, source);
  authorizeDraft(call, draft);
  const { bucket, key, versions, blobs, now } = call;
  const blob = blobs.double(source.blob ?? '');
  const stored = await versions.change(() => {
    checkWrite(current(call), call.header);
    return versions.put(bucket, key, draft, { blob, size: source.size, etag: source.etag }, now);
  }, [blob]);
  const fromVersion = versionHeader(reading.bucket, source)['x-amz-version-id'];
  return document(
    [
      'CopyObjectResult',
      [
        ['ETag', `"${stored.etag}"`],
        ['LastModified', new Date(stored.modified).toISOString()],
        ...checksumElements(stored.described.checksum),
      ],
    ],
    { ...writtenHeaders(bucket, stored), ...(fromVersion && { 'x-amz-copy-source-version-id': fromVersion }) },
  );
}

function copiedDraft(call: Call, reading: Call, source: Version): Draft {
  const directive = (name: string) => {
    const value = call.header(name) ?? 'COPY';
    if (value !== 'COPY' && value !== 'REPLACE') throw refusal('InvalidArgument', `Unknown ${name}: ${value}`);
    return value;
  };
  const checksum = source.described.checksum;
  const algorithm = call.header('x-amz-checksum-algorithm');
  if (algorithm && algorithmNamed(algorithm, 'x-amz-checksum-algorithm') !== checksum?.algorithm) {
    throw refusal('NotImplemented', undefined, { Header: 'x-amz-checksum-algorithm', Value: algorithm });
  }
  const draft = readDraft(call, checksum);
  const replaces = directive('x-amz-metadata-directive') === 'REPLACE';
  const retags = directive('x-amz-tagging-directive') === 'REPLACE';
  const toItself = reading.bucket.name === call.bucket.name && reading.key === call.key && source.latest;
  if (toItself && !replaces && !call.header('x-amz-storage-class') && !call.header('x-amz-server-side-encryption')) {
    throw refusal(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  if (!retags && Object.keys(source.tags).length > 0) authorizeObject(reading, 's3:GetObjectTagging');
  if (!retags && Object.keys(source.tags).length > 0) authorizeObject(call, 's3:PutObjectTagging');
  return {
    ...draft,
    described: replaces ? draft.described : keeping(source.described, draft.described),
    tags: retags ? draft.tags : source.tags,
  };
}

/** What the source says of itself, encrypted as the copy is. */
function keeping(source: Described, copy: Described): Described {
  const isEncryption = ([name]: [string, string]) => name.startsWith('x-amz-server-side-encryption');
  const own = Object.entries(source.headers).filter(entry => !isEncryption(entry));
  return { ...source, headers: Object.fromEntries([...own, ...Object.entries(copy.headers).filter(isEncryption)]) };
}
