import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

let cloud: EngineCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await startEngines([createS3]);
  s3 = new S3Client(cloud.client);
});
afterAll(() => cloud.stop());

const makeBucket = async (name: string, properties: object = {}) =>
  (await cloud.make('AWS::S3::Bucket', name, properties)).ref;
const versioned = { VersioningConfiguration: { Status: 'Enabled' } };
const put = (Bucket: string, Key: string, Body = 'x') => s3.send(new PutObjectCommand({ Bucket, Key, Body }));

/** Every page of a listing, one after the other. */
async function listAll(Bucket: string, MaxKeys: number, more: object) {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let pages = 0;
  for (let ContinuationToken: string | undefined; pages === 0 || ContinuationToken; pages++) {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, MaxKeys, ...more, ...(ContinuationToken && { ContinuationToken }) }),
    );
    expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
    prefixes.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix));
    ContinuationToken = page.NextContinuationToken;
    expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
  }
  return { keys, prefixes, pages };
}

test('pages of any size, prefix and delimiter together list what a plain reading of the keys gives', async () => {
  const Bucket = await makeBucket('Pages');
  const keys = [
    'a',
    'a/',
    'a/1',
    'a/2',
    'a/b/1',
    'a/b/2',
    'a0',
    'b/1',
    'b/2',
    'c',
    'é/1',
    '\uffee',
    '\u{1f600}',
    '\u{10ffff}/x',
  ];
  for (const Key of [...keys].reverse()) await put(Bucket, Key);
  const bytes = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.constantFrom('', 'a', 'a/', 'b/', 'é', 'zz'),
      fc.constantFrom('', '/', 'b/'),
      async (size, Prefix, Delimiter) => {
        const listed = await listAll(Bucket, size, { Prefix, Delimiter });
        const end = (key: string) => (Delimiter === '' ? -1 : key.indexOf(Delimiter, Prefix.length));
        const matching = keys.filter(key => key.startsWith(Prefix)).sort(bytes);
        expect(listed.keys).toEqual(matching.filter(key => end(key) < 0));
        const rolled = matching.filter(key => end(key) >= 0).map(key => key.slice(0, end(key) + Delimiter.length));
        expect(listed.prefixes).toEqual([...new Set(rolled)]);
        expect(listed.pages).toBe(Math.max(1, Math.ceil((listed.keys.length + listed.prefixes.length) / size)));
      },
    ),
    { numRuns: 60 },
  );
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: 'a/b/2' }));
  expect(Contents?.[0]?.Key).toBe('a0');
  const wrong = s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'nonsense' }));
  await expect(wrong).rejects.toMatchObject({ name: 'InvalidArgument' });
});

test('in a versioned bucket a delete hides the object behind a marker, and deleting the marker brings it back', async () => {
  const Bucket = await makeBucket('Versioned', versioned);
  const one = await put(Bucket, 'k', 'one');
  const two = await put(Bucket, 'k', 'two');
  expect(one.VersionId).not.toBe(two.VersionId);
  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  expect(marker.DeleteMarker).toBe(true);
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
  const ofMarker = s3.send(new HeadObjectCommand({ Bucket, Key: 'k', VersionId: marker.VersionId }));
  await expect(ofMarker).rejects.toMatchObject({ $metadata: { httpStatusCode: 405 } });
  const old = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: one.VersionId }));
  expect(await old.Body?.transformToString()).toBe('one');
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  const all = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(all.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
    [two.VersionId, false],
    [one.VersionId, false],
  ]);
  expect(all.DeleteMarkers).toMatchObject([{ VersionId: marker.VersionId, IsLatest: true }]);
  const undone = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: marker.VersionId }));
  expect(undone).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
  const back = await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
  expect([await back.Body?.transformToString(), back.VersionId]).toEqual(['two', two.VersionId]);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: two.VersionId }));
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).VersionId).toBe(one.VersionId);
  const never = s3.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: two.VersionId }));
  await expect(never).rejects.toMatchObject({ name: 'NoSuchVersion' });
});

test('versions are listed page by page, each once', async () => {
  const Bucket = await makeBucket('Paged', versioned);
  const written: (string | undefined)[] = [];
  for (const key of ['a', 'b', 'c/1', 'c/2'])
    for (let n = 0; n < 3; n++) written.push((await put(Bucket, key, `${n}`)).VersionId);
  for (const MaxKeys of [1, 2, 5]) {
    const seen: (string | undefined)[] = [];
    let markers: object | undefined = {};
    while (markers) {
      const page: ListObjectVersionsCommandOutput = await s3.send(
        new ListObjectVersionsCommand({ Bucket, MaxKeys, ...markers }),
      );
      seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      markers = page.IsTruncated ? { KeyMarker, VersionIdMarker } : undefined;
    }
    expect(seen).toHaveLength(12);
    expect(new Set(seen)).toEqual(new Set(written));
  }
  const rolled = await s3.send(new ListObjectVersionsCommand({ Bucket, Delimiter: '/', MaxKeys: 7 }));
  expect([rolled.Versions?.length, rolled.CommonPrefixes, rolled.IsTruncated]).toEqual([6, [{ Prefix: 'c/' }], false]);
});

test('suspending versioning keeps old versions, and writes the version null over itself', async () => {
  const Bucket = await makeBucket('Suspended', versioned);
  const { VersionId } = await put(Bucket, 'k', 'kept');
  await cloud.make('AWS::S3::Bucket', 'Suspended', { VersioningConfiguration: { Status: 'Suspended' } });
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Suspended');
  expect((await put(Bucket, 'k', 'null 1')).VersionId).toBe('null');
  await put(Bucket, 'k', 'null 2');
  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  expect(marker).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
  const all = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(all.Versions?.map(version => version.VersionId)).toEqual([VersionId]);
});

test('DeleteObjects with versions removes them for good', async () => {
  const Bucket = await makeBucket('Erased', versioned);
  const { VersionId } = await put(Bucket, 'k');
  const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k' }] } }));
  expect(Deleted?.[0]).toMatchObject({ Key: 'k', DeleteMarker: true });
  const Objects = [
    { Key: 'k', VersionId },
    { Key: 'k', VersionId: Deleted?.[0]?.DeleteMarkerVersionId },
  ];
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  const { Versions, DeleteMarkers } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect([Versions, DeleteMarkers]).toEqual([undefined, undefined]);
});

test('the first version of the listing walks the same keys, by markers', async () => {
  const Bucket = await makeBucket('First');
  const keys = ['a', 'a/1', 'a/2', 'b/1', 'b/2/x', 'b/3', 'c d', 'é'];
  for (const Key of keys) await put(Bucket, Key);
  for (const Delimiter of [undefined, '/']) {
    for (const Prefix of ['', 'b/']) {
      const plain = await listAll(Bucket, 100, { Prefix, ...(Delimiter && { Delimiter }) });
      for (const MaxKeys of [1, 2, 3, 100]) {
        const found: { keys: string[]; prefixes: string[] } = { keys: [], prefixes: [] };
        for (let Marker: string | undefined = ''; Marker !== undefined; ) {
          const page: Awaited<ReturnType<typeof first>> = await first(Bucket, { Prefix, Delimiter, MaxKeys, Marker });
          const names = (page.Contents ?? []).map(({ Key = '' }) => Key);
          found.keys.push(...names);
          found.prefixes.push(...(page.CommonPrefixes ?? []).map(one => one.Prefix ?? ''));
          // S3 gives a NextMarker only beside a delimiter.
          expect(page.NextMarker === undefined).toBe(!page.IsTruncated || Delimiter === undefined);
          Marker = page.IsTruncated ? (page.NextMarker ?? names.at(-1)) : undefined;
        }
        expect(found).toEqual({ keys: plain.keys, prefixes: plain.prefixes });
      }
    }
  }
});

function first(Bucket: string, given: object) {
  return s3.send(new ListObjectsCommand({ Bucket, ...given }));
}

test('a version id that never was one is an invalid argument; one that is not there is no such version', async () => {
  const Bucket = await makeBucket('Versions', versioned);
  const { VersionId = '' } = await put(Bucket, 'k');
  const invalid = { name: 'InvalidArgument', message: 'Invalid version id specified', ArgumentValue: 'bogus' };
  const bogus = { Bucket, Key: 'k', VersionId: 'bogus' };
  await expect(s3.send(new GetObjectCommand(bogus))).rejects.toMatchObject(invalid);
  await expect(s3.send(new DeleteObjectCommand(bogus))).rejects.toMatchObject(invalid);
  await expect(s3.send(new HeadObjectCommand(bogus))).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  const marker = { Bucket, KeyMarker: 'k', VersionIdMarker: 'bogus' };
  await expect(s3.send(new ListObjectVersionsCommand(marker))).rejects.toMatchObject(invalid);
  const batch = new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k', VersionId: 'bogus' }] } });
  expect((await s3.send(batch)).Errors).toMatchObject([{ Code: 'InvalidArgument' }]);
  const other = `${VersionId.slice(0, -2)}${VersionId.endsWith('AA') ? 'AQ' : 'AA'}`;
  const unknown = new GetObjectCommand({ Bucket, Key: 'k', VersionId: other });
  await expect(s3.send(unknown)).rejects.toMatchObject({ name: 'NoSuchVersion' });
});
