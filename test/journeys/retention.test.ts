/** What is stored ends on a day that its owner sees, and is refused from then on; its owner takes it along before; and what is known of people is listed. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectTaggingCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { imageKey, jobKey } from '../../functions/data/item-keys.ts';
import type { exportObject } from '../../functions/retention/exports-contract.ts';
import { keepUntil } from '../support/kept-until.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { unlistedItems } from '../support/unlisted-items.ts';
import { TINY, type Video, VideosClient } from '../support/videos-client.ts';

const DAY = 24 * 3600_000;
type Export = z.output<typeof exportObject>;

let platform: Platform;
let owner: SignedInPerson;
let customer: Customer;
let videos: VideosClient;
let image: Awaited<ReturnType<Customer['api']['upload']>>['Resp'];
let video: Video;

beforeAll(async () => {
  platform = await Platform.shared();
  owner = await personOf(platform, 'developer');
  customer = await platform.customer({ plan: 'trial', owner });
  videos = new VideosClient(customer.api.url, customer.api.key);
  image = (await customer.api.upload(await picture(300, 300))).Resp;
  video = await videos.ended((await videos.create({ ...TINY, retention: 7 })).body.id);
});

const midnightAfter = (days: number): number => Math.ceil((Date.now() + days * DAY) / DAY) * DAY;
const folderOf = ({ id }: Video): string =>
  `accounts/${customer.accountId}/videos/${id.slice('video_'.length).padStart(16, '0')}/`;

async function objectsUnder(Prefix: string) {
  const s3 = new S3Client(platform.cloud.client);
  const Bucket = platform.output('MediaBucket');
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  const tags = await Promise.all(
    Versions.map(async ({ Key = '' }) => {
      const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
      return TagSet.map(({ Key: name, Value }) => `${name}=${Value}`).join();
    }),
  );
  return { count: Versions.length + DeleteMarkers.length, tags: [...new Set(tags)] };
}

describe('what is stored', () => {
  it('says until when: a video by its request, an upload by the plan; and its objects are tagged for the net beneath', async () => {
    expect(video.status).toBe('completed');
    expect(video.expires_at).toBe(midnightAfter(7) / 1000);
    expect(Date.parse(image.expires_at)).toBe(midnightAfter(30));
    const number = Number(video.id.slice('video_'.length));
    const { Resp } = await customer.api.result(number);
    expect(Resp).toMatchObject({ status: 1, expires_at: new Date(midnightAfter(7)).toISOString() });
    expect(await objectsUnder(folderOf(video))).toEqual({ count: 3, tags: ['retention=7'] });
    expect(await objectsUnder(`accounts/${customer.accountId}/images/`)).toEqual({ count: 1, tags: ['retention=30'] });
  });

  it('is kept no longer than the plan keeps, and a call that asks for more changes nothing', async () => {
    for (const body of [
      { ...TINY, retention: 31 },
      { ...TINY, retention: 31, dry_run: true },
    ]) {
      const { status, body: problem } = await videos.refused('POST', '/videos', body);
      expect(status).toBe(400);
      expect(problem).toMatchObject({ code: 'invalid_parameter', param: 'retention' });
      expect(problem.detail).toContain('30 days at most by plan trial');
    }
    const { status } = await videos.refused('POST', '/videos', { ...TINY, retention: 0 });
    expect(status).toBe(400);
    expect((await videos.create({ ...TINY, retention: 30, dry_run: true })).status).toBe(200);
  });
});

describe("an owner's export", () => {
  let ready: Export;

  it('is made once for calls that are repeated, and no key may ask for it', async () => {
    expect((await videos.refused('POST', '/account/exports', {})).body.code).toBe('no_permission');
    const begun = await Promise.all([1, 2].map(() => owner.api.send<Export>('POST', '/account/exports', {})));
    expect(begun.map(({ status }) => status)).toEqual([202, 202]);
    expect(begun[0]?.body.id).toBe(begun[1]?.body.id);
    const id = begun[0]?.body.id ?? '';
    for (const deadline = Date.now() + 90_000; ; await pause(250)) {
      ready = (await owner.api.send<Export>('GET', `/account/exports/${id}`)).body;
      if (ready.status !== 'preparing' || Date.now() > deadline) break;
    }
    expect(ready).toMatchObject({ status: 'ready', volumes: [{ number: 1 }], progress: { part: 'done' } });
    const { body } = await owner.api.send<{ data: Export[] }>('GET', '/account/exports');
    expect(body.data).toMatchObject([{ id, volumes: [{ url: null }], manifest: null }]);
  });

  it('is a zip file with records, files and consents, by links that name its hash; another account sees none of it', async () => {
    const [volume] = ready.volumes;
    const bytes = Buffer.from(await (await fetch(volume?.url ?? '')).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(volume?.sha256);
    const folder = mkdtempSync(join(tmpdir(), 'export-'));
    writeFileSync(join(folder, 'volume.zip'), bytes);
    const names = execFileSync('python3', ['-m', 'zipfile', '-l', join(folder, 'volume.zip')]).toString();
    execFileSync('python3', ['-m', 'zipfile', '-t', join(folder, 'volume.zip')]);
    rmSync(folder, { recursive: true });
    const number = video.id.slice('video_'.length);
    for (const wanted of [
      'account/account-000001.jsonl',
      'people/people-000001.jsonl',
      'keys/keys-000001.jsonl',
      'ledger/ledger-000001.jsonl',
      'audit/audit-000001.jsonl',
      'videos/videos-000001.jsonl',
      `videos/${number}/video.mp4`,
      `images/${image.img_id}.png`,
      'manifest.json',
    ])
      expect(names).toContain(wanted);
    const jws = await (await fetch(ready.manifest?.url ?? '')).text();
    const keys = (await (await fetch(`${platform.cloud.apiUrl}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
    const { payload, protectedHeader } = await compactVerify(jws, createLocalJWKSet(keys));
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'account-export+jwt' });
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
      account: customer.accountId,
      volumes: [{ sha256: volume?.sha256 }],
    });
    const stranger = await personOf(platform, 'developer');
    await platform.customer({ owner: stranger });
    expect((await stranger.api.refused('GET', `/account/exports/${ready.id}`)).status).toBe(404);
  });
});

describe('what has ended', () => {
  it('is refused from that moment on, by every way to it, and removed by the night, once', async () => {
    const number = Number(video.id.slice('video_'.length));
    const content = await videos.send('GET', `/videos/${video.id}/content?redirect=true`);
    const link = content.headers.get('location') ?? '';
    const past = Date.now() - 2 * 3600_000;
    await keepUntil(platform, jobKey(customer.accountId, number), past);
    await keepUntil(platform, imageKey(customer.accountId, image.img_id), past);
    const gone = await videos.refused('GET', `/videos/${video.id}`);
    expect([gone.status, gone.body.code]).toEqual([404, 'video_deleted']);
    expect(gone.body.detail).toContain(`was kept until ${new Date(past).toISOString()}`);
    expect((await videos.refused('GET', `/videos/${video.id}/content`)).status).toBe(404);
    const { body: list } = await videos.send<{ data: Video[] }>('GET', '/videos');
    expect(list.data.map(({ id }) => id)).not.toContain(video.id);
    expect((await customer.api.result(number)).Resp).toMatchObject({ status: 6, url: '', thumbnail_url: '' });
    const extension = { prompt: 'on', video: { id: video.id }, seconds: 1 };
    expect((await videos.refused('POST', '/videos/extensions', extension)).body.code).toBe('video_deleted');
    const animation = { prompt: 'on', img_id: image.img_id, model: 'v6', duration: 1, quality: '360p' };
    expect((await customer.api.animate(animation)).ErrMsg).toContain(`${image.img_id} is not an image of this account`);
    const copied = { ...TINY, input_reference: { image_url: image.img_url } };
    expect((await videos.refused('POST', '/videos', copied)).body.code).toBe('image_source');

    expect(await platform.operate('ExpireMediaFunction', {})).toMatchObject({ videos: 1, uploads: 1 });
    expect(await platform.operate('ExpireMediaFunction', {})).toMatchObject({ videos: 0, uploads: 0 });
    expect(await objectsUnder(`accounts/${customer.accountId}/`)).toEqual({ count: 0, tags: [] });
    expect((await fetch(link)).ok).toBe(false);
    expect((await customer.api.result(number)).Resp).toMatchObject({ status: 6 });
    expect((await videos.refused('GET', `/videos/${video.id}`)).body.code).toBe('video_deleted');
  });
});

describe('what is known of people', () => {
  it('is listed, whatever stands in the tables: each attribute of each item', async () => {
    const { count, unlisted } = await unlistedItems(platform);
    expect(count).toBeGreaterThan(20);
    expect(unlisted).toEqual([]);
  });

  it('is said to everybody, as a page and as data', async () => {
    const page = await fetch(`${platform.cloud.apiUrl}/privacy`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await page.text()).toContain('<h1>Privacy</h1>');
    const data = await fetch(`${platform.cloud.apiUrl}/v1/privacy`);
    expect(await data.json()).toMatchObject({ object: 'privacy_statement', contact: expect.stringContaining('@') });
    const again = await fetch(data.url, { headers: { 'if-none-match': data.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });
});
