/** Cancelling, deadlines, deleting what is open, and where a video stands while it waits. */
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { creditsOf } from '../support/credits.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

let platform: Platform;
let customer: Customer;
let videos: VideosClient;

/** Long enough to be met while it is being made. */
const LONG = { ...TINY, seconds: '15', size: '1920x1080' };

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  videos = new VideosClient(customer.api.url, customer.api.key);
});

const kindsOf = async (id: string): Promise<string[]> => {
  const { entries } = await creditsOf(platform, customer.accountId);
  return entries.filter(({ jobId }) => `video_${jobId}` === id).map(({ kind }) => kind);
};

describe('cancelling', () => {
  it('stops what is being made and what waits, gives the credits back once, and frees the worker for the next', async () => {
    const before = await customer.api.balance();
    const { body: running } = await videos.create(LONG);
    await videos.until(running.id, ({ status, progress }) => status === 'in_progress' && progress > 0);
    const { body: waiting } = await videos.create(LONG);

    const { body: cancelledWaiting, status } = await videos.send('POST', `/videos/${waiting.id}/cancel`);
    expect(status).toBe(200);
    expect(cancelledWaiting).toMatchObject({
      status: 'failed',
      stage: 'cancelled',
      error: { code: 'cancelled' },
      credits_held: 0,
      credits_charged: 0,
    });
    const [once, twice] = await Promise.all([
      videos.send('POST', `/videos/${running.id}/cancel`),
      videos.send('POST', `/videos/${running.id}/cancel`),
    ]);
    expect([once.body.stage, twice.body.stage]).toEqual(['cancelled', 'cancelled']);
    expect(await customer.api.balance()).toBe(before);

    const since = Date.now();
    const { body: next } = await videos.create();
    await videos.until(next.id, ({ status: said }) => said !== 'queued');
    // A second until the worker notices, a moment until it takes the next: far from the minute that the first needed.
    expect(Date.now() - since).toBeLessThan(8_000);
    expect((await videos.ended(next.id)).status).toBe('completed');
    for (const { id } of [running, waiting]) {
      expect(await kindsOf(id)).toEqual(['hold', 'release']);
      expect((await videos.get(id)).body.stage).toBe('cancelled');
    }
    expect((await customer.api.result(running.id.slice('video_'.length))).Resp).toMatchObject({
      status: 8,
      state: 'cancelled',
    });
  });

  it('of what has ended is a conflict that says how it ended', async () => {
    const { body } = await videos.create();
    await videos.ended(body.id);
    const reply = await videos.refused('POST', `/videos/${body.id}/cancel`);
    expect(reply).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
    expect(reply.body.detail).toContain('succeeded');
    expect(reply.headers.get('x-should-retry')).toBe('false');
    expect(await kindsOf(body.id)).toEqual(['hold', 'capture']);
  });
});

describe('a video that is not finished', () => {
  it('is not deleted, has no content and cannot be continued; it says where it waits', async () => {
    const { body: first } = await videos.create(LONG);
    await videos.until(first.id, ({ status }) => status === 'in_progress');
    const { body: second } = await videos.create(LONG);
    await pause(500);
    const { body: seen } = await videos.get(second.id);
    expect(seen).toMatchObject({
      status: 'queued',
      links: { cancel: `${platform.cloud.apiUrl}/v1/videos/${second.id}/cancel` },
    });
    expect(seen.estimated_queue_position).toBe(1);
    expect(seen.estimated_start_at).toBeGreaterThanOrEqual(seen.created_at);
    for (const [method, path, body] of [
      ['DELETE', `/videos/${second.id}`, undefined],
      ['GET', `/videos/${second.id}/content`, undefined],
      ['POST', `/videos/${second.id}/remix`, { prompt: 'again' }],
    ] as const) {
      expect(await videos.refused(method, path, body)).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
    }
    for (const { id } of [first, second]) await videos.send('POST', `/videos/${id}/cancel`);
    // What was cancelled has ended, and can be deleted.
    expect(await videos.send('DELETE', `/videos/${second.id}`)).toMatchObject({ status: 200, body: { deleted: true } });
  });

  it('is ended at its deadline, with its credits given back', async () => {
    const { body } = await videos.create(LONG, { 'cancel-after': '10' });
    expect(body.deadline_at).toBeGreaterThan(body.created_at + 8);
    const ended = await videos.ended(body.id);
    expect(ended).toMatchObject({
      stage: 'failed',
      error: { code: 'deadline_passed' },
      credits_held: 0,
      credits_charged: 0,
    });
    expect(Date.now() / 1000 - (body.deadline_at ?? 0)).toBeLessThan(10);
    expect(await kindsOf(body.id)).toEqual(['hold', 'release']);
  });

  it('is ended by the reconciler where no worker came to it before its deadline', async () => {
    const { body: first } = await videos.create(LONG);
    await videos.until(first.id, ({ status }) => status === 'in_progress');
    const { body: second } = await videos.create({ ...LONG, deadline_seconds: 10 });
    await pause(10_500);
    await platform.operate('SweepFunction', {});
    expect((await videos.get(second.id)).body).toMatchObject({ stage: 'failed', error: { code: 'deadline_passed' } });
    await videos.send('POST', `/videos/${first.id}/cancel`);
    expect(await kindsOf(second.id)).toEqual(['hold', 'release']);
  });
});
