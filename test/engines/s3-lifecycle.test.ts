import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

const DAY = 86_400_000;
const MIDDAY = DAY / 2;
let cloud: EngineCloud;
let s3: S3Client;

beforeEach(async () => {
  cloud = await startEngines([createS3]);
  s3 = new S3Client(cloud.client);
  // From noon on, so that a day of the test is a day of UTC.
  cloud.clock.advance(DAY - ((cloud.clock.now() - MIDDAY) % DAY));
});
afterEach(() => cloud.stop());

async function makeBucket(Rules: object[], more: object = {}): Promise<string> {
  const properties = { ...(Rules.length > 0 && { LifecycleConfiguration: { Rules } }), ...more };
  return (await cloud.make('AWS::S3::Bucket', 'B', properties)).ref;
}
const versioned = { VersioningConfiguration: { Status: 'Enabled' } };
const put = (Bucket: string, Key: string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: Key, ...more }));
const keys = async (Bucket: string) =>
  ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);
async function history(Bucket: string) {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return { versions: Versions.map(({ VersionId }) => VersionId), markers: DeleteMarkers.length };
}

describe('a lifecycle rule', () => {
  test('expires what its prefix, tags and sizes cover at the midnight after its days, and nothing else', async () => {
    const Bucket = await makeBucket([
      { Status: 'Enabled', ExpirationInDays: 1, TagFilters: [{ Key: 'purge', Value: 'true' }] },
      { Status: 'Enabled', ExpirationInDays: 3, Prefix: 'tmp/' },
      { Status: 'Disabled', ExpirationInDays: 1, Prefix: 'off/' },
      { Status: 'Enabled', ExpirationInDays: 1, ObjectSizeGreaterThan: '1000' },
    ]);
    await put(Bucket, 'kept');
    await put(Bucket, 'off/kept');
    await put(Bucket, 'tmp/1');
    await put(Bucket, 'big', { Body: 'x'.repeat(1001) });
    await put(Bucket, 'tagged');
    const Tagging = { TagSet: [{ Key: 'purge', Value: 'true' }] };
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging }));
    cloud.clock.advance(DAY);
    await settled();
    expect(await keys(Bucket)).toEqual(['big', 'kept', 'off/kept', 'tagged', 'tmp/1']);
    cloud.clock.advance(MIDDAY);
    await vi.waitFor(async () => expect(await keys(Bucket)).toEqual(['kept', 'off/kept', 'tmp/1']));
    cloud.clock.advance(2 * DAY);
    await vi.waitFor(async () => expect(await keys(Bucket)).toEqual(['kept', 'off/kept']));
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules?.[0]).toMatchObject({
      Status: 'Enabled',
      Expiration: { Days: 1 },
      Filter: { Tag: { Key: 'purge', Value: 'true' } },
    });
  });

  test('puts a marker on a versioned object, removes its noncurrent version later, then the lone marker', async () => {
    const Bucket = await makeBucket(
      [{ Status: 'Enabled', ExpirationInDays: 1, NoncurrentVersionExpiration: { NoncurrentDays: 2 } }],
      versioned,
    );
    const { VersionId } = await put(Bucket, 'k');
    cloud.clock.advance(DAY + MIDDAY);
    await vi.waitFor(async () => expect(await history(Bucket)).toEqual({ versions: [VersionId], markers: 1 }));
    cloud.clock.advance(3 * DAY);
    await vi.waitFor(async () => expect((await history(Bucket)).versions).toEqual([]));
    cloud.clock.advance(DAY);
    await vi.waitFor(async () => expect(await history(Bucket)).toEqual({ versions: [], markers: 0 }));
  });

  test('keeps the newest noncurrent versions that it is told to keep', async () => {
    const NoncurrentVersionExpiration = { NoncurrentDays: 1, NewerNoncurrentVersions: 2 };
    const Bucket = await makeBucket([{ Status: 'Enabled', NoncurrentVersionExpiration }], versioned);
    const written: (string | undefined)[] = [];
    for (let n = 0; n < 5; n++) written.unshift((await put(Bucket, 'k')).VersionId);
    cloud.clock.advance(2 * DAY);
    await vi.waitFor(async () => expect((await history(Bucket)).versions).toEqual(written.slice(0, 3)));
  });

  test('ends an upload that nobody completed', async () => {
    const Bucket = await makeBucket([
      { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    ]);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
    const parts = () => s3.send(new ListPartsCommand({ Bucket, Key: 'k', UploadId }));
    await parts();
    cloud.clock.advance(2 * DAY);
    await vi.waitFor(() => expect(parts()).rejects.toMatchObject({ name: 'NoSuchUpload' }));
  });

  test('moves an object to its storage class, and an archived one is no longer read', async () => {
    const Transitions = [
      { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
      { StorageClass: 'DEEP_ARCHIVE', TransitionInDays: 90 },
    ];
    const Bucket = await makeBucket([{ Status: 'Enabled', Transitions, ObjectSizeGreaterThan: '0' }]);
    await put(Bucket, 'k');
    const storageClass = async () => (await s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).StorageClass;
    cloud.clock.advance(31 * DAY);
    await vi.waitFor(async () => expect(await storageClass()).toBe('STANDARD_IA'));
    await s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    cloud.clock.advance(60 * DAY);
    await vi.waitFor(async () => expect(await storageClass()).toBe('DEEP_ARCHIVE'));
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({
      name: 'InvalidObjectState',
    });
  });

  test('with a property that is not carried out stops the boot by name', async () => {
    await expect(makeBucket([{ Status: 'Enabled', ExpireSoon: true }])).rejects.toThrow(
      '(lifecycle rule): the local cloud does not know ExpireSoon',
    );
  });
});

describe('object lock', () => {
  const removed = (Bucket: string, VersionId: string | undefined, more: object = {}) =>
    s3.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId, ...more }));

  test('a legal hold keeps a version from deletion and from lifecycle until it is lifted', async () => {
    const Bucket = await makeBucket([{ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 1 } }], {
      ObjectLockEnabled: true,
    });
    const { VersionId } = await put(Bucket, 'k', { ObjectLockLegalHoldStatus: 'ON' });
    const free = (await put(Bucket, 'k')).VersionId;
    const latest = (await put(Bucket, 'k')).VersionId;
    await expect(removed(Bucket, VersionId)).rejects.toMatchObject({ name: 'AccessDenied' });
    cloud.clock.advance(2 * DAY);
    await vi.waitFor(async () => expect((await history(Bucket)).versions).toEqual([latest, VersionId]));
    expect(free).toBeDefined();
    const hold = await s3.send(new GetObjectLegalHoldCommand({ Bucket, Key: 'k', VersionId }));
    expect(hold.LegalHold?.Status).toBe('ON');
    await s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'k', VersionId, LegalHold: { Status: 'OFF' } }));
    await removed(Bucket, VersionId);
    expect((await history(Bucket)).versions).toEqual([latest]);
  });

  test('the default retention keeps a version for its days; governance can be bypassed, compliance not', async () => {
    const ObjectLockConfiguration = {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 2 } },
    };
    const Bucket = await makeBucket([], { ObjectLockEnabled: true, ObjectLockConfiguration });
    const [one, two] = [(await put(Bucket, 'k')).VersionId, (await put(Bucket, 'k')).VersionId];
    await expect(removed(Bucket, one)).rejects.toMatchObject({ name: 'AccessDenied' });
    await removed(Bucket, one, { BypassGovernanceRetention: true });
    const Retention = { Mode: 'COMPLIANCE', RetainUntilDate: new Date(cloud.clock.now() + 9 * DAY) } as const;
    await s3.send(new PutObjectRetentionCommand({ Bucket, Key: 'k', VersionId: two, Retention }));
    const kept = await s3.send(new GetObjectRetentionCommand({ Bucket, Key: 'k', VersionId: two }));
    expect(kept.Retention?.Mode).toBe('COMPLIANCE');
    await expect(removed(Bucket, two, { BypassGovernanceRetention: true })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    cloud.clock.advance(9 * DAY);
    // The SDK's clock is not the cloud's: it learns of the difference from the first refusal.
    await removed(Bucket, two);
    expect((await history(Bucket)).versions).toEqual([]);
  });

  test('is refused where the bucket was made without it', async () => {
    const Bucket = await makeBucket([]);
    await put(Bucket, 'k');
    const hold = s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: 'k', LegalHold: { Status: 'ON' } }));
    await expect(hold).rejects.toMatchObject({ name: 'InvalidRequest' });
  });
});

/** Long enough for a timer that is due to have run its course. */
async function settled(): Promise<void> {
  for (let n = 0; n < 20; n++) await s3.send(new HeadObjectCommand({ Bucket: 'test-b', Key: 'kept' }));
}
