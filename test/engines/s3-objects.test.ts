import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

let cloud: EngineCloud;
let s3: S3Client;
let Bucket: string;

beforeAll(async () => {
  cloud = await startEngines([createS3]);
  s3 = new S3Client(cloud.client);
  Bucket = (await cloud.make('AWS::S3::Bucket', 'Media', {})).ref;
});
afterAll(() => cloud.stop());

const put = (Key: string, Body: string | Buffer, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Key: string, more: object = {}) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

test('an object comes back with its bytes, type, metadata, tag count and md5 entity tag', async () => {
  await put('a/b.txt', 'hello', {
    ContentType: 'text/plain',
    CacheControl: 'no-store',
    Metadata: { who: 'me', 'long-name': 'x' },
    Tagging: 'purge=true&why=a%20b',
  });
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/b.txt' }));
  expect(await got.Body?.transformToString()).toBe('hello');
  expect(got).toMatchObject({
    ContentType: 'text/plain',
    CacheControl: 'no-store',
    ContentLength: 5,
    ETag: '"5d41402abc4b2a76b9719d911017c592"',
    Metadata: { who: 'me', 'long-name': 'x' },
    TagCount: 2,
    AcceptRanges: 'bytes',
    ServerSideEncryption: 'AES256',
  });
  expect(got.VersionId).toBeUndefined();
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a/b.txt' }));
  expect(head).toMatchObject({ ContentLength: 5, ContentType: 'text/plain', ETag: got.ETag });
});

test('tags are set and read without touching the bytes', async () => {
  await put('tagged', 'bytes', { Tagging: 'one=1' });
  await s3.send(
    new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet: [{ Key: 'k&<', Value: 'é "v"' }] } }),
  );
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }));
  expect(TagSet).toEqual([{ Key: 'k&<', Value: 'é "v"' }]);
  expect(await text('tagged')).toBe('bytes');
});

test('If-None-Match:* refuses a second write, and If-Match one over other bytes', async () => {
  const first = await put('once', '1', { IfNoneMatch: '*' });
  await expect(put('once', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await put('once', '3', { IfMatch: first.ETag });
  await expect(put('once', '4', { IfMatch: first.ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  expect(await text('once')).toBe('3');
});

test('of eight writers with If-None-Match:* exactly one succeeds', async () => {
  const writes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, n) => put('race', `${n}`, { IfNoneMatch: '*' })),
  );
  expect(writes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a read of unchanged bytes answers 304, and of others 412', async () => {
  const { ETag } = await put('cond', 'x');
  await expect(text('cond', { IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  await expect(text('cond', { IfModifiedSince: new Date(Date.now() + 5000) })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
  await expect(text('cond', { IfMatch: '"0"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
  expect(await text('cond', { IfNoneMatch: '"0"' })).toBe('x');
});

test('every range answers exactly the bytes of that slice', async () => {
  const bytes = Buffer.from(Array.from({ length: 500 }, (_, n) => n % 251));
  await put('range', bytes);
  await fc.assert(
    fc.asyncProperty(fc.nat(499), fc.nat(800), async (first, length) => {
      const got = await s3.send(
        new GetObjectCommand({ Bucket, Key: 'range', Range: `bytes=${first}-${first + length}` }),
      );
      const slice = bytes.subarray(first, first + length + 1);
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(slice);
      expect(got.ContentRange).toBe(`bytes ${first}-${first + slice.length - 1}/500`);
      expect(got.$metadata.httpStatusCode).toBe(206);
    }),
    { numRuns: 40 },
  );
  const tail = await s3.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=-3' }));
  expect(Buffer.from((await tail.Body?.transformToByteArray()) ?? [])).toEqual(bytes.subarray(497));
  const none = text('range', { Range: 'bytes=500-' });
  await expect(none).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
});

test('any key of Unicode, spaces, plus and percent signs round-trips through put, list, get and delete', async () => {
  const bucket = (await cloud.make('AWS::S3::Bucket', 'Keys', {})).ref;
  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '//',
      ' ',
      '+',
      '%',
      '%2F',
      '&',
      '=',
      '?',
      '#',
      "'",
      '"',
      '<',
      '..',
      './',
      '\\',
      '!*()~',
      '\n',
      '\u0001',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }).filter(text => text.isWellFormed()),
  );
  const keys = fc.array(piece, { minLength: 1, maxLength: 8 }).map(pieces => pieces.join(''));
  await fc.assert(
    fc.asyncProperty(keys, async Key => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, EncodingType: 'url' }));
      expect(Contents?.map(object => decodeURIComponent((object.Key ?? '').replaceAll('+', ' ')))).toEqual([Key]);
      const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      expect(await got.Body?.transformToString()).toBe(Key);
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    }),
    { numRuns: 80 },
  );
  expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
});

test('a key of 1025 bytes is refused', async () => {
  await expect(put('é'.repeat(513), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
});

test('a body that does not match its checksum or Content-MD5 is refused and not stored', async () => {
  const wrong = { ChecksumSHA256: Buffer.alloc(32).toString('base64') };
  await expect(put('bad', 'x', wrong)).rejects.toMatchObject({ name: 'BadDigest' });
  await expect(put('bad', 'x', { ContentMD5: Buffer.alloc(16).toString('base64') })).rejects.toMatchObject({
    name: 'BadDigest',
  });
  await expect(put('bad', 'x', { ChecksumCRC32: 'AA==' })).rejects.toMatchObject({ name: 'InvalidRequest' });
  await expect(text('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test.each(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
  'a %s checksum is verified, kept and answered',
  async algorithm => {
    const field = `Checksum${algorithm}` as const;
    const stored = await put('sum', 'hello', { ChecksumAlgorithm: algorithm });
    expect(stored[field]).toMatch(/=$/);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'sum', ChecksumMode: 'ENABLED' }));
    expect(head[field]).toBe(stored[field]);
  },
);

test('a copy takes bytes, metadata and tags, or replaces them as told', async () => {
  await put('from +%é', 'copied', { Metadata: { a: '1' }, Tagging: 't=1', ContentType: 'text/css' });
  const CopySource = encodeURI(`${Bucket}/from +%é`).replace('+', '%2B');
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }));
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'to' }));
  expect(got).toMatchObject({ Metadata: { a: '1' }, TagCount: 1, ContentType: 'text/css' });
  expect(await got.Body?.transformToString()).toBe('copied');
  const replaced = { MetadataDirective: 'REPLACE', TaggingDirective: 'REPLACE', Metadata: { b: '2' } } as const;
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource, ...replaced }));
  const again = await s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }));
  expect(again).toMatchObject({ Metadata: { b: '2' } });
  expect(again.TagCount).toBeUndefined();
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'from +%é' }));
  expect(await text('to')).toBe('copied');
  const itself = s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/to` }));
  await expect(itself).rejects.toMatchObject({ name: 'InvalidRequest' });
});

test('DeleteObjects removes what is there and says nothing ill of what is not', async () => {
  await put('d/1', 'x');
  await put('d/2', 'x');
  const Objects = ['d/1', 'd/2', 'd/none'].map(Key => ({ Key }));
  const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['d/1', 'd/2', 'd/none']);
  expect(Errors).toBeUndefined();
  expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'd/' }))).KeyCount).toBe(0);
});

test('what is missing has its own error', async () => {
  await expect(text('nowhere')).rejects.toMatchObject({ name: 'NoSuchKey' });
  await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'nowhere' }))).rejects.toMatchObject({ name: 'NotFound' });
  await expect(s3.send(new GetObjectCommand({ Bucket: 'no-such', Key: 'x' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
  const { Buckets } = await s3.send(new ListBucketsCommand({}));
  expect(Buckets?.map(({ Name }) => Name)).toContain(Bucket);
});
