/**
 * The platform with a neural engine instead of the preview: a fake one, which speaks vLLM-Omni's protocol. A platform
 * of its own: its stage has another engine.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probe } from '../../functions/worker/media/probe.ts';
import { SMALL } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { tinyMp4 } from '../support/fake-engine/clips.ts';
import { type FakeEngine, startFakeEngine } from '../support/fake-engine/fake-engine.ts';
import { type Customer, Platform } from '../support/platform.ts';

let engine: FakeEngine;
let platform: Platform;
let customer: Customer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mutoscope-neural-'));
  engine = await startFakeEngine('vllm-omni', { clip: await tinyMp4() });
  const engineModel = 'Wan-AI/Wan2.2-TI2V-5B-Diffusers';
  platform = await Platform.start({ engine: 'vllm-omni', engineUrl: engine.url, engineModel });
  customer = await platform.customer();
});
afterAll(async () => {
  await platform?.stop();
  await engine?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

it("an engine's clip is labelled, encoded and delivered as every other, and the file says that a trained model made it", async () => {
  const { Resp } = await customer.api.generate({ ...SMALL, aspect_ratio: '16:9', seed: 5 });
  const { Resp: video } = await customer.api.ended(Resp.video_id);
  expect(video).toMatchObject({ status: 1, engine: 'vllm-omni', outputWidth: 640, outputHeight: 360 });
  const path = join(folder, 'clip.mp4');
  writeFileSync(path, Buffer.from(await (await fetch(video.url)).arrayBuffer()));
  const facts = await probe(path);
  expect(facts).toMatchObject({ width: 640, height: 360, fps: 24, faststart: true });
  expect(facts.metadata.DigitalSourceType).toMatch(/\/trainedAlgorithmicMedia$/);
});

it('what its model cannot do is refused before anything is charged', async () => {
  const reply = await customer.api.generate({ ...SMALL, generate_audio_switch: true });
  expect(reply).toMatchObject({ ErrCode: 400017, Resp: null });
  expect((await creditsOf(platform, customer.accountId)).account).toMatchObject({ held: 0, running: 0 });
});

it('a job that it will not take ends with its credits given back, and the next one succeeds', async () => {
  const { api, accountId } = await platform.customer();
  engine.script({ create: 400 });
  const { Resp } = await api.generate();
  const refunded = { status: 8, failure: expect.stringContaining('credits were given back') };
  expect((await api.ended(Resp.video_id)).Resp).toMatchObject(refunded);
  expect((await creditsOf(platform, accountId)).account).toMatchObject({ available: 100_000, held: 0, running: 0 });
  const next = await api.generate();
  expect((await api.ended(next.Resp.video_id)).Resp.status).toBe(1);
  await creditsOf(platform, accountId);
});

it('a failure that may be its bad day is tried again, and charged once', async () => {
  const { api, accountId } = await platform.customer();
  engine.script({ run: 'fail' });
  const { Resp } = await api.generate();
  expect((await api.ended(Resp.video_id, 120_000)).Resp.status).toBe(1);
  const { entries } = await creditsOf(platform, accountId);
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold']);
});

it('a trial that is refused ends the worker, and the next one takes the job', async () => {
  const readied = (): number => logOf(platform).split('worker ready').length;
  await expect.poll(readied, { timeout: 30_000 }).toBeGreaterThan(1);
  const before = readied();
  engine.script({ run: 'fail' }, { create: 400 });
  const { Resp } = await customer.api.generate();
  expect((await customer.api.ended(Resp.video_id, 120_000)).Resp.status).toBe(1);
  expect(readied()).toBe(before + 1);
});

it('a clip that comes half is fetched again, and an engine that forgets its job makes it anew', async () => {
  engine.script({ content: ['short', 'whole'] });
  const halved = await customer.api.generate();
  expect((await customer.api.ended(halved.Resp.video_id)).Resp.status).toBe(1);
  engine.script({ run: 'restart' });
  const forgotten = await customer.api.generate();
  expect((await customer.api.ended(forgotten.Resp.video_id)).Resp.status).toBe(1);
});

it("an engine that wants a key is sent the one in the stage's secret; a worker that has another makes nothing and reads it again", async () => {
  await using guarded = await startFakeEngine('vllm-omni', { clip: await tinyMp4(), apiKey: 'sk-engine-1' });
  const engineModel = 'Wan-AI/Wan2.2-TI2V-5B-Diffusers';
  const keyed = await Platform.start({
    engine: 'vllm-omni',
    engineUrl: guarded.url,
    engineModel,
    engineSecret: 'true',
  });
  try {
    const { api } = await keyed.customer();
    const { Resp } = await api.generate();
    // The key that was drawn is not this engine's.
    await expect.poll(() => logOf(keyed), { timeout: 30_000 }).toContain('the engine answered 401');
    const secrets = new SecretsManagerClient(keyed.cloud.client);
    await secrets.send(
      new PutSecretValueCommand({ SecretId: keyed.output('EngineSecretArn'), SecretString: 'sk-engine-1' }),
    );
    expect((await api.ended(Resp.video_id)).Resp).toMatchObject({ status: 1, engine: 'vllm-omni' });
    const [job] = (await keyed.everything('Jobs')).filter(({ jobId, request }) => jobId === Resp.video_id && request);
    expect(job?.attempt).toBe(1);
    expect(guarded.calls.at(-1)?.headers.authorization).toBe('Bearer sk-engine-1');
    expect(logOf(keyed)).not.toContain('sk-engine-1');

    // The engine comes back with another key, long after the trial of the worker.
    guarded.rekey('sk-engine-2');
    const next = await api.generate();
    await expect.poll(() => logOf(keyed), { timeout: 30_000 }).toContain('attempt ended');
    await secrets.send(
      new PutSecretValueCommand({ SecretId: keyed.output('EngineSecretArn'), SecretString: 'sk-engine-2' }),
    );
    expect((await api.ended(next.Resp.video_id, 120_000)).Resp).toMatchObject({ status: 1, engine: 'vllm-omni' });
    expect(guarded.calls.at(-1)?.headers.authorization).toBe('Bearer sk-engine-2');
  } finally {
    await keyed.stop();
  }
});

function logOf({ dataDir }: Platform): string {
  const path = join(dataDir, 'logs', 'Worker.log');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
