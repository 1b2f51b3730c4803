/** Proof of deletion: from the video that its owner deletes to the certificate that anybody verifies, with nothing but files. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { readCertificate, readKeySet } from '../../functions/certificates/contract.ts';
import { type Customer, Platform, ROOT } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

type Answer = z.output<(typeof readCertificate.answers)[200]['output']>;
type KeySet = z.output<(typeof readKeySet.answers)[200]['output']>;

let platform: Platform;
let customer: Customer;
let videos: VideosClient;
let folder: string;
let address: string;
let certificateId: string;
let videoId: string;

const read = (path: string, init: RequestInit = {}) =>
  fetch(platform.cloud.apiUrl + path, { redirect: 'manual', ...init });

/** `npm run verify`, as it runs: what it prints and how it ends. */
function verify(...args: readonly string[]): Promise<{ status: number; printed: string }> {
  return new Promise(done => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(ROOT, 'bin/verify.ts'), ...args],
      (error, stdout, stderr) => done({ status: Number(error?.code ?? 0), printed: stdout + stderr }),
    );
  });
}

const kept = (name: string, bytes: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  videos = new VideosClient(platform.cloud.apiUrl, customer.api.key);
  folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const made = await videos.ended(
    (await videos.create({ ...TINY, prompt: 'a-secret-prompt', metadata: { order: 'a-secret-order' } })).body.id,
  );
  videoId = made.id;
  const { status, body } = await videos.send<{ certificate_id: string; deleted: boolean }>(
    'DELETE',
    `/videos/${videoId}`,
  );
  expect([status, body.deleted]).toEqual([200, true]);
  certificateId = body.certificate_id;
  address = `${platform.cloud.apiUrl}/v1/certificates/${certificateId}`;
  for (let tries = 0; (await fetch(`${address}/pdf`)).status !== 200; tries++) {
    if (tries === 300) expect.fail('no certificate');
    await pause(100);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a video that its owner deletes', () => {
  it('has a certificate that anybody reads by its id, which names nobody', async () => {
    const answer = await read(`/v1/certificates/${certificateId}`);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    const { certificate, manifest } = JSON.parse(text) as Answer;
    expect(certificate).toMatchObject({
      id: certificateId,
      subject: { kind: 'video', video_id: videoId },
      deleted: { objects: [{ bucket: 'media', versions: 3 }] },
      manifest: { lines: 3 },
      backups: { days: 35 },
      time_stamp: 'none',
    });
    const lines = await (await fetch(manifest[0]?.url ?? '')).text();
    for (const name of ['video.mp4', 'thumbnail.jpg', 'spritesheet.jpg']) expect(lines).toContain(name);
    for (const secret of [customer.accountId, customer.keyId, 'a-secret']) expect(text + lines).not.toContain(secret);
  });

  it('keeps its trace and its ledger, and nothing that was asked for', async () => {
    const old = await read(`/openapi/v2/video/result/${videoId.slice('video_'.length)}`, {
      headers: { 'API-KEY': customer.api.key, 'Ai-trace-id': crypto.randomUUID() },
    });
    const { Resp } = (await old.json()) as { Resp: { status: number; prompt: string; credits: number } };
    expect(Resp).toMatchObject({ status: 6, prompt: '', url: '' });
    const entries = await platform.items<{ id: string; credits: number }>('Ledger', customer.accountId);
    expect(JSON.stringify(entries)).toContain(videoId.slice('video_'.length));
    const rows = (await platform.items<{ sk: string }>('Jobs', customer.accountId)).filter(
      ({ sk }) => !sk.startsWith('EVENT#'),
    );
    expect(JSON.stringify(rows)).not.toContain('a-secret');
    expect(rows.find(({ sk }) => sk.startsWith('JOB#'))).not.toHaveProperty('deletion');
  });

  it('deleted again has the same certificate', async () => {
    const { body } = await videos.send<{ certificate_id: string }>('DELETE', `/videos/${videoId}`);
    expect(body.certificate_id).toBe(certificateId);
  });

  it('an id that is none, or of none, is refused like any that never was', async () => {
    for (const id of ['cert_1', `${certificateId.slice(0, -1)}${certificateId.endsWith('a') ? 'b' : 'a'}`, '..%2F..']) {
      for (const path of [`/v1/certificates/${id}`, `/v1/certificates/${id}/pdf`]) {
        const answer = await read(path);
        const { code } = (await answer.json()) as { code: string };
        expect([answer.status, code], path).toEqual([404, 'not_found']);
      }
    }
  });

  it('is verified by keys that anybody reads and may keep', async () => {
    const answer = await read('/.well-known/jwks.json');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=3600');
    const { keys } = (await answer.json()) as KeySet;
    expect(keys).toMatchObject([{ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' }]);
    const again = await read('/.well-known/jwks.json', {
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });
});

describe('npm run verify', () => {
  it('says in plain words what went and what stayed, of an address', async () => {
    const { status, printed } = await verify(address);
    expect([status, printed.split('\n')[0]]).toEqual([0, 'VALID']);
    for (const said of [
      `Certificate ${certificateId}, issued by Mutoscope at `,
      'It has no time stamp.',
      `The video ${videoId}: deleted by its owner.`,
      '3 versions of objects in media',
      'What stayed\n  the trace of the video',
      'Continuous backups of the tables reach back 35 days',
    ]) {
      expect(printed).toContain(said);
    }
  });

  it('verifies the PDF and the JSON without a network, and refuses each where one byte is another', async () => {
    const keys = kept('jwks.json', await (await read('/.well-known/jwks.json')).text());
    const pdf = kept('certificate.pdf', Buffer.from(await (await fetch(`${address}/pdf`)).arrayBuffer()));
    const json = kept('certificate.json', await (await fetch(address)).text());
    const { manifest, jws } = JSON.parse(readFileSync(json, 'utf8')) as Answer;
    const part = kept('manifest.jsonl', await (await fetch(manifest[0]?.url ?? '')).text());
    expect(await verify(pdf, '--keys', keys)).toMatchObject({ status: 0 });
    expect(await verify(json, '--keys', keys, '--manifest', part)).toMatchObject({ status: 0 });
    expect(await verify(json, '--keys', keys)).toMatchObject({
      status: 1,
      printed: expect.stringContaining('--manifest'),
    });
    const changed = (file: string, at: number): string => {
      const bytes = readFileSync(file);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return kept('changed', bytes);
    };
    const inJws = readFileSync(json).indexOf(jws) + 200;
    expect(await verify(changed(json, inJws), '--keys', keys, '--manifest', part)).toMatchObject({
      status: 1,
      printed: expect.stringContaining('NOT VALID'),
    });
    expect(await verify(json, '--keys', keys, '--manifest', changed(part, 30))).toMatchObject({ status: 1 });
    const inPdf = readFileSync(pdf).indexOf(jws) + 200;
    expect((await verify(changed(pdf, inPdf), '--keys', keys)).status).not.toBe(0);
    expect(await verify(json)).toMatchObject({ status: 2, printed: expect.stringContaining('--keys') });
  });
});
