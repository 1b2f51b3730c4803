/** CreateMultipartUpload, UploadPart, AbortMultipartUpload, ListParts and ListMultipartUploads. */
import { createHash } from 'node:crypto';
import { childrenOf, childText, readXml, type XmlElement, type XmlNode } from '../protocols/xml.ts';
import { AwsError, type AwsResponse } from '../service.ts';
import { authorizeBucket, authorizeObject, type Call, document, encodeListed } from './call.ts';
import {
  algorithmNamed,
  type Checksum,
  checksumElements,
  checksumHeaders,
  checksumOf,
  startChecksum,
  verifyBody,
} from './checksums.ts';
import { readDraft, writtenHeaders } from './object-headers.ts';
import { checkWrite } from './preconditions.ts';
import { authorizeDraft, current } from './put-object.ts';
import { refusal } from './s3-error.ts';
import type { Completed, Part, Upload } from './uploads.ts';

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

/** AWS: a page has at most 1000 uploads. */
const LARGEST_PAGE = 1000;

/** In the order of keys, and of one key those that began first first. */
export function listMultipartUploads(call: Call): AwsResponse {
  authorizeBucket(call, 's3:ListBucketMultipartUploads');
  const { bucket, context } = call;
  const limit = Math.min(Number(call.query('max-uploads') ?? LARGEST_PAGE), LARGEST_PAGE);
  if (!Number.isInteger(limit) || limit < 0) throw refusal('InvalidArgument', 'Provided max-uploads not an integer');
  const [prefix, keyMarker] = [call.query('prefix') ?? '', call.query('key-marker') ?? ''];
  // Without a key it is passed over, as in S3.
  const idMarker = keyMarker === '' ? '' : (call.query('upload-id-marker') ?? '');
  const written = (key: string): string => (call.query('encoding-type') === 'url' ? encodeListed(key) : key);
  const open = call.uploads.below(bucket.name, prefix);
  const place = open.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  const isAfter = (key: string): boolean => Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0;
  const beyond = open.filter(({ key }, index) => (place >= 0 ? index > place : isAfter(key)));
  const page = beyond.slice(0, limit);
  const last = beyond.length > page.length ? page.at(-1) : undefined;
  const owner: XmlNode[] = [['ID', context.accountId]];
  const uploads = page.map(({ key, id, started, draft, checksum }): XmlNode => {
    const how: XmlNode[] = checksum
      ? [
          ['ChecksumAlgorithm', checksum.algorithm],
          ['ChecksumType', checksum.type],
        ]
      : [];
    return [
      'Upload',
      [
        ['Key', written(key)],
        ['UploadId', id],
        ['Initiator', owner],
        ['Owner', owner],
        ['StorageClass', draft.storageClass],
        ['Initiated', new Date(started).toISOString()],
        ...how,
      ],
    ];
  });
  return document([
    'ListMultipartUploadsResult',
    [
      ['Bucket', bucket.name],
      ['KeyMarker', written(keyMarker)],
      ['UploadIdMarker', idMarker],
      ['NextKeyMarker', last && written(last.key)],
      ['NextUploadIdMarker', last?.id],
      ['Prefix', written(prefix)],
      ['EncodingType', call.query('encoding-type')],
      ['MaxUploads', limit],
      ['IsTruncated', last !== undefined],
      ...uploads,
    ],
  ]);
}

/** The upload that the call names; throws NoSuchUpload. */
function openUpload(call: Call): Upload {
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

// CompleteMultipartUpload: joins the parts to one file, then makes the version and ends the upload in one transaction.

/** AWS: every part but the last has at least 5 MiB. */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

export async function completeMultipartUpload(call: Call): Promise<AwsResponse> {
  authorizeObject(call, 's3:PutObject');
  try {
    return completedAnswer(call, await complete(call));
  } catch (error) {
    // Completed already, now or by a call at the same time: the same call has the same answer.
    const done = error instanceof AwsError && error.code === 'NoSuchUpload' ? completedBefore(call) : undefined;
    if (!done) throw error;
    return completedAnswer(call, done);
  }
}

function completedBefore({ uploads, bucket, key, now, query, request }: Call): Completed | undefined {
  const done = uploads.completed(bucket.name, key, query('uploadId') ?? '', now);
  const parts = listedParts(request.body).map(({ number, etag }) => ({ number, etag }));
  return done && JSON.stringify(parts) === JSON.stringify(done.parts) ? done : undefined;
}

function completedAnswer({ context, request, bucket, key }: Call, { etag, checksum, headers }: Completed): AwsResponse {
  return document(
    [
      'CompleteMultipartUploadResult',
      [
        ['Location', `${context.awsUrl}${request.path}`],
        ['Bucket', bucket.name],
        ['Key', key],
        ['ETag', `"${etag}"`],
        ...checksumElements(checksum),
      ],
    ],
    headers,
  );
}

async function complete(call: Call): Promise<Completed> {
  const { bucket, key, versions, uploads, blobs, now } = call;
  const upload = openUpload(call);
  const parts = chosenParts(call, upload, uploads.parts(upload.id));
  const whole = upload.checksum?.type === 'FULL_OBJECT' ? startChecksum(upload.checksum.algorithm) : undefined;
  const names = parts.map(part => part.blob);
  const blob = await blobs.join(names, bytes => whole?.update(bytes)).catch(error => lost(error));
  const checksum =
    whole && upload.checksum
      ? { ...upload.checksum, value: whole.digest().toString('base64') }
      : composite(upload, parts);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const hashes = Buffer.concat(parts.map(part => Buffer.from(part.etag, 'hex')));
  const etag = `${createHash('md5').update(hashes).digest('hex')}-${parts.length}`;
  const { described } = upload.draft;
  const draft = { ...upload.draft, described: { ...described, ...(checksum && { checksum }) } };
  return versions.change(() => {
    const kept = new Set(uploads.parts(openUpload(call).id).map(part => part.blob));
    if (!names.every(name => kept.has(name))) throw refusal('InvalidPart');
    checkWrite(current(call), call.header);
    const version = versions.put(bucket, key, draft, { blob, size, etag }, now);
    versions.drop(...uploads.end(upload.id));
    const done = {
      parts: parts.map(part => ({ number: part.number, etag: part.etag })),
      etag,
      checksum,
      headers: writtenHeaders(bucket, { ...version, described }),
    };
    uploads.remember(upload, now, done);
    return done;
  }, [blob]);
}

/** The parts as the body lists them, before anything is known of them; throws MalformedXML. */
function listedParts(body: Buffer): readonly { number: number; etag: string; element: XmlElement }[] {
  const root = readXml(body.toString());
  const listed = childrenOf(root, 'Part');
  if (root.name !== 'CompleteMultipartUpload' || listed.length === 0) throw refusal('MalformedXML');
  return listed.map(element => ({
    number: Number(childText(element, 'PartNumber')),
    etag: childText(element, 'ETag')?.replaceAll('"', '') ?? '',
    element,
  }));
}

/** The parts that the body lists, each as it was uploaded; throws InvalidPart, InvalidPartOrder, EntityTooSmall. */
function chosenParts(call: Call, upload: Upload, uploaded: readonly Part[]): Part[] {
  const byNumber = new Map(uploaded.map(part => [part.number, part]));
  const parts = listedParts(call.request.body).map(({ number, etag, element }) => {
    const part = byNumber.get(number);
    const checksum = upload.checksum && childText(element, `Checksum${upload.checksum.algorithm}`);
    if (!part || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum)) {
      throw refusal('InvalidPart', undefined, { UploadId: upload.id, PartNumber: number, ETag: etag });
    }
    return part;
  });
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (!next) continue;
    if (next.number <= part.number) throw refusal('InvalidPartOrder');
    if (part.size < SMALLEST_PART_BYTES) {
      const detail = { ProposedSize: part.size, MinSizeAllowed: SMALLEST_PART_BYTES, PartNumber: part.number };
      throw refusal('EntityTooSmall', undefined, detail);
    }
  }
  return parts;
}

/** The checksum of the parts' checksums; undefined where a part came without one. */
function composite(upload: Upload, parts: readonly Part[]): Checksum | undefined {
  if (!upload.checksum || parts.some(part => part.checksum === undefined)) return undefined;
  const { algorithm } = upload.checksum;
  const sums = Buffer.concat(parts.map(part => Buffer.from(part.checksum ?? '', 'base64')));
  return { algorithm, type: 'COMPOSITE', value: `${checksumOf(algorithm, sums)}-${parts.length}` };
}

/** A part whose file is gone was replaced, or its upload ended, after the rows were read. */
function lost(error: NodeJS.ErrnoException): never {
  throw error.code === 'ENOENT' ? refusal('InvalidPart') : error;
}
