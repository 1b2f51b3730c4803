/** Workers that die in the middle of a job. A platform of its own: its worker is killed, and its clock moved. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

/** Waits until the job's given attempt is under way, then kills its worker. */
async function killDuring(customer: Customer, id: number, attempt: number): Promise<void> {
  await expect.poll(async () => (await jobOf(customer, id)).attempt, { timeout: 30_000, interval: 50 }).toBe(attempt);
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

  it('three times over: the job fails, and its credits come back whole', async () => {
    const customer = await platform.customer();
    const { Resp } = await customer.api.generate(LONG);
    for (const attempt of [1, 2, 3]) {
      await killDuring(customer, Resp.video_id, attempt);
      await lapse();
    }
    const reply = await customer.api.ended(Resp.video_id);
    expect(reply.Resp).toMatchObject({ status: 8, state: 'failed', url: '' });
    expect(reply.Resp.failure).toMatch(/attempts.*credits were given back/);
    const { entries, account } = await creditsOf(platform, customer.accountId);
    expect(entries.map(({ kind }) => kind).sort()).toEqual(['grant', 'hold', 'release']);
    expect(account).toMatchObject({ held: 0, running: 0, available: 100_000 });
  });
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
