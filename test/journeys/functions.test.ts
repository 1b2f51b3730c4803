/** Every function of the PixVerse dialect, from real input to a probed file (clause 1.2). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOOKS } from '../../functions/catalogue/styles.ts';
import { TEMPLATES } from '../../functions/catalogue/templates.ts';
import { type Probe, probe } from '../../functions/worker/media/probe.ts';
import { type Reply, SMALL, type Video } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { toneWav } from '../support/recordings.ts';

let platform: Platform;
let customer: Customer;
let folder: string;
let video: number;
let media: number;
let recording: number;
let pictures: number[];

const CLIP = { prompt: 'a quiet harbour at dawn', quality: '360p', seed: 7 };

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  folder = mkdtempSync(join(tmpdir(), 'mutoscope-functions-'));
  const { api } = customer;
  const { Resp: made } = await api.ended(
    (await api.generate({ ...SMALL, duration: 2, aspect_ratio: '16:9' })).Resp.video_id,
  );
  expect(made, made.failure).toMatchObject({ status: 1 });
  video = made.id;
  media = (await api.uploadMedia(await bytesOf(made.url), 'clip.mp4')).Resp.media_id;
  recording = (await api.uploadMedia(toneWav(1.5), 'voice.wav')).Resp.media_id;
  const sizes = [
    [640, 360],
    [480, 480],
    [360, 640],
  ] as const;
  pictures = await Promise.all(
    sizes.map(async ([width, height]) => (await api.upload(await picture(width, height))).Resp.img_id),
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
});

async function bytesOf(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url)).arrayBuffer());
}

const post = <Resp = { video_id: number; credits: number }>(path: string, body: object): Promise<Reply<Resp>> =>
  customer.api.post<Resp>(`/openapi/v2/${path}`, body);

/** Submits, waits, downloads and probes; the balance falls by what the answer said. */
async function makes(path: string, body: object): Promise<{ made: Video; facts: Probe; credits: number }> {
  const before = await customer.api.balance();
  const submitted = await post(path, body);
  expect(submitted, submitted.ErrMsg).toMatchObject({ status: 200, ErrCode: 0 });
  const { video_id, credits } = submitted.Resp;
  expect(before - (await customer.api.balance())).toBe(credits);
  const { Resp: made } = await customer.api.ended(video_id, 150_000);
  expect(made, `${path}: ${made.failure}`).toMatchObject({ status: 1, credits });
  const file = join(folder, `${video_id}.mp4`);
  writeFileSync(file, await bytesOf(made.url));
  const facts = await probe(file);
  expect(facts).toMatchObject({
    width: made.outputWidth,
    height: made.outputHeight,
    videoCodec: 'h264',
    faststart: true,
  });
  return { made, facts, credits };
}

const img = (index: number): number => pictures[index] ?? 0;
const lasts = (facts: Probe, seconds: number): void => {
  expect(Math.abs(facts.durationSeconds - seconds)).toBeLessThanOrEqual(0.1);
};

describe('clips between images (clause 1.2)', () => {
  it('transition goes from one image to another', async () => {
    const { facts, credits } = await makes('video/transition/generate', {
      ...CLIP,
      model: 'v6',
      duration: 1,
      first_frame_img: img(0),
      last_frame_img: String(img(1)),
      generate_audio_switch: true,
    });
    lasts(facts, 1);
    expect(facts.audio).toBeDefined();
    expect(credits).toBe(7);
  });

  it('multi-transition goes through three images', async () => {
    const parts = [
      { img_id: img(0), duration: 1, prompt: 'fade' },
      { img_id: img(1), duration: 1 },
      { img_id: img(2), duration: 0 },
    ];
    const { facts } = await makes('video/multi_transition/generate', {
      model: 'v5',
      quality: '360p',
      multi_transition: parts,
    });
    lasts(facts, 2);
  });

  it('fusion brings two images together', async () => {
    const references = [
      { type: 'subject', img_id: img(1), ref_name: 'boat' },
      { type: 'background', img_id: img(0), ref_name: 'sea' },
    ];
    const { facts } = await makes('video/fusion/generate', {
      ...CLIP,
      model: 'v6',
      duration: 1,
      aspect_ratio: '16:9',
      prompt: '@boat on the @sea at dusk',
      image_references: references,
    });
    expect([facts.width, facts.height]).toEqual([640, 360]);
  });
});

describe('what is made of a video (clause 1.2)', () => {
  it('extend goes on from a video that was made here', async () => {
    const { facts } = await makes('video/extend/generate', {
      ...CLIP,
      model: 'v6',
      duration: 1,
      source_video_id: video,
    });
    expect(facts.durationSeconds).toBeGreaterThan(0.9);
  });

  it.each([
    ['a speaker and a text', () => ({ lip_sync_tts_speaker_id: '1', lip_sync_tts_content: 'Good morning.' }), 4],
    ['a recording', () => ({ audio_media_id: recording }), 8],
  ])('lip sync follows %s', async (_name, voice, price) => {
    const { facts, credits } = await makes('video/lip_sync/generate', { video_media_id: media, ...voice() });
    expect(facts.audio).toBeDefined();
    expect(credits).toBe(price);
  });

  it('sound effect lays sound under it', async () => {
    const { facts, credits } = await makes('video/sound_effect/generate', { video_media_id: media, prompt: 'rain' });
    expect(facts.audio).toBeDefined();
    lasts(facts, 2);
    expect(credits).toBe(10);
  });

  it.each([
    ['a listed look', { restyle_id: LOOKS[0]?.id }],
    ['words', { restyle_prompt: 'pencil sketch' }],
  ])('restyle shows it in %s', async (_name, look) => {
    lasts((await makes('video/restyle/generate', { source_video_id: video, ...look })).facts, 2);
  });

  it('mimic moves an image as it moves', async () => {
    const { facts, credits } = await makes('video/mimic/generate', {
      video_media_id: media,
      img_id: img(1),
      quality: '360p',
    });
    lasts(facts, 2);
    expect(credits).toBe(18);
  });

  it('upscale gives it more pixels', async () => {
    const { facts } = await makes('video/upscale/generate', { source_video_id: video });
    expect([facts.width, facts.height]).toEqual([960, 540]);
    lasts(facts, 2);
  });

  it('mask selection, swap and modify change what is selected in it', async () => {
    const { Resp, ...reply } = await post<{
      keyframe_id: number;
      keyframe_url: string;
      credits: number;
      mask_info: { mask_id: string; mask_name: string; mask_url: string }[];
    }>('video/mask/selection', { source_video_id: video, keyframe_id: 1 });
    expect(reply, reply.ErrMsg).toMatchObject({ ErrCode: 0 });
    expect(Resp).toMatchObject({ keyframe_id: 1, credits: 2, keyframe_url: expect.stringMatching(/^http/) });
    expect(Resp.mask_info.length).toBeGreaterThan(0);
    for (const { mask_url } of Resp.mask_info) expect((await bytesOf(mask_url)).length).toBeGreaterThan(0);
    const mask_id = Resp.mask_info[0]?.mask_id;
    const source = { source_video_id: video, quality: '360p' };
    lasts((await makes('video/swap/generate', { ...source, keyframe_id: 1, mask_id, img_id: img(1) })).facts, 2);
    const prompt = 'put @img0 in place of @selection0';
    const modified = { ...source, prompt, mask_ids: [mask_id], img_ids: [img(2)], keyframe_ids: 1 };
    lasts((await makes('video/modify/generate', modified)).facts, 2);
  });
});

describe('images that speak, and templates (clause 1.2)', () => {
  it('avatar says what uploaded audio says', async () => {
    const { facts } = await makes('video/avatar/generate', {
      img_id: img(1),
      quality: '360p',
      audio_media_id: recording,
    });
    lasts(facts, 1.5);
    expect(facts.audio).toBeDefined();
  });

  it('a speaker is made of uploaded audio, speaks, and is deleted', async () => {
    const path = '/openapi/v2/video/tts_speaker';
    const { Resp: speaker } = await customer.api.post<{ speaker_id: string }>(path, {
      name: 'Mine',
      audio_media_id: recording,
    });
    const own = async () =>
      (await customer.api.send<{ data: object[] }>('GET', `${path}?speaker_type=custom`)).Resp.data;
    expect(await own()).toEqual([{ speaker_id: speaker.speaker_id, name: 'Mine', speaker_type: 'custom' }]);
    const text = { lip_sync_tts_speaker_id: speaker.speaker_id, lip_sync_tts_content: 'Hello.' };
    const { facts } = await makes('video/avatar/generate', { img_id: img(1), quality: '360p', ...text });
    expect(facts.audio).toBeDefined();
    expect(await customer.api.send('DELETE', `${path}/${speaker.speaker_id}`)).toMatchObject({ ErrCode: 0 });
    expect(await own()).toEqual([]);
    expect(await post('video/lip_sync/generate', { source_video_id: video, ...text })).toMatchObject({
      ErrCode: 400017,
      ErrMsg: expect.stringContaining('lip_sync_tts_speaker_id'),
    });
  });

  it('a template makes a video of its images', async () => {
    const template = TEMPLATES.find(({ kind }) => kind === 'video');
    const img_ids = pictures.slice(0, template?.images);
    await makes('video/img/generate', {
      ...CLIP,
      prompt: '',
      model: 'v6',
      duration: 1,
      template_id: template?.id,
      img_ids,
    });
  });

  it('a template makes an image, which has a result of its own', async () => {
    const template = TEMPLATES.find(({ kind }) => kind === 'image');
    const started = await post<{ image_id: number }>('image/template/generate', {
      template_id: template?.id,
      img_ids: pictures.slice(0, template?.images),
    });
    expect(started, started.ErrMsg).toMatchObject({ ErrCode: 0 });
    const { image_id } = started.Resp;
    const read = () => customer.api.send<Video>('GET', `/openapi/v2/image/result/${image_id}`);
    await expect.poll(async () => (await read()).Resp.status, { timeout: 60_000, interval: 300 }).toBe(1);
    const { Resp: made } = await read();
    expect((await fetch(made.url)).headers.get('content-type')).toMatch(/^image\//);
    expect(made.outputWidth).toBeGreaterThan(0);
    expect(await customer.api.result(image_id)).toMatchObject({ ErrCode: 500008 });
  });
});

it('the report of usage shows all of it, page by page, and the ledger adds up', async () => {
  const path = '/openapi/v2/account/billing/usage-detail';
  const at = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 19).replace('T', ' ');
  const asked = { start_time: at(-3_600_000), end_time: at(60_000), limit: 5, credits_status: 'consume' };
  const items: { video_id: number; credits: number; creation_type: string }[] = [];
  for (let cursor = ''; ; ) {
    const { Resp } = await customer.api.post<{ items: typeof items; next_cursor: string; has_more: boolean }>(path, {
      ...asked,
      cursor,
    });
    items.push(...Resp.items);
    if (!Resp.has_more) break;
    cursor = Resp.next_cursor;
  }
  const { entries } = await creditsOf(platform, customer.accountId);
  const holds = entries.filter(({ kind }) => kind === 'hold');
  expect(items.map(({ video_id }) => video_id).sort()).toEqual(holds.map(({ jobId }) => jobId).sort());
  expect(new Set(items.map(({ creation_type }) => creation_type)).size).toBeGreaterThan(5);
});
