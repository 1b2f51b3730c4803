/** What ends by itself, over the product's own tables and the rules of its own bucket: once, exactly, and said before. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { GetObjectTaggingCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { endOfRetention } from '../../functions/catalogue/retention.ts';
import { imageKey, jobKey } from '../../functions/data/item-keys.ts';
import { dueToEnd } from '../../functions/data/retained.ts';
import { deliverableKeys, imageObjectKey } from '../../functions/uploads/object-keys.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { jobOf } from '../rules/sample-job.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { resources } from '../template/synthesised.ts';

const DAY = 24 * 3600_000;
const HOUR = 3600_000;
const mails: string[] = [];
let isDown = false;
const post = createServer(async (request, response) => {
  const { Destination, Content } = (await json(request)) as {
    Destination: { ToAddresses: string[] };
    Content: { Simple: { Subject: { Data: string } } };
  };
  if (!isDown) mails.push(`${Destination.ToAddresses[0]}: ${Content.Simple.Subject.Data}`);
  response.writeHead(isDown ? 400 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isDown ? { message: 'down' } : { MessageId: '1' }));
});

let product: ProductTables;
let s3: S3Client;
let Bucket: string;
let media: typeof import('../../functions/uploads/media-store.ts');
let expire: typeof import('../../functions/retention/expire-media-command.ts').expireMedia;
/** Noon of the day on which everything is stored. */
let stored: number;

beforeAll(async () => {
  product = await startProductTables([createS3]);
  const { clock, client, make } = product.cloud;
  clock.advance(DAY - ((clock.now() - DAY / 2) % DAY));
  stored = clock.now();
  s3 = new S3Client(client);
  const found = resources('AWS::S3::Bucket').find(({ logicalId }) => /^Media[0-9A-F]{8}$/.test(logicalId));
  const { VersioningConfiguration, LifecycleConfiguration } = found?.properties ?? expect.fail();
  Bucket = (await make('AWS::S3::Bucket', 'Media', { VersioningConfiguration, LifecycleConfiguration })).ref;
  await new Promise<void>(resolve => post.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_SESV2 = `http://127.0.0.1:${(post.address() as AddressInfo).port}`;
  media = await import('../../functions/uploads/media-store.ts');
  expire = (await import('../../functions/retention/expire-media-command.ts')).expireMedia;
}, 90_000);
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_SESV2;
  post.close();
  await product?.stop();
});

const run = (at: number) =>
  expire({
    tables: product.tables,
    mediaBucket: Bucket,
    mailFrom: 'from@platform.example',
    support: 'help@platform.example',
    now: () => at,
    random: size => crypto.getRandomValues(new Uint8Array(size)),
  });

async function account(accountId: string): Promise<void> {
  const address = { email: `${accountId}@customer.example`, emailVerifiedAt: '2026-01-01T00:00:00.000Z' };
  await product.put(product.tables.core, {
    pk: `ACCOUNT#${accountId}`,
    sk: 'ACCOUNT',
    accountId,
    name: 'A',
    ...address,
  });
}

async function store(key: string, retentionDays: number | undefined): Promise<void> {
  await media.putMedia(Bucket, key, Buffer.from(key), { contentType: 'text/plain', retentionDays });
}

/** A finished video with its three files. */
async function video(accountId: string, jobId: number, days: number, more: object = {}): Promise<void> {
  const keys = deliverableKeys(accountId, jobId, 1);
  for (const key of Object.values(keys)) await store(key, days);
  const facts = { bytes: 1, sha256: '', width: 2, height: 2, durationSeconds: 1, hasAudio: false, engine: 'preview' };
  const keptUntilMs = endOfRetention(stored, days);
  const job = { state: 'succeeded', deliverable: { ...keys, ...facts }, retentionDays: days, keptUntilMs } as const;
  const item = { ...jobKey(accountId, jobId), ...jobOf({ accountId, jobId, ...job }), ...dueToEnd(jobId, keptUntilMs) };
  await product.put(product.tables.jobs, { ...item, ...more });
}

async function image(accountId: string, imageId: number, days: number): Promise<void> {
  const objectKey = imageObjectKey(accountId, imageId);
  await store(objectKey, days);
  const keptUntilMs = endOfRetention(stored, days);
  const item = {
    ...imageKey(accountId, imageId),
    accountId,
    imageId,
    objectKey,
    contentType: 'image/png',
    keptUntilMs,
  };
  await product.put(product.tables.jobs, { ...item, ...dueToEnd(imageId, keptUntilMs) });
}

async function versions(Prefix: string): Promise<number> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  return Versions.length + DeleteMarkers.length;
}
const itemsOf = (accountId: string) => product.items<Record<string, unknown>>(product.tables.jobs, accountId);

describe('what ends by itself', () => {
  it('goes in the night of its end, with every version, and not an hour before; once, whoever comes twice', async () => {
    await account('acct_once');
    await video('acct_once', 101, 30);
    await video('acct_once', 102, 31);
    await image('acct_once', 103, 30);
    const end = endOfRetention(stored, 30);
    expect(Math.abs(end - stored - 30.5 * DAY)).toBeLessThan(1_000);
    expect(await run(end - 1)).toMatchObject({ videos: 0, uploads: 0 });
    expect(await versions('accounts/acct_once/')).toBe(7);
    // A job that was admitted in the last second still reads its image.
    expect(await run(end)).toMatchObject({ videos: 1, uploads: 0 });
    expect(await versions('accounts/acct_once/images/')).toBe(1);
    const runs = await Promise.all([run(end + 2 * HOUR), run(end + 2 * HOUR)]);
    expect(runs.map(({ videos }) => videos)).toEqual([0, 0]);
    expect(runs.reduce((sum, { uploads }) => sum + uploads, 0)).toBe(1);
    expect(await run(end + 3 * HOUR)).toMatchObject({ videos: 0, uploads: 0 });
    expect(await versions('accounts/acct_once/videos/0000000000000101/')).toBe(0);
    expect(await versions('accounts/acct_once/images/')).toBe(0);
    expect(await versions('accounts/acct_once/videos/0000000000000102/')).toBe(3);
    const items = await itemsOf('acct_once');
    const gone = items.find(({ sk }) => sk === jobKey('', 101).sk);
    expect(gone).toMatchObject({ state: 'deleted', endedAs: 'succeeded', updatedAt: new Date(end).toISOString() });
    expect(gone).not.toHaveProperty('deliverable');
    expect(((gone?.timeline ?? []) as { reason: string }[]).at(-1)).toMatchObject({ reason: 'retention_ended' });
    const expiresAt = Math.floor((end + 2 * HOUR) / 1000);
    expect(items.find(({ sk }) => sk === imageKey('', 103).sk)).toEqual({
      pk: 'acct_once',
      sk: imageKey('', 103).sk,
      expiresAt,
    });
  });

  it('stays while a legal hold keeps it, whatever the rules of the bucket say, and goes in the night after that is lifted', async () => {
    for (const [accountId, kinds] of [
      ['acct_held', ['account']],
      ['acct_named', ['video', 'image']],
    ] as const) {
      await account(accountId);
      await video(accountId, 701, 7);
      await image(accountId, 703, 7);
      const holds = kinds.map(kind => ({
        pk: `HOLD#${accountId}`,
        sk: `hold_${kind}`,
        ...{ holdId: `hold_${kind}`, accountId, kind },
        ...(kind !== 'account' && { targetId: kind === 'video' ? '701' : '703' }),
      }));
      for (const hold of holds) await product.put(product.tables.core, hold);
      const end = endOfRetention(stored, 7);
      expect(await run(end + 2 * HOUR)).toMatchObject({ videos: 0, uploads: 0 });
      const keys = [...Object.values(deliverableKeys(accountId, 701, 1)), imageObjectKey(accountId, 703)];
      for (const Key of keys) {
        const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
        expect([Key, TagSet]).toEqual([Key, []]);
      }
      const job = (await itemsOf(accountId)).find(({ sk }) => sk === jobKey('', 701).sk);
      expect(job).toMatchObject({ state: 'succeeded' });
      for (const hold of holds)
        await product.put(product.tables.core, { ...hold, liftedAt: '2026-12-01T00:00:00.000Z' });
      expect(await run(end + 26 * HOUR)).toMatchObject({ videos: 1, uploads: 1 });
      expect(await versions(`accounts/${accountId}/`)).toBe(0);
    }
  });

  it('goes on where it was cut off: bytes that went before their item, and a video that was marked before its bytes went', async () => {
    await account('acct_cut');
    await image('acct_cut', 201, 1);
    await video('acct_cut', 202, 1);
    const end = endOfRetention(stored, 1);
    await media.purge(Bucket, imageObjectKey('acct_cut', 201));
    expect(await run(end + 2 * HOUR)).toMatchObject({ uploads: 1, videos: 1 });
    expect(await versions('accounts/acct_cut/')).toBe(0);
  });

  it('stays as long as an open job works on it, hidden from everybody else', async () => {
    await account('acct_used');
    await video('acct_used', 301, 1, { usedBy: new Set([302]) });
    expect(await run(endOfRetention(stored, 1))).toMatchObject({ videos: 1 });
    const [job] = await itemsOf('acct_used');
    const kept = job?.kept as { versionId: string; videoKey: string };
    expect(job).toMatchObject({ state: 'deleted', dueAt: expect.any(Number) });
    expect(Buffer.from(await media.getMedia(Bucket, kept.videoKey, kept.versionId)).toString()).toBe(kept.videoKey);
    await expect(media.getMedia(Bucket, kept.videoKey)).rejects.toThrow();
  });

  it('is not what has no end, or was deleted before', async () => {
    await account('acct_kept');
    await video('acct_kept', 401, 1, { keptUntilMs: undefined, openShard: undefined, dueAt: undefined });
    await video('acct_kept', 402, 1, { state: 'deleted', endedAs: 'succeeded' });
    expect(await run(endOfRetention(stored, 2))).toMatchObject({ videos: 0 });
    expect(await versions('accounts/acct_kept/videos/0000000000000401/')).toBe(3);
  });

  it('is left by the night, and by the rules of the bucket, while a legal hold keeps it, and goes once that is lifted', async () => {
    const hold = (accountId: string, holdId: string, more: object) =>
      product.put(product.tables.core, { pk: `HOLD#${accountId}`, sk: holdId, holdId, accountId, ...more });
    await account('acct_named');
    await video('acct_named', 601, 1);
    await video('acct_named', 602, 1);
    await hold('acct_named', 'hold_1', { kind: 'video', targetId: '601' });
    await account('acct_all');
    await video('acct_all', 603, 1);
    await image('acct_all', 604, 1);
    await hold('acct_all', 'hold_2', { kind: 'account' });
    const end = endOfRetention(stored, 1) + 2 * HOUR;
    const kept = async () => [
      await versions('accounts/acct_named/videos/0000000000000601/'),
      await versions('accounts/acct_named/videos/0000000000000602/'),
      await versions('accounts/acct_all/'),
    ];
    expect(await run(end)).toMatchObject({ videos: 1, uploads: 0, held: 3 });
    expect(await kept()).toEqual([3, 0, 4]);
    // It is over for readers all the same, and is looked at again the next night.
    expect((await itemsOf('acct_all')).every(({ keptUntilMs }) => Number(keptUntilMs) < end)).toBe(true);
    expect(await run(end + DAY)).toMatchObject({ videos: 0, uploads: 0, held: 3 });
    // No rule of the bucket knows what has no tag.
    for (const key of [...Object.values(deliverableKeys('acct_named', 601, 1)), imageObjectKey('acct_all', 604)]) {
      expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: key }))).TagSet).toEqual([]);
    }
    await hold('acct_named', 'hold_1', { kind: 'video', targetId: '601', liftedAt: 'x' });
    await hold('acct_all', 'hold_2', { kind: 'account', liftedAt: 'x' });
    expect(await run(end + 2 * DAY)).toMatchObject({ videos: 2, uploads: 1, held: 0 });
    expect(await kept()).toEqual([0, 0, 0]);
  });

  it('is announced once, before the first of it, and again only where the e-mail failed', async () => {
    await account('acct_told');
    await video('acct_told', 501, 90);
    await video('acct_told', 502, 91);
    const own = () => mails.filter(mail => mail.startsWith('acct_told@'));
    const end = endOfRetention(stored, 90);
    await run(end - 8 * DAY);
    expect(own()).toEqual([]);
    isDown = true;
    await expect(run(end - 7 * DAY)).rejects.toThrow('1 could not be looked at');
    isDown = false;
    expect(await run(end - 6 * DAY)).toMatchObject({ warned: 1, videos: 0 });
    await Promise.all([run(end - 5 * DAY), run(end - 5 * DAY)]);
    await run(end + 2 * HOUR);
    const day = new Date(end).toISOString().slice(0, 10);
    expect(own()).toEqual([`acct_told@customer.example: Videos and uploads of yours end from ${day} on`]);
  });
});

describe('the rules of the bucket', () => {
  it('are the net beneath: an object goes some days after its own, by the shortest period that is not shorter', async () => {
    await store('accounts/acct_net/a', 1);
    await store('accounts/acct_net/b', 5);
    await store('accounts/acct_net/c', 30);
    await store('accounts/acct_net/d', undefined);
    const tag = async (Key: string) =>
      (await s3.send(new GetObjectTaggingCommand({ Bucket, Key: `accounts/acct_net/${Key}` }))).TagSet;
    expect(await tag('b')).toEqual([{ Key: 'retention', Value: '7' }]);
    expect(await tag('d')).toEqual([]);
    const left = async () => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: 'accounts/acct_net/' }),
      );
      const shown = Versions.filter(({ IsLatest }) => IsLatest).map(({ Key }) => Key?.slice(-1));
      return { shown: shown.join(''), hidden: Versions.length - shown.length, markers: DeleteMarkers.length };
    };
    const { clock } = product.cloud;
    const forward = async (days: number, wanted: Awaited<ReturnType<typeof left>>) => {
      clock.advance(days * DAY);
      await vi.waitFor(async () => expect(await left()).toEqual(wanted), { timeout: 15_000 });
    };
    await forward(4, { shown: 'abcd', hidden: 0, markers: 0 });
    // A versioned bucket hides first: the version ends a day later, and the marker when it hides nothing.
    await forward(1, { shown: 'bcd', hidden: 1, markers: 1 });
    await forward(2, { shown: 'bcd', hidden: 0, markers: 1 });
    await forward(1, { shown: 'bcd', hidden: 0, markers: 0 });
    await forward(3, { shown: 'cd', hidden: 1, markers: 1 });
    await forward(21, { shown: 'cd', hidden: 0, markers: 1 });
    await forward(2, { shown: 'd', hidden: 1, markers: 1 });
    await forward(2, { shown: 'd', hidden: 0, markers: 1 });
    await forward(400, { shown: 'd', hidden: 0, markers: 0 });
  });
});
