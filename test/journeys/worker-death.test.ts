/** Workers that die in the middle of a job. A platform of its own: its worker is killed, and its clock moved. */
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jobKey } from '../../functions/data/item-keys.ts';
import type { Job } from '../../functions/generation/job.ts';
import { SMALL } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { undecodable } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { workerOf } from '../support/processes.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await Platform.start();
});
afterAll(() => platform?.stop());

/** Long enough to be killed in the middle. */
const LONG = { ...SMALL, quality: '1080p', duration: 10 };
/** Beyond the lease on a message: its worker is taken for dead. */
const LEASE_LAPSES_MS = 46_000;

async function jobOf({ accountId }: Customer, id: number): Promise<Job> {
  const found = (await platform.items<Job>('Jobs', accountId)).find(
    ({ jobId, state }) => jobId === id && state !== undefined,
  );
  if (!found) throw new Error(`no job ${id}`);
  return found;
}

/** Changes the stored job behind everybody's back. */
async function change({ accountId }: Customer, id: number, UpdateExpression: string, value: unknown): Promise<void> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(platform.cloud.client));
  const Key = jobKey(accountId, id);
  const ExpressionAttributeValues = { ':value': value };
  await documents.send(
    new UpdateCommand({ TableName: platform.table('Jobs'), Key, UpdateExpression, ExpressionAttributeValues }),
  );
}

/** The temporary folder of the one task, and what lies in it. */
const folders = (): string[] => readdirSync(join(platform.dataDir, 'ecs'));
const scratch = (): string[] => readdirSync(join(platform.dataDir, 'ecs', folders()[0] ?? ''));

/** Waits until the job's given attempt is under way, then kills its worker. */
async function killDuring(customer: Customer, id: number, attempt: number): Promise<void> {
  await expect.poll(async () => (await jobOf(customer, id)).attempt, { timeout: 30_000, interval: 50 }).toBe(attempt);
  // What it works in is its task's own.
  await expect.poll(scratch, { timeout: 10_000, interval: 10 }).toHaveLength(1);
  const worker = workerOf(process.pid);
  if (!worker) throw new Error('no worker runs');
  process.kill(worker.pid, 'SIGKILL');
}

/** Lets the dead worker's lease lapse, once the next worker is waiting. */
async function lapse(): Promise<void> {
  await expect.poll(() => workerOf(process.pid) !== undefined, { timeout: 30_000 }).toBe(true);
  await pause(300);
  platform.cloud.clock.advance(LEASE_LAPSES_MS);
}

describe('a worker that dies in the middle of a job', () => {
  it('is noticed when its heartbeat lapses, and another attempt finishes the job, charged once', async () => {
    const customer = await platform.customer();
    const { Resp } = await customer.api.generate({ ...LONG, quality: '540p' });
    await killDuring(customer, Resp.video_id, 1);
    await lapse();
    expect((await customer.api.ended(Resp.video_id)).Resp).toMatchObject({ status: 1, state: 'succeeded' });
    const job = await jobOf(customer, Resp.video_id);
    expect(job.attempt).toBe(2);
    // What is delivered is the second attempt's, under its own key.
    expect(job.deliverable?.videoKey).toMatch(/\/2\/video\.mp4$/);
    const { entries, account } = await creditsOf(platform, customer.accountId);
    expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold']);
    expect(account).toMatchObject({ held: 0, running: 0, available: 100_000 - Resp.credits });
  });

  it('three times over is no fault of the job: the fourth attempt makes it', async () => {
    const customer = await platform.customer();
    const { Resp } = await customer.api.generate({ ...SMALL, duration: 5 });
    for (const attempt of [1, 2, 3]) {
      await killDuring(customer, Resp.video_id, attempt);
      await lapse();
    }
    expect((await customer.api.ended(Resp.video_id)).Resp).toMatchObject({ status: 1, state: 'succeeded' });
    const { attempt, failures } = await jobOf(customer, Resp.video_id);
    expect({ attempt, failures }).toEqual({ attempt: 4, failures: undefined });
  });

  it('of whose worker eight have died is given up before it kills another, and its credits come back whole', async () => {
    const customer = await platform.customer();
    // The one worker is at this one, while the other is given its past.
    const { Resp: before } = await customer.api.generate({ ...LONG, quality: '540p' });
    const { Resp } = await customer.api.generate(SMALL);
    await change(customer, Resp.video_id, 'SET attempt = :value', 8);
    const reply = await customer.api.ended(Resp.video_id);
    expect(reply.Resp).toMatchObject({ status: 8, state: 'failed', url: '' });
    expect(reply.Resp.failure).toMatch(/attempts.*credits were given back/);
    await customer.api.ended(before.video_id);
    const { entries, account } = await creditsOf(platform, customer.accountId);
    expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold', 'hold', 'release']);
    expect(account).toMatchObject({ held: 0, running: 0 });
  });
});

describe('a worker whose storage is away', () => {
  it('repeats the upload alone, after pauses, and the video is made once', async () => {
    const customer = await platform.customer();
    // Where S3 writes what comes in: without it every upload is answered with 500.
    const incoming = join(platform.dataDir, 's3', 'incoming');
    renameSync(incoming, `${incoming}-away`);
    const terminal = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { Resp } = await customer.api.generate(SMALL);
    const log = join(platform.dataDir, 'logs', 'Worker.log');
    const repeated = (): number => readFileSync(log, 'utf8').match(/"what":"upload"/g)?.length ?? 0;
    await expect.poll(repeated, { timeout: 30_000 }).toBeGreaterThan(1);
    renameSync(`${incoming}-away`, incoming);
    terminal.mockRestore();
    expect((await customer.api.ended(Resp.video_id)).Resp).toMatchObject({ status: 1, state: 'succeeded' });
    const { attempt, failures, made } = await jobOf(customer, Resp.video_id);
    expect({ attempt, failures, made }).toEqual({ attempt: 1, failures: undefined, made: undefined });
  });
});

it('what workers that were killed had in their temporary folder is gone with them', () => {
  expect(folders()).toEqual([expect.stringMatching(/^Worker-/)]);
  expect(scratch()).toEqual([]);
});

it('a picture that is whole but cannot be decoded fails its job at once, with a refund', async () => {
  const customer = await platform.customer();
  const { Resp: image } = await customer.api.upload(await undecodable());
  const { Resp } = await customer.api.animate({ ...SMALL, img_id: image.img_id });
  const reply = await customer.api.ended(Resp.video_id);
  expect(reply.Resp).toMatchObject({ status: 8, failure: expect.stringContaining('image could not be decoded') });
  expect((await jobOf(customer, Resp.video_id)).attempt).toBe(1);
  expect((await creditsOf(platform, customer.accountId)).account).toMatchObject({
    held: 0,
    running: 0,
    available: 100_000,
  });
});
