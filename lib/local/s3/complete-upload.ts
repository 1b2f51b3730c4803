/** CompleteMultipartUpload: joins the parts to one file, then makes the version and ends the upload in one transaction. */
import { createHash } from 'node:crypto';
import { childrenOf, childText, readXml } from '../protocols/xml.ts';
import type { AwsResponse } from '../service.ts';
import { authorizeObject, type Call, document } from './call.ts';
import { type Checksum, checksumElements, checksumOf, startChecksum } from './checksums.ts';
import { openUpload } from './multipart.ts';
import { writtenHeaders } from './object-headers.ts';
import { checkWrite } from './preconditions.ts';
import { current } from './put-object.ts';
import { refusal } from './s3-error.ts';
import type { Part, Upload } from './uploads.ts';

/** AWS: every part but the last has at least 5 MiB. */
const SMALLEST_PART_BYTES = 5 * 1024 * 1024;

export async function completeMultipartUpload(call: Call): Promise<AwsResponse> {
  const { bucket, key, versions, uploads, blobs, now } = call;
  authorizeObject(call, 's3:PutObject');
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
  const stored = await versions.change(() => {
    const kept = new Set(uploads.parts(openUpload(call).id).map(part => part.blob));
    if (!names.every(name => kept.has(name))) throw refusal('InvalidPart');
    checkWrite(current(call), call.header);
    const version = versions.put(bucket, key, draft, { blob, size, etag }, now);
    versions.drop(...uploads.end(upload.id));
    return version;
  }, [blob]);
  return document(
    [
      'CompleteMultipartUploadResult',
      [
        ['Location', `${call.context.awsUrl}${call.request.path}`],
        ['Bucket', bucket.name],
        ['Key', key],
        ['ETag', `"${etag}"`],
        ...checksumElements(checksum),
      ],
    ],
    writtenHeaders(bucket, { ...stored, described }),
  );
}

/** The parts that the body lists, each as it was uploaded; throws InvalidPart, InvalidPartOrder, EntityTooSmall. */
function chosenParts(call: Call, upload: Upload, uploaded: readonly Part[]): Part[] {
  const root = readXml(call.request.body.toString());
  const listed = childrenOf(root, 'Part');
  if (root.name !== 'CompleteMultipartUpload' || listed.length === 0) throw refusal('MalformedXML');
  const byNumber = new Map(uploaded.map(part => [part.number, part]));
  const parts = listed.map(element => {
    const number = Number(childText(element, 'PartNumber'));
    const etag = childText(element, 'ETag')?.replaceAll('"', '');
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
