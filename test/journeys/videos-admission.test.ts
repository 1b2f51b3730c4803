/** What the Videos dialect refuses and how it says so. */
import { beforeAll, describe, expect, it } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import { creditsOf } from '../support/credits.ts';
import { mediaFile } from '../support/media-files.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

let platform: Platform;
let customer: Customer;
let videos: VideosClient;

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  videos = clientOf(customer);
});

const clientOf = ({ api }: Customer): VideosClient => new VideosClient(api.url, api.key);
const NOWHERE = '/videos/video_123456789012345';

/** All that a call could have changed for the account. */
async function world(): Promise<unknown> {
  const { accountId } = customer;
  return {
    jobs: await platform.items('Jobs', accountId),
    credits: await creditsOf(platform, accountId),
    records: await platform.everything('Idempotency'),
  };
}

describe('a refusal is an RFC 9457 problem, and nothing is charged, stored or started', () => {
  const upload = (name: string, value: string | Blob): FormData => {
    const form = new FormData();
    for (const [member, text] of Object.entries({ ...TINY, audio: 'false' })) form.set(member, text);
    form.set(name, value);
    return form;
  };

  it.each<[string, () => object | FormData, number, string, string | null]>([
    ['no prompt', () => ({ seconds: '4' }), 400, 'missing_parameter', 'prompt'],
    ['an empty prompt', () => ({ prompt: '  ' }), 400, 'missing_parameter', 'prompt'],
    ['a prompt that is too long', () => ({ prompt: 'a'.repeat(5001) }), 400, 'prompt_too_long', 'prompt'],
    ['a member that is not known', () => ({ ...TINY, output_path: '/etc' }), 400, 'invalid_parameter', 'output_path'],
    ['a model that is not offered', () => ({ ...TINY, model: 'v99' }), 400, 'invalid_parameter', 'model'],
    ['a size that is not made', () => ({ ...TINY, size: '7x7' }), 400, 'invalid_parameter', 'size'],
    ['seconds that are not made', () => ({ ...TINY, seconds: '99' }), 400, 'invalid_parameter', 'seconds'],
    ['seconds in words', () => ({ ...TINY, seconds: 'four' }), 400, 'invalid_parameter', 'seconds'],
    ['a seed below zero', () => ({ ...TINY, seed: -1 }), 400, 'invalid_parameter', 'seed'],
    ['a switch in words', () => ({ ...TINY, audio: 'loud' }), 400, 'invalid_parameter', 'audio'],
    [
      'sound from a model without it',
      () => ({ ...TINY, model: 'v5', seconds: 5, audio: true }),
      400,
      'invalid_parameter',
      'audio',
    ],
    [
      'an aspect that the model does not make',
      () => ({ ...TINY, model: 'v5', seconds: 5, size: '840x360' }),
      400,
      'invalid_parameter',
      'size',
    ],
    [
      'a file that is no image',
      () => upload('input_reference', new Blob(['hello'])),
      415,
      'image_format',
      'input_reference',
    ],
    [
      'an image that never was',
      () => ({ ...TINY, input_reference: { file_id: '123456789012345' } }),
      404,
      'image_not_found',
      'input_reference',
    ],
    [
      'an image inside',
      () => ({ ...TINY, input_reference: { image_url: 'http://169.254.169.254/x.png' } }),
      400,
      'image_source',
      'input_reference',
    ],
    ['half a reference', () => ({ ...TINY, input_reference: {} }), 400, 'invalid_parameter', 'input_reference'],
    [
      'a deadline that is too short',
      () => ({ ...TINY, deadline_seconds: 1 }),
      400,
      'invalid_parameter',
      'deadline_seconds',
    ],
  ])('%s', async (_name, body, status, code, param) => {
    const before = await world();
    const reply = await videos.refused('POST', '/videos', body());
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(reply.body).toMatchObject({ status, code, param, type: `${platform.cloud.apiUrl}/docs/problems#${code}` });
    expect(reply.body.title).toMatch(/^[A-Z]/);
    expect(reply.body.error).toEqual({ message: reply.body.detail, type: 'invalid_request_error', param, code });
    expect(await world()).toEqual(before);
  });

  it('a video that was cut where its reader never ends, within the time of its inspection', async () => {
    const before = await world();
    const whole = await mediaFile({ container: 'webm', seconds: 1 });
    const form = new FormData();
    form.set('prompt', 'make it night');
    form.set('dry_run', 'true');
    form.set('video', new Blob([whole.subarray(0, 264)]));
    const start = performance.now();
    const reply = await videos.refused('POST', '/videos/edits', form);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ code: 'invalid_parameter', param: 'video' });
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(await world()).toEqual(before);
  });

  it('malformed JSON', async () => {
    const answer = await fetch(`${videos.url}/v1/videos`, {
      method: 'POST',
      headers: { authorization: `Bearer ${videos.key}`, 'content-type': 'application/json' },
      body: '{"prompt": "a hill",',
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'wrong_type', param: null });
  });

  it.each<[string, string, string]>([
    ['GET', NOWHERE, 'not_found'],
    ['GET', '/videos/video_0', 'not_found'],
    ['GET', '/videos/..%2f..%2fsecret', 'not_found'],
    ['GET', `${NOWHERE}/content`, 'not_found'],
    ['GET', `${NOWHERE}/events`, 'not_found'],
    ['POST', `${NOWHERE}/cancel`, 'not_found'],
    ['DELETE', NOWHERE, 'not_found'],
  ])('%s %s of what never was', async (method, path, code) => {
    expect(await videos.refused(method, path)).toMatchObject({ status: 404, body: { code } });
  });

  it("another account's video is refused like one that never was, to everything", async () => {
    const { body: theirs } = await videos.create();
    const stranger = clientOf(await platform.customer());
    const unlike = async (method: string, path: string, body?: object): Promise<void> => {
      const [real, none] = [theirs.id, 'video_123456789012345'];
      const said = async (id: string) => {
        const named = body && JSON.parse(JSON.stringify(body).replace('ID', id));
        const { status, body: problem } = await stranger.refused(method, path.replace('ID', id), named);
        expect(problem.status).toBe(status);
        return JSON.stringify({ ...problem, instance: '' }).replaceAll(id, 'ID');
      };
      expect(await said(real), `${method} ${path}`).toBe(await said(none));
    };
    for (const path of ['', '/content', '/content?variant=thumbnail', '/events'])
      await unlike('GET', `/videos/ID${path}`);
    await unlike('POST', '/videos/ID/cancel');
    await unlike('DELETE', '/videos/ID');
    await unlike('POST', '/videos/ID/remix', { prompt: 'mine now' });
    await unlike('POST', '/videos/edits', { prompt: 'mine now', video: { id: 'ID' } });
    await unlike('POST', '/videos/extensions', { prompt: 'mine now', seconds: 5, video: { id: 'ID' } });
    expect((await stranger.send<{ data: unknown[] }>('GET', '/videos')).body.data).toEqual([]);
    await videos.ended(theirs.id);
  });

  it('a key may do what it is for and nothing else', async () => {
    const { accountId } = customer;
    const reader = { accountId, name: 'reader', permissions: ['videos:read'] };
    const { apiKey } = await platform.operate<{ apiKey: string }>('IssueKeyFunction', reader);
    const reading = new VideosClient(videos.url, apiKey);
    expect((await reading.send('GET', '/videos')).status).toBe(200);
    expect(await reading.refused('POST', '/videos', TINY)).toMatchObject({
      status: 403,
      body: { code: 'no_permission' },
    });
    expect(await reading.refused('DELETE', NOWHERE)).toMatchObject({ status: 403, body: { code: 'no_permission' } });
  });

  it('too little credit is a 402, too many at once a 429', async () => {
    const poor = clientOf(await platform.customer({ credits: 4 }));
    expect(await poor.refused('POST', '/videos', TINY)).toMatchObject({
      status: 402,
      body: { code: 'insufficient_credits', error: { type: 'insufficient_quota' } },
    });
    const trial = clientOf(await platform.customer({ plan: 'trial' }));
    const { body: first } = await trial.create();
    expect(await trial.refused('POST', '/videos', TINY)).toMatchObject({
      status: 429,
      body: { code: 'concurrency_reached' },
    });
    await trial.ended(first.id);
  });

  it('what the gateway refuses has the same members, beside those of the other dialect', async () => {
    const reply = await new VideosClient(videos.url, 'nonsense').refused('GET', '/videos');
    expect(reply).toMatchObject({
      status: 401,
      body: { status: 401, code: 'key_refused', error: { type: 'authentication_error' }, ErrCode: 10001, Resp: null },
    });
    expect(await videos.refused('GET', '/nothing')).toMatchObject({
      status: 404,
      body: { code: 'not_found', ErrCode: 500008 },
    });
  });
});

it('every response says the policy of the plan, in both dialects', async () => {
  const { requestsPerSecond, requestsPerDay, generationsPerDay } = PLANS.scale;
  const policy = `"second";q=${requestsPerSecond};w=1, "day";q=${requestsPerDay};w=86400, "videos";q=${generationsPerDay};w=86400`;
  expect((await videos.send('GET', '/videos')).headers.get('ratelimit-policy')).toBe(policy);
  expect((await videos.send('GET', NOWHERE)).headers.get('ratelimit-policy')).toBe(policy);
  expect((await customer.api.result(123456789012345)).headers.get('ratelimit-policy')).toBe(policy);
});

it('a video of a prompt alone is as the original made it', async () => {
  const { body } = await videos.create({ prompt: 'a quiet street' });
  expect(body).toMatchObject({ model: 'v6', seconds: '4', size: '720x1280', credits_held: 48 });
  await videos.send('POST', `/videos/${body.id}/cancel`);
});
