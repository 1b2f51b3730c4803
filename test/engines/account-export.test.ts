/** Owners' exports over the product's own tables: whole, in volumes that any zip reader opens, whatever is cut off. A process of its own. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobKey } from '../../functions/data/item-keys.ts';
import type { AccountExport } from '../../functions/retention/export.ts';
import { BEGINNING } from '../../functions/retention/export.ts';
import { deliverableKeys } from '../../functions/uploads/object-keys.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { jobOf } from '../rules/sample-job.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

/** The long form: `EXPORTED_VIDEOS=5000`, each with three files. */
const VIDEOS = Number(process.env.EXPORTED_VIDEOS ?? 60);
const LONG_MS = 60_000 + VIDEOS * 200;
const NOW = Date.parse('2026-11-30T12:00:00Z');

let product: ProductTables;
let s3: S3Client;
let media: string;
let exportsBucket: string;
let folder: string;
let command: typeof import('../../functions/retention/make-volume-command.ts');
let store: typeof import('../../functions/retention/exports-store.ts');
let objects: typeof import('../../functions/uploads/media-store.ts');

beforeAll(async () => {
  product = await startProductTables([createS3]);
  const { client, make } = product.cloud;
  s3 = new S3Client(client);
  media = (await make('AWS::S3::Bucket', 'Media', {})).ref;
  exportsBucket = (await make('AWS::S3::Bucket', 'Exports', {})).ref;
  folder = mkdtempSync(join(tmpdir(), 'exported-'));
  command = await import('../../functions/retention/make-volume-command.ts');
  store = await import('../../functions/retention/exports-store.ts');
  objects = await import('../../functions/uploads/media-store.ts');
}, 90_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await product?.stop();
});

type Dependencies = Parameters<typeof command.makeVolume>[0];
const dependencies = (more: Partial<Dependencies> = {}): Dependencies => ({
  tables: product.tables,
  buckets: { media, invoices: media },
  exportsBucket,
  mailFrom: 'from@platform.example',
  support: 'help@platform.example',
  sign: async text => text,
  most: { bytes: 2 ** 30, files: 50, ms: 60_000 },
  now: () => NOW,
  random: size => crypto.getRandomValues(new Uint8Array(size)),
  ...more,
});

/** An account that has begun an export. */
async function exporting(accountId: string): Promise<AccountExport> {
  const exportId = `exp_${accountId}`;
  const consents = { promotion: { given: true, wordingVersion: '1', changedAt: '2026-11-01', changedBy: 'user_1' } };
  const account = { accountId, name: 'Acme', email: 'a@customer.example', gatewayKeyValue: 'secret', consents };
  await product.put(product.tables.core, {
    pk: `ACCOUNT#${accountId}`,
    sk: 'ACCOUNT',
    ...account,
    exporting: exportId,
  });
  await product.put(product.tables.core, { pk: 'PERSON#user_1', sk: 'PERSON', personId: 'user_1', accountId });
  const made: AccountExport = {
    exportId,
    accountId,
    state: 'preparing',
    requestedBy: 'user_1',
    createdAt: new Date(NOW).toISOString(),
    place: BEGINNING,
    volumes: [],
  };
  const { Put } = store.exportWrite(product.tables.core, made);
  await product.put(product.tables.core, Put?.Item ?? {});
  return made;
}

async function videos(accountId: string, count: number): Promise<void> {
  for (let first = 1; first <= count; first += 20) {
    await Promise.all(
      Array.from({ length: Math.min(20, count - first + 1) }, async (_, index) => {
        const jobId = first + index;
        const keys = deliverableKeys(accountId, jobId, 1);
        for (const key of Object.values(keys))
          await objects.putMedia(media, key, Buffer.from(`bytes of ${key}`), { contentType: 'x/y', retentionDays: 30 });
        const facts = {
          bytes: 1,
          sha256: '',
          width: 2,
          height: 2,
          durationSeconds: 1,
          hasAudio: false,
          engine: 'preview',
        };
        const job = jobOf({
          accountId,
          jobId,
          state: 'succeeded',
          deliverable: { ...keys, ...facts },
          usedBy: new Set([7]),
        });
        await product.put(product.tables.jobs, {
          ...jobKey(accountId, jobId),
          ...job,
          openShard: 'ENDS#01',
          dueAt: NOW,
        });
      }),
    );
  }
}

async function made({ accountId, exportId }: AccountExport, more: Partial<Dependencies> = {}): Promise<AccountExport> {
  while (await command.makeVolume(dependencies(more), { accountId, exportId }));
  return (await store.findExport(product.tables.core, accountId, exportId)) ?? expect.fail();
}

async function bytesOf(Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: exportsBucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Names and SHA-256 of what is in a zip file, and its own list, as Python reads it. */
function opened(zip: Buffer): {
  files: Record<string, string>;
  list: { files: { name: string; sha256: string }[]; gone: string[] };
} {
  const path = join(folder, 'volume.zip');
  writeFileSync(path, zip);
  const program = [
    'import hashlib, json, sys, zipfile',
    'z = zipfile.ZipFile(sys.argv[1])',
    'assert z.testzip() is None',
    'files = {n: hashlib.sha256(z.read(n)).hexdigest() for n in z.namelist()}',
    'print(json.dumps({"files": files, "list": json.loads(z.read("manifest.json"))}))',
  ].join('\n');
  return JSON.parse(execFileSync('python3', ['-c', program, path], { maxBuffer: 2 ** 28 }).toString());
}
const textIn = (zip: Buffer, name: string): string => {
  const path = join(folder, 'volume.zip');
  writeFileSync(path, zip);
  return execFileSync('python3', [
    '-c',
    'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())',
    path,
    name,
  ]).toString();
};

describe("an owner's export", () => {
  it('of an account that has nothing is one volume with what is known of it, and none of our secrets', async () => {
    const ended = await made(await exporting('acct_empty'));
    expect(ended).toMatchObject({ state: 'ready', volumes: [{ files: 4 }] });
    const zip = await bytesOf(ended.volumes[0]?.key ?? '');
    expect(createHash('sha256').update(zip).digest('hex')).toBe(ended.volumes[0]?.sha256);
    const { files } = opened(zip);
    expect(Object.keys(files).sort()).toEqual([
      'account/account-000001.jsonl',
      'exports/exports-000001.jsonl',
      'manifest.json',
      'people/people-000001.jsonl',
    ]);
    const text = textIn(zip, 'account/account-000001.jsonl');
    expect(JSON.parse(text)).toMatchObject({ name: 'Acme', consents: { promotion: { given: true } } });
    expect(text).not.toContain('secret');
  });

  it(
    'of many videos is in volumes, each whole by itself, and lists every file by its hash',
    async () => {
      const begun = await exporting('acct_many');
      await videos('acct_many', VIDEOS);
      const gone = deliverableKeys('acct_many', 3, 1).thumbnailKey;
      await objects.purge(media, gone);
      const ended = await made(begun);
      expect(ended.volumes.length).toBeGreaterThan(2);
      const all = new Map<string, string>();
      const missing: string[] = [];
      for (const { key, sha256, bytes } of ended.volumes) {
        const zip = await bytesOf(key);
        expect([createHash('sha256').update(zip).digest('hex'), zip.length]).toEqual([sha256, bytes]);
        const { files, list } = opened(zip);
        const { 'manifest.json': _, ...others } = files;
        expect(Object.fromEntries(list.files.map(file => [file.name, file.sha256]))).toEqual(others);
        for (const [name, hash] of Object.entries(others)) {
          expect(all.has(name), name).toBe(false);
          all.set(name, hash);
        }
        missing.push(...list.gone);
      }
      const hash = createHash('sha256')
        .update(`bytes of ${deliverableKeys('acct_many', 9, 1).videoKey}`)
        .digest('hex');
      expect(all.get('videos/9/video.mp4')).toBe(hash);
      expect(missing).toEqual(['videos/3/thumbnail.jpg']);
      expect([...all.keys()].filter(name => /^videos\/\d+\//.test(name))).toHaveLength(VIDEOS * 3 - 1);
      const manifest = JSON.parse((await bytesOf(ended.manifest?.key ?? '')).toString());
      expect(manifest.volumes.map(({ sha256 }: { sha256: string }) => sha256)).toEqual(
        ended.volumes.map(({ sha256 }) => sha256),
      );
    },
    LONG_MS,
  );

  it('keeps the volumes that it has where it is cut off, leaves no part of one behind, and two runs note each volume once', async () => {
    const begun = await exporting('acct_cut');
    await videos('acct_cut', 60);
    const { accountId, exportId } = begun;
    await command.makeVolume(dependencies(), begun);
    const first = await store.findExport(product.tables.core, accountId, exportId);
    await objects.purge(media, deliverableKeys(accountId, 55, 1).videoKey);
    let reads = 0;
    const failing = dependencies({
      most: { bytes: 2 ** 30, files: 1_000, ms: 60_000 },
      now: () => {
        if (++reads > 3) throw new Error('cut off');
        return NOW;
      },
    });
    await expect(command.makeVolume(failing, begun)).rejects.toThrow('cut off');
    const uploads = product.cloud.context.database.prepare('SELECT * FROM s3_uploads').all();
    expect(uploads).toEqual([]);
    const ended = await Promise.all([made(begun), made(begun)]);
    expect(ended[0]).toEqual(ended[1]);
    expect(ended[0]?.volumes[0]).toEqual(first?.volumes[0]);
    const names: string[] = [];
    for (const { key } of ended[0]?.volumes ?? [])
      names.push(...opened(await bytesOf(key)).list.files.map(({ name }) => name));
    expect(names.length).toBe(new Set(names).size);
    expect(names.filter(name => /^videos\/\d+\//.test(name))).toHaveLength(60 * 3 - 1);
    const account = (await product.items<Record<string, unknown>>(product.tables.core, `ACCOUNT#${accountId}`)).find(
      ({ sk }) => sk === 'ACCOUNT',
    );
    expect(account).not.toHaveProperty('exporting');
    const { KeyCount } = await s3.send(
      new ListObjectsV2Command({ Bucket: exportsBucket, Prefix: `accounts/${accountId}/` }),
    );
    expect(KeyCount).toBeGreaterThan(ended[0]?.volumes.length ?? 0);
  });

  it('has a signed manifest, and one that cannot be made fails so that another can be asked for', async () => {
    const signed = await made(await exporting('acct_signed'), { sign: async text => `jws of ${text.length}` });
    expect((await bytesOf(signed.manifest?.key ?? '')).toString()).toMatch(/^jws of \d+$/);
    expect(signed.manifest?.key).toMatch(/manifest\.jws$/);
    const begun = await exporting('acct_failed');
    await command.failExport(dependencies(), begun);
    await command.failExport(dependencies(), begun);
    expect(await made(begun)).toMatchObject({ state: 'failed', volumes: [] });
  });
});
