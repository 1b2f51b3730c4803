/** PutObject. */
import { createHash } from 'node:crypto';
import type { AwsResponse } from '../service.ts';
import { authorizeObject, type Call } from './call.ts';
import { verifyBody } from './checksums.ts';
import { readDraft, writtenHeaders } from './object-headers.ts';
import { checkWrite } from './preconditions.ts';
import type { Draft, Version } from './version.ts';

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
