import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

let cloud: EngineCloud;
let s3: S3Client;
let Bucket: string;
const Key = 'big file.mp4';
const PART = 5 * 1024 * 1024;

beforeEach(async () => {
  cloud = await startEngines([createS3]);
  s3 = new S3Client(cloud.client);
  Bucket = (await cloud.make('AWS::S3::Bucket', 'Uploads', {})).ref;
});
afterEach(() => cloud.stop());

const files = () => readdirSync(join(cloud.context.dataDir, 's3', 'objects'));
async function upload(bodies: Buffer[], more: object = {}) {
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'video/mp4', ...more }),
  );
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const complete = (parts = Parts) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: parts } }));
  return { UploadId, Parts, complete };
}

test('parts become one object, with the entity tag of their tags, and leave one file behind', async () => {
  const bodies = [Buffer.alloc(PART, 'a'), Buffer.alloc(PART, 'b'), Buffer.from('end')];
  const { complete, UploadId } = await upload(bodies);
  const listed = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }));
  expect([listed.Parts?.map(({ Size }) => Size), listed.IsTruncated]).toEqual([[PART, PART], true]);
  const { ETag } = await complete();
  const md5s = bodies.map(body => createHash('md5').update(body).digest());
  expect(ETag).toBe(`"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-3"`);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(got.ContentType).toBe('video/mp4');
  expect(Buffer.concat(bodies).equals(Buffer.from((await got.Body?.transformToByteArray()) ?? []))).toBe(true);
  const across = await s3.send(new GetObjectCommand({ Bucket, Key, Range: `bytes=${PART - 1}-${PART}` }));
  expect(await across.Body?.transformToString()).toBe('ab');
  expect(files()).toHaveLength(1);
});

test('an upload that is completed twice is answered twice, and made once', async () => {
  const { complete, Parts, UploadId } = await upload([Buffer.alloc(PART, 'a'), Buffer.from('end')]);
  const same = ({ ETag, Location, ServerSideEncryption }: Awaited<ReturnType<typeof complete>>) => ({
    ETag,
    Location,
    ServerSideEncryption,
  });
  const [first, second] = await Promise.all([complete(), complete()]);
  expect(same(second)).toEqual(same(first));
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  cloud = await cloud.restart();
  s3 = new S3Client(cloud.client);
  expect(same(await complete())).toEqual({ ...same(first), Location: expect.stringContaining('/big%20file.mp4') });
  expect(files()).toHaveLength(0);
  const gone = { name: 'NoSuchUpload' };
  await expect(complete(Parts.slice(0, 1))).rejects.toMatchObject(gone);
  await expect(s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))).rejects.toMatchObject(gone);
  cloud.clock.advance(25 * 60 * 60 * 1000);
  await expect(complete()).rejects.toMatchObject(gone);
});

test('a full-object checksum is computed over the joined bytes', async () => {
  const bodies = [Buffer.alloc(PART, 'x'), Buffer.from('y')];
  const { complete } = await upload(bodies, { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
  await complete();
  const joined = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'whole', Body: Buffer.concat(bodies), ChecksumAlgorithm: 'CRC32' }),
  );
  const whole = await s3.send(new HeadObjectCommand({ Bucket, Key: 'whole', ChecksumMode: 'ENABLED' }));
  expect(joined.ChecksumCRC32).toBe(whole.ChecksumCRC32);
});

test('a part too small, out of order, or with another tag is refused, and the upload stays open', async () => {
  const { complete, Parts } = await upload([Buffer.alloc(PART), Buffer.from('small'), Buffer.from('end')]);
  await expect(complete()).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await expect(complete([...Parts].reverse())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete([{ PartNumber: 1, ETag: '"0"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
  await complete(Parts.filter(({ PartNumber }) => PartNumber !== 2));
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength).toBe(PART + 3);
  expect(files()).toHaveLength(1);
});

test('an upload survives a restart, and a part sent again takes the place of the first', async () => {
  const { UploadId } = await upload([Buffer.from('first')]);
  cloud = await cloud.restart();
  s3 = new S3Client(cloud.client);
  const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'second' }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(await got.Body?.transformToString()).toBe('second');
  expect(files()).toHaveLength(1);
});

test('an aborted upload leaves no file, and takes no more parts', async () => {
  const { UploadId, complete } = await upload([Buffer.from('x')]);
  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  expect(files()).toEqual([]);
  await expect(complete()).rejects.toMatchObject({ name: 'NoSuchUpload' });
  const late = s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 2, Body: 'x' }));
  await expect(late).rejects.toMatchObject({ name: 'NoSuchUpload' });
  expect(files()).toEqual([]);
});

test('uploads that are open are listed below a prefix, by keys and then by their beginnings, page by page', async () => {
  const begin = async (key: string) =>
    (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: key }))).UploadId ?? '';
  const [second, first, other] = [await begin('a/é 2'), await begin('a/1'), await begin('b/1')];
  const again = await begin('a/é 2');
  const list = (more: object = {}) => s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'a/', ...more }));
  const ids = ({ Uploads = [] }: Awaited<ReturnType<typeof list>>) => Uploads.map(({ UploadId }) => UploadId);

  const whole = await list();
  const ofOne = [second, again].sort();
  expect(new Set(ids(whole))).toEqual(new Set([first, ...ofOne]));
  expect(ids(whole)[0]).toBe(first);
  expect(whole).toMatchObject({ Bucket, Prefix: 'a/', IsTruncated: false, MaxUploads: 1000 });
  expect(whole.Uploads?.[1]).toMatchObject({ Key: 'a/é 2', StorageClass: 'STANDARD' });
  expect(whole.Uploads?.[1]?.Initiated).toBeInstanceOf(Date);

  const pages: (string | undefined)[] = [];
  for (let at: object | undefined = {}; at; ) {
    const page: Awaited<ReturnType<typeof list>> = await list({ MaxUploads: 1, EncodingType: 'url', ...at });
    pages.push(...ids(page));
    const KeyMarker = page.NextKeyMarker && decodeURIComponent(page.NextKeyMarker.replaceAll('+', ' '));
    at = page.IsTruncated ? { KeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
  }
  expect(pages).toEqual(ids(whole));

  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a/1', UploadId: first }));
  expect(ids(await list())).not.toContain(first);
  expect(ids(await list({ Prefix: '' }))).toContain(other);
});
