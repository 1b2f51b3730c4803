/**
 * What the PixVerse dialect refuses and how it says so. A platform of its own: nothing at all may have changed in it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintKey } from '../../functions/keys/api-key.ts';
import { random } from '../../functions/runtime/runtime.ts';
import { ApiClient, SMALL } from '../support/api-client.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { worldOf } from '../support/world.ts';

let platform: Platform;
let customer: Customer;

beforeAll(async () => {
  platform = await Platform.start();
  customer = await platform.customer({ credits: 1000 });
});
afterAll(() => platform?.stop());

const world = () => worldOf(platform);

async function changesNothing<Result>(act: () => Promise<Result>): Promise<Result> {
  const before = await world();
  const result = await act();
  expect(await world()).toEqual(before);
  return result;
}

describe('a body that cannot be made into a video is refused, and nothing is charged, stored or started (clause 3.1)', () => {
  const without = (field: string): object =>
    Object.fromEntries(Object.entries(SMALL).filter(([name]) => name !== field));

  it.each<[string, unknown, number, string]>([
    ['malformed JSON', '{"prompt": "a hill",', 400013, 'JSON'],
    ['a JSON array', '[1, 2]', 400013, 'object'],
    ['no prompt', without('prompt'), 400011, 'prompt'],
    ['an empty prompt', { ...SMALL, prompt: '   ' }, 400011, 'prompt'],
    ['a prompt that is a number', { ...SMALL, prompt: 7 }, 400013, 'prompt'],
    ['a prompt that is too long', { ...SMALL, prompt: 'a'.repeat(5001) }, 400018, '5000'],
    ['a negative prompt that is too long', { ...SMALL, negative_prompt: 'a'.repeat(2049) }, 400019, '2048'],
    ['no model', without('model'), 400011, 'model'],
    ['a model that is not offered', { ...SMALL, model: 'v99' }, 400017, 'model'],
    ['no duration', without('duration'), 400011, 'duration'],
    ['a duration in words', { ...SMALL, duration: 'five' }, 400013, 'duration'],
    ['a duration that the model does not make', { ...SMALL, duration: 16 }, 400017, 'duration must be 1 to 15'],
    ['half a second', { ...SMALL, duration: 1.5 }, 400013, 'duration'],
    [
      'a duration that a quality excludes',
      { ...SMALL, model: 'v5.5', quality: '1080p', duration: 10 },
      400017,
      'duration',
    ],
    ['a quality that is not offered', { ...SMALL, quality: '4k' }, 400017, 'quality'],
    ['no aspect ratio', without('aspect_ratio'), 400011, 'aspect_ratio'],
    [
      'an aspect ratio that the model does not make',
      { ...SMALL, model: 'v5', duration: 5, aspect_ratio: '21:9' },
      400017,
      'aspect_ratio',
    ],
    [
      'sound from a model without it',
      { ...SMALL, model: 'v5', duration: 5, generate_audio_switch: true },
      400017,
      'generate_audio_switch',
    ],
    ['a switch in words', { ...SMALL, generate_audio_switch: 'yes' }, 400013, 'generate_audio_switch'],
    ['a seed below zero', { ...SMALL, seed: -1 }, 400017, 'seed'],
    [
      'a camera that is not offered',
      { ...SMALL, model: 'v4', duration: 5, camera_movement: 'somersault' },
      400017,
      'camera_movement',
    ],
  ])('%s', async (_name, body, ErrCode, names) => {
    const reply = await changesNothing(() => customer.api.post('/openapi/v2/video/text/generate', body));
    expect(reply).toMatchObject({ status: 200, ErrCode, Resp: null });
    expect(reply.ErrMsg).toContain(names);
  });

  it('an image that never was', async () => {
    const reply = await changesNothing(() => customer.api.animate({ ...SMALL, img_id: 123456789012345 }));
    expect(reply).toMatchObject({ ErrCode: 400032, Resp: null });
  });
});

describe('a key that is not accepted is refused (clauses 2.4a and 3.1)', () => {
  const wrong = (text: string): ApiClient => new ApiClient(platform.cloud.apiUrl, text);

  it.each<[string, () => string]>([
    ['a key that never was', () => mintKey(random)],
    ['a mistyped key', () => `${customer.api.key.slice(0, -1)}${customer.api.key.endsWith('0') ? '1' : '0'}`],
    ['words', () => 'open-sesame'],
  ])('%s', async (_name, key) => {
    const reply = await changesNothing(() => wrong(key()).generate());
    expect(reply).toMatchObject({ status: 401, ErrCode: 10001, ErrMsg: 'apiKey is not registered', Resp: null });
  });

  it('no key', async () => {
    const answer = await changesNothing(() => fetch(`${platform.cloud.apiUrl}/openapi/v2/account/balance`));
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ ErrCode: 10004, ErrMsg: expect.stringContaining('API-KEY') });
  });

  it('a revoked key, from the moment of its revocation', async () => {
    const { api, accountId, keyId } = await platform.customer();
    expect(await api.balance()).toBe(100_000);
    await platform.operate('RevokeKeyFunction', { accountId, keyId });
    const reply = await changesNothing(() => api.generate());
    expect(reply).toMatchObject({ status: 401, ErrCode: 10002, Resp: null });
    expect(reply.ErrMsg).toContain('revoked');
  });

  it('a key without the permission', async () => {
    const { accountId } = customer;
    const { apiKey } = await platform.operate<{ apiKey: string }>('IssueKeyFunction', {
      accountId,
      name: 'reader',
      permissions: ['videos:read'],
    });
    const reader = wrong(apiKey);
    expect(await changesNothing(() => reader.generate())).toMatchObject({ ErrCode: 500020, Resp: null });
    expect(await changesNothing(() => reader.upload(Buffer.from('x')))).toMatchObject({ ErrCode: 500020 });
    expect(await reader.result(123456789012345)).toMatchObject({ ErrCode: 500008 });
  });

  it('also opens with Authorization: Bearer', async () => {
    const headers = { authorization: `Bearer ${customer.api.key}` };
    const answer = await fetch(`${platform.cloud.apiUrl}/openapi/v2/account/balance`, { headers });
    expect(await answer.json()).toMatchObject({ ErrCode: 0 });
  });
});

describe('an upload that is no image is refused, and nothing is stored (clause 3.1)', () => {
  /** A PNG of a few bytes that declares `side` pixels each way. */
  function bomb(side: number): Buffer {
    const chunk = (type: string, data: Buffer): Buffer => {
      const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
      const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
      length.writeUInt32BE(data.length);
      check.writeUInt32BE(crc32(body));
      return Buffer.concat([length, body, check]);
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(side, 0);
    header.writeUInt32BE(side, 4);
    header.set([8, 6, 0, 0, 0], 8);
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    return Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', Buffer.alloc(20)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  }

  it.each<[string, () => Promise<Buffer> | Buffer, number, string]>([
    ['not an image', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 500032, 'PNG, JPEG or WebP'],
    ['half a PNG', async () => (await picture(200, 200)).subarray(0, -30), 500031, 'not whole'],
    ['half a JPEG', async () => (await picture(400, 400, 'jpeg')).subarray(0, 900), 500031, 'not whole'],
    ['half a WebP', async () => (await picture(400, 400, 'webp')).subarray(0, -30), 500031, 'not whole'],
    ['a picture that would fill the memory', () => bomb(30_000), 500033, '30000x30000'],
    ['nothing', () => Buffer.alloc(0), 500032, 'PNG, JPEG or WebP'],
  ])('%s', async (_name, make, ErrCode, names) => {
    const bytes = await make();
    const reply = await changesNothing(() => customer.api.upload(bytes));
    expect(reply).toMatchObject({ status: 200, ErrCode, Resp: null });
    expect(reply.ErrMsg).toContain(names);
  });

  it.each([
    ['more than a function takes', 5 * 1024 * 1024],
    ['more than the gateway takes', 11 * 1024 * 1024],
  ])('%s', async (_name, size) => {
    const reply = await changesNothing(() => customer.api.upload(Buffer.alloc(size)));
    expect(reply).toMatchObject({ status: 413, ErrCode: 500030 });
    expect(reply.ErrMsg).toContain('image_url');
  });

  it('neither file nor URL, and both', async () => {
    const path = '/openapi/v2/image/upload';
    expect(await customer.api.post(path, {})).toMatchObject({
      ErrCode: 400011,
      ErrMsg: expect.stringContaining('image_url'),
    });
    const form = new FormData();
    form.set('image', new Blob(['x']), 'x.png');
    form.set('image_url', 'https://example.com/x.png');
    expect(await customer.api.send('POST', path, form)).toMatchObject({ ErrCode: 400017 });
  });
});

describe('an image_url that points inside is refused (OWASP API7)', () => {
  it.each([
    'http://127.0.0.1/x.png',
    'http://localhost/x.png',
    'http://[::1]/x.png',
    'http://[::ffff:7f00:1]/x.png',
    'http://2130706433/x.png',
    'http://0x7f.1/x.png',
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/x.png',
    'http://192.168.1.1/x.png',
    'http://100.64.0.1/x.png',
    'http://0.0.0.0/x.png',
    'file:///etc/passwd',
    'http://user:password@example.com/x.png',
    'http://example.com:8080/x.png',
    'no url at all',
  ])('%s', async image_url => {
    const reply = await changesNothing(() => customer.api.post('/openapi/v2/image/upload', { image_url }));
    expect(reply.Resp).toBeNull();
    expect([500042, 400017]).toContain(reply.ErrCode);
    expect(reply.ErrMsg).toContain('image_url');
  });
});

describe('an image_url that the organisation trusts', () => {
  it('is fetched, as a urlencoded form or as JSON, and its image can be animated', async () => {
    const bytes = await picture(320, 180);
    const host = createServer((request, response) => {
      if (request.url === '/moved.png') return response.writeHead(302, { location: '/picture.png' }).end();
      response.writeHead(200, { 'content-type': 'image/png' }).end(bytes);
    });
    await new Promise<void>(ready => host.listen(0, '127.0.0.1', ready));
    const { port } = host.address() as AddressInfo;
    const trusting = await Platform.start({ trustedImageHosts: '127.0.0.1' });
    try {
      const { api } = await trusting.customer();
      const image_url = `http://127.0.0.1:${port}/picture.png`;
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const uploaded = await api.send<{ img_id: number }>(
        'POST',
        '/openapi/v2/image/upload',
        new URLSearchParams({ image_url }).toString(),
        form,
      );
      expect(uploaded.ErrCode).toBe(0);
      expect(await api.post('/openapi/v2/image/upload', { image_url })).toMatchObject({ ErrCode: 0 });
      const { Resp } = await api.animate({ ...SMALL, img_id: uploaded.Resp.img_id });
      expect((await api.ended(Resp.video_id)).Resp.status).toBe(1);
      const moved = await api.post('/openapi/v2/image/upload', { image_url: image_url.replace('picture', 'moved') });
      expect(moved).toMatchObject({ ErrCode: 500042, ErrMsg: expect.stringContaining('redirect') });
    } finally {
      await trusting.stop();
      host.close();
    }
  });
});

it('a route that does not exist says so in the envelope', async () => {
  const reply = await customer.api.send('GET', '/openapi/v2/video/unheard-of');
  expect(reply).toMatchObject({ status: 404, ErrCode: 500008, Resp: null });
});
