/** What is streamed to its caller: the bytes of a video, and its changes as events. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, type Video, VideosClient } from '../support/videos-client.ts';

let platform: Platform;
let customer: Customer;
let videos: VideosClient;
let made: Video;

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  videos = new VideosClient(customer.api.url, customer.api.key);
  const { body } = await videos.create(TINY);
  made = await videos.ended(body.id);
});

/** As a client that follows no redirect reads it. */
async function read(query = '', headers: Record<string, string> = {}, method = 'GET') {
  const answer = await fetch(`${customer.api.url}/v1/videos/${made.id}/content${query}`, {
    method,
    headers: { authorization: `Bearer ${customer.api.key}`, ...headers },
    redirect: 'manual',
  });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('the content of a video', () => {
  it('is its bytes, with type, length, name and ETag, in one answer', async () => {
    const whole = await read();
    expect(whole.status).toBe(200);
    expect(whole.bytes.toString('latin1', 4, 8)).toBe('ftyp');
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(whole.bytes.length),
      'accept-ranges': 'bytes',
      'content-disposition': `inline; filename="${made.id}.mp4"`,
      etag: expect.stringMatching(/^"[0-9a-f]+"$/),
      'x-request-id': expect.any(String),
    });
    const link = await read('?redirect=true');
    expect([link.status, link.bytes.length]).toEqual([302, 0]);
    const linked = Buffer.from(await (await fetch(link.headers.get('location') ?? '')).arrayBuffer());
    expect(sha256(linked)).toBe(sha256(whole.bytes));
    const thumbnail = await read('?variant=thumbnail');
    expect([thumbnail.headers.get('content-type'), thumbnail.bytes[0]]).toEqual(['image/jpeg', 0xff]);
  });

  it('comes in ranges, and not again where it is unchanged', async () => {
    const { bytes, headers } = await read();
    const etag = headers.get('etag') ?? '';
    const size = bytes.length;
    const middle = await read('', { range: 'bytes=100-199' });
    expect(middle.status).toBe(206);
    expect(middle.headers.get('content-range')).toBe(`bytes 100-199/${size}`);
    expect(middle.bytes.equals(bytes.subarray(100, 200))).toBe(true);
    const rest = await read('', { range: `bytes=${size - 10}-`, 'if-range': etag });
    expect([rest.status, rest.bytes.length]).toEqual([206, 10]);
    const changed = await read('', { range: 'bytes=0-9', 'if-range': '"another"' });
    expect([changed.status, changed.bytes.length]).toEqual([200, size]);
    const severalAtOnce = await read('', { range: 'bytes=0-1,4-5' });
    expect([severalAtOnce.status, severalAtOnce.bytes.length]).toEqual([200, size]);
    const beyond = await read('', { range: `bytes=${size}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`]);
    const again = await read('', { 'if-none-match': etag });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  });

  it('is told of by HEAD as by GET, without its bytes', async () => {
    const whole = await read();
    const told = await read('', {}, 'HEAD');
    expect([told.status, told.bytes.length]).toEqual([200, 0]);
    for (const name of ['content-type', 'content-length', 'etag', 'accept-ranges', 'content-disposition']) {
      expect(told.headers.get(name), name).toBe(whole.headers.get(name));
    }
    expect((await read('', { 'if-none-match': told.headers.get('etag') ?? '' }, 'HEAD')).status).toBe(304);
    expect((await read('?variant=nothing', {}, 'HEAD')).status).toBe(400);
  });
});

/** The parts of an event stream, as they come. */
async function* eventsOf(id: string, { url, key }: VideosClient = videos): AsyncGenerator<string> {
  const answer = await fetch(`${url}/v1/videos/${id}/events`, { headers: { authorization: `Bearer ${key}` } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) yield Buffer.from(chunk).toString();
}

describe('the events of a video', () => {
  it('are all in one connection, from its beginning to its end, and then there is no more', async () => {
    const { body: video } = await videos.create({ ...TINY, seconds: '8', size: '960x540' });
    let text = '';
    for await (const part of eventsOf(video.id)) text += part;
    const events = text.split('\n\n').filter(event => event.includes('data: '));
    const seen = events.map(event => JSON.parse(/^data: (.+)$/m.exec(event)?.[1] ?? '') as Video);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toMatchObject({ id: video.id, status: 'completed', progress: 100 });
    const progress = seen.map(told => told.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const ids = events.map(event => /^id: (.+)$/m.exec(event)?.[1] ?? '');
    expect(new Set(ids).size).toBe(events.length);
    expect(events[0]).toMatch(/^retry: 1000\nid: .+\nevent: video\./);
    const last = await videos.send('GET', `/videos/${video.id}/events`, undefined, {
      'last-event-id': ids.at(-1) ?? '',
    });
    expect([last.status, last.body]).toEqual([204, '']);
  });

  it('are open as often at once as the plan allows; one more is told what to do instead, until one ends', async () => {
    const { api } = await platform.customer({ plan: 'trial' });
    const trial = new VideosClient(api.url, api.key);
    const { body: video } = await trial.create({ ...TINY, seconds: '8', size: '960x540' });
    const limit = PLANS.trial.openStreams;
    // HEAD opens one and ends it at once.
    for (let times = 0; times <= limit; times += 1) {
      const told = await fetch(`${api.url}/v1/videos/${video.id}/events`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${api.key}` },
      });
      expect([told.status, told.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    }
    const open = await Promise.all(
      Array.from({ length: limit }, async () => {
        const events = eventsOf(video.id, trial);
        await events.next();
        return events;
      }),
    );
    const refused = await trial.refused('GET', `/videos/${video.id}/events`);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_streams' } });
    expect(refused.body.detail).toMatch(/4 downloads .* plan trial .* read GET \/v1\/videos\/\{id\}/);
    await trial.send('POST', `/videos/${video.id}/cancel`);
    const ends: string[] = [];
    for (const events of open) for await (const part of events) ends.push(part);
    expect(ends.at(-1)).toContain('"stage":"cancelled"');
    for await (const part of eventsOf(video.id, trial)) expect(part).toContain('"stage":"cancelled"');
  });
});
