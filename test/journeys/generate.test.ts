import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../functions/worker/media/probe.ts';
import { SMALL, type Video } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';

let platform: Platform;
let customer: Customer;
let folder: string;

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
  folder = mkdtempSync(join(tmpdir(), 'mutoscope-clips-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
});

/** Downloads by the link alone, as a browser would, and looks into the file. */
async function download({ id, url, size }: Video) {
  const answer = await fetch(url);
  expect(answer.headers.get('content-type')).toBe('video/mp4');
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.length).toBe(size);
  const path = join(folder, `${id}.mp4`);
  writeFileSync(path, bytes);
  return { bytes, facts: await probe(path) };
}

const oneFrame = 1 / 24 + 0.001;

describe('text to video (clause 1.2)', () => {
  it.each([
    { quality: '360p', aspect_ratio: '16:9', duration: 1, width: 640, height: 360 },
    { quality: '540p', aspect_ratio: '9:16', duration: 2, width: 540, height: 960 },
    { quality: '360p', aspect_ratio: '1:1', duration: 3, width: 360, height: 360 },
  ])('gives $duration s at $quality $aspect_ratio as requested, 24 frames a second, faststart, silent', async asked => {
    const { width, height, ...body } = asked;
    const before = await customer.api.balance();
    const submitted = await customer.api.generate({ ...SMALL, ...body });
    expect(submitted).toMatchObject({ status: 200, ErrCode: 0, ErrMsg: 'Success' });
    const { Resp: video } = await customer.api.ended(submitted.Resp.video_id);
    expect(video).toMatchObject({
      status: 1,
      state: 'succeeded',
      outputWidth: width,
      outputHeight: height,
      has_audio: false,
      engine: 'preview',
    });
    const { facts } = await download(video);
    expect(facts).toMatchObject({ width, height, fps: 24, videoCodec: 'h264', faststart: true });
    expect(Math.abs(facts.durationSeconds - asked.duration)).toBeLessThanOrEqual(oneFrame);
    expect(facts.audio).toBeUndefined();
    expect(before - (await customer.api.balance())).toBe(submitted.Resp.credits);
    await creditsOf(platform, customer.accountId);
  });

  it('has sound where it was requested', async () => {
    const { Resp } = await customer.api.generate({ ...SMALL, duration: 2, generate_audio_switch: true });
    const { Resp: video } = await customer.api.ended(Resp.video_id);
    expect(video.has_audio).toBe(true);
    const { facts } = await download(video);
    expect(facts.audio).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 2 });
    expect(Math.abs((facts.audio?.durationSeconds ?? 0) - 2)).toBeLessThanOrEqual(0.05);
  });

  it('gives the same bytes for the same request and seed, and other bytes for another seed', async () => {
    const clip = async (seed: number): Promise<Buffer> => {
      const { Resp } = await customer.api.generate({ ...SMALL, seed });
      const { Resp: video } = await customer.api.ended(Resp.video_id);
      expect(video.seed).toBe(seed);
      return (await download(video)).bytes;
    };
    const first = await clip(7);
    expect((await clip(7)).equals(first)).toBe(true);
    expect((await clip(8)).equals(first)).toBe(false);
  });
});

describe('image to video (clause 1.2)', () => {
  it.each([
    { format: 'png' as const, width: 320, height: 640, outputWidth: 360, outputHeight: 720 },
    { format: 'jpeg' as const, width: 800, height: 600, outputWidth: 480, outputHeight: 360 },
    { format: 'webp' as const, width: 500, height: 500, outputWidth: 360, outputHeight: 360 },
  ])('moves the uploaded $format and keeps its shape', async ({ format, width, height, ...size }) => {
    const uploaded = await customer.api.upload(await picture(width, height, format), `picture.${format}`);
    expect(uploaded).toMatchObject({ ErrCode: 0 });
    expect((await fetch(uploaded.Resp.img_url)).headers.get('content-type')).toBe(`image/${format}`);
    const { aspect_ratio: _, ...body } = { ...SMALL, img_id: uploaded.Resp.img_id };
    const { Resp } = await customer.api.animate(body);
    const { Resp: video } = await customer.api.ended(Resp.video_id);
    expect(video).toMatchObject({ status: 1, ...size });
    expect((await download(video)).facts).toMatchObject({
      width: size.outputWidth,
      height: size.outputHeight,
      fps: 24,
    });
  });

  it('takes the id of an image in quotes, as some clients send it', async () => {
    const { Resp: image } = await customer.api.upload(await picture(64, 64));
    const { aspect_ratio: _, ...body } = { ...SMALL, img_id: String(image.img_id) };
    const submitted = await customer.api.animate(body);
    expect(submitted.ErrCode).toBe(0);
    expect((await customer.api.ended(submitted.Resp.video_id)).Resp.status).toBe(1);
  });

  it('does not see the image of another account', async () => {
    const other = await platform.customer();
    const { Resp: image } = await other.api.upload(await picture(64, 64));
    const { aspect_ratio: _, ...body } = { ...SMALL, img_id: image.img_id };
    const theirs = await customer.api.animate(body);
    const never = await customer.api.animate({ ...body, img_id: 123456789012345 });
    expect(theirs.ErrCode).toBe(400032);
    expect(theirs.ErrMsg.replace(String(image.img_id), 'ID')).toBe(never.ErrMsg.replace('123456789012345', 'ID'));
  });
});

describe('what a finished video says of itself (clauses 3.3.8 and 3.4)', () => {
  it('says that it is AI-generated: in the response, in the image, in the file', async () => {
    const { Resp } = await customer.api.generate({ ...SMALL, prompt: 'a white wall of fog' });
    const reply = await customer.api.ended(Resp.video_id);
    expect(reply.ErrMsg).toContain('AI-generated');
    const { facts } = await download(reply.Resp);
    expect(facts.metadata).toMatchObject({ comment: 'AI-generated by the preview engine' });
    expect(JSON.parse(facts.metadata.AIGC ?? '{}')).toMatchObject({ Label: '1', ContentProducer: 'mutoscope' });
    expect(facts.metadata.DigitalSourceType).toMatch(/\/algorithmicMedia$/);
    const thumbnail = await fetch(reply.Resp.thumbnail_url);
    expect(thumbnail.headers.get('content-type')).toBe('image/jpeg');
  });

  it('is private: without its signature, or with another path, the link opens nothing', async () => {
    const { Resp } = await customer.api.generate();
    const { Resp: video } = await customer.api.ended(Resp.video_id);
    const link = new URL(video.url);
    expect((await fetch(link.origin + link.pathname)).status).toBe(403);
    link.pathname = link.pathname.replace('video.mp4', 'thumbnail.jpg');
    expect((await fetch(link)).status).toBe(403);
  });

  it('is refused to another account as if it never was', async () => {
    const { Resp } = await customer.api.generate();
    const other = await platform.customer();
    const theirs = await other.api.result(Resp.video_id);
    const never = await other.api.result(123456789012345);
    expect(theirs.ErrCode).toBe(500008);
    expect(theirs.ErrMsg.replace(String(Resp.video_id), 'ID')).toBe(never.ErrMsg.replace('123456789012345', 'ID'));
  });
});
