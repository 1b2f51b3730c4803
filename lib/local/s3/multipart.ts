/** CreateMultipartUpload, UploadPart, AbortMultipartUpload and ListParts. */
import { createHash } from 'node:crypto';
import type { XmlNode } from '../protocols/xml.ts';
import type { AwsResponse } from '../service.ts';
import { authorizeObject, type Call, document } from './call.ts';
import { algorithmNamed, type Checksum, checksumHeaders, verifyBody } from './checksums.ts';
import { readDraft } from './object-headers.ts';
import { authorizeDraft } from './put-object.ts';
import { refusal } from './s3-error.ts';
import type { Upload } from './uploads.ts';

export async function createMultipartUpload(call: Call): Promise<AwsResponse> {
  const { bucket, key, now } = call;
  const draft = readDraft(call, undefined);
  authorizeDraft(call, draft);
  const named = call.header('x-amz-checksum-algorithm');
  const type = call.header('x-amz-checksum-type') ?? 'COMPOSITE';
  if (type !== 'COMPOSITE' && type !== 'FULL_OBJECT')
    throw refusal('InvalidRequest', `Value for x-amz-checksum-type header is invalid.`);
  const checksum = named
    ? ({ algorithm: algorithmNamed(named, 'x-amz-checksum-algorithm'), type } as const)
    : undefined;
  const start = () => call.uploads.start({ bucket: bucket.name, key, started: now, draft, checksum });
  const id = await call.versions.change(start);
  const headers: Record<string, string> = checksum
    ? { 'x-amz-checksum-algorithm': checksum.algorithm, 'x-amz-checksum-type': checksum.type }
    : {};
  return document(['InitiateMultipartUploadResult', [...bucketAndKey(call), ['UploadId', id]]], headers);
}

export async function uploadPart(call: Call): Promise<AwsResponse> {
  const { request, versions, uploads, blobs, now } = call;
  const number = Number(call.query('partNumber'));
  if (!(Number.isInteger(number) && number >= 1 && number <= 10_000)) {
    throw refusal('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive');
  }
  authorizeObject(call, 's3:PutObject');
  const upload = openUpload(call);
  const checksum = verifyBody(request.headers, request.body);
  if (checksum && upload.checksum && checksum.algorithm !== upload.checksum.algorithm) {
    const [expected, actual] = [upload.checksum.algorithm, checksum.algorithm].map(name => name.toLowerCase());
    throw refusal(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
    );
  }
  const etag = createHash('md5').update(request.body).digest('hex');
  const blob = await blobs.keep(request.body);
  await versions.change(() => {
    // It may have ended while the bytes were being written.
    openUpload(call);
    const part = { number, blob, size: request.body.length, etag, checksum: checksum?.value, modified: now };
    versions.drop(uploads.put(upload.id, part));
  }, [blob]);
  return { status: 200, headers: { etag: `"${etag}"`, ...partChecksum(checksum) } };
}

export async function abortMultipartUpload(call: Call): Promise<AwsResponse> {
  authorizeObject(call, 's3:AbortMultipartUpload');
  await call.versions.change(() => call.versions.drop(...call.uploads.end(openUpload(call).id)));
  return { status: 204 };
}

export function listParts(call: Call): AwsResponse {
  authorizeObject(call, 's3:ListMultipartUploadParts');
  const upload = openUpload(call);
  const marker = Number(call.query('part-number-marker') ?? 0);
  const limit = Math.min(Number(call.query('max-parts') ?? 1000), 1000);
  const beyond = call.uploads.parts(upload.id).filter(part => part.number > marker);
  const page = beyond.slice(0, limit);
  const parts = page.map(
    (part): XmlNode => [
      'Part',
      [
        ['PartNumber', part.number],
        ['LastModified', new Date(part.modified).toISOString()],
        ['ETag', `"${part.etag}"`],
        ['Size', part.size],
        [`Checksum${upload.checksum?.algorithm}`, upload.checksum && part.checksum],
      ],
    ],
  );
  return document([
    'ListPartsResult',
    [
      ...bucketAndKey(call),
      ['UploadId', upload.id],
      ['PartNumberMarker', marker],
      ['NextPartNumberMarker', page.at(-1)?.number],
      ['MaxParts', limit],
      ['IsTruncated', beyond.length > page.length],
      ['StorageClass', upload.draft.storageClass],
      ...parts,
    ],
  ]);
}

/** The upload that the call names; throws NoSuchUpload. */
export function openUpload(call: Call): Upload {
  return call.uploads.get(call.bucket.name, call.key, call.query('uploadId') ?? '');
}

/** The elements with which every answer about an upload begins. */
function bucketAndKey({ bucket, key }: Call): XmlNode[] {
  return [
    ['Bucket', bucket.name],
    ['Key', key],
  ];
}

function partChecksum(checksum: Checksum | undefined): Record<string, string> {
  const { 'x-amz-checksum-type': _, ...headers } = checksumHeaders(checksum);
  return headers;
}
