/** GetObjectTagging, PutObjectTagging and DeleteObjectTagging. */
import type { AwsResponse } from '../service.ts';
import { authorizeObject, type Call, document, readable, versionHeader } from './call.ts';
import { verifyBody } from './checksums.ts';
import { parseTagging, tagSet } from './tags.ts';
import type { Tags } from './version.ts';

export function getObjectTagging(call: Call): AwsResponse {
  authorizeTagging(call, 'Get');
  const version = readable(call);
  return document(['Tagging', [tagSet(version.tags)]], versionHeader(call.bucket, version));
}

export function putObjectTagging(call: Call): Promise<AwsResponse> {
  verifyBody(call.request.headers, call.request.body);
  const tags = parseTagging(call.request.body);
  authorizeTagging(call, 'Put', tags);
  return setTags(call, tags, 200);
}

export function deleteObjectTagging(call: Call): Promise<AwsResponse> {
  authorizeTagging(call, 'Delete');
  return setTags(call, {}, 204);
}

async function setTags(call: Call, tags: Tags, status: number): Promise<AwsResponse> {
  const version = await call.versions.change(() => {
    const tagged = readable(call);
    call.versions.setTags(tagged, tags);
    return tagged;
  });
  return { status, headers: versionHeader(call.bucket, version) };
}

function authorizeTagging(call: Call, verb: 'Get' | 'Put' | 'Delete', tags: Tags = {}): void {
  const what = call.query('versionId') ? 'ObjectVersionTagging' : 'ObjectTagging';
  const existing = call.versions.latest(call.bucket.name, call.key)?.tags ?? {};
  const conditions = [
    ...Object.entries(existing).map(([key, value]) => [`s3:ExistingObjectTag/${key}`, value]),
    ...Object.entries(tags).map(([key, value]) => [`s3:RequestObjectTag/${key}`, value]),
  ];
  authorizeObject(call, `s3:${verb}${what}`, Object.fromEntries(conditions));
}
