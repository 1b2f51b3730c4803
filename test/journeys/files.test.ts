/** Files as people have them, from upload to a probed video, and what they are charged for. */
import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probe } from '../../functions/worker/media/probe.ts';
import { repack, root } from '../engines/film-clips.ts';
import { held } from '../rules/sample-images.ts';
import { SMALL } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { cutScan } from '../support/cut-images.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { silentMp3 } from '../support/recordings.ts';

let platform: Platform;
let customer: Customer;

beforeAll(async () => {
  platform = await Platform.shared();
  customer = await platform.customer();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function fetched(url: string, name: string): Promise<string> {
  const path = join(root, name);
  writeFileSync(path, Buffer.from(await (await fetch(url)).arrayBuffer()));
  return path;
}

const CLIP = { prompt: 'calm', model: 'v6', duration: 1, quality: '360p' };

it.each(['png', 'webp'] as const)(
  'a picture that was held on its side makes a video that lies as it is seen: %s',
  async format => {
    const { api } = customer;
    const bytes = held(await picture(120, 180, format), { width: 120, height: 180 }, 6, 'II');
    const { img_id } = (await api.upload(bytes)).Resp;
    const { Resp: made } = await api.ended((await api.animate({ ...CLIP, img_id })).Resp.video_id);
    expect(made, made.failure).toMatchObject({ status: 1, outputWidth: 540, outputHeight: 360 });
  },
);

it('a JPEG whose scan ends too early makes no video, and its credits are given back', async () => {
  const { api, accountId } = await platform.customer();
  const { img_id } = (await api.upload(cutScan(await picture(320, 180, 'jpeg'), 0.4))).Resp;
  const { Resp: made } = await api.ended((await api.animate({ ...CLIP, img_id })).Resp.video_id);
  expect(made).toMatchObject({ status: 8, failure: 'the image could not be decoded; its credits were given back' });
  expect((await creditsOf(platform, accountId)).account).toMatchObject({ available: 100_000, held: 0, running: 0 });
});

it('a film whose clock begins at ten seconds is as long, and costs as much, as what it shows; a recording with a cover is heard in it', async () => {
  const { api } = customer;
  const { Resp: first } = await api.ended((await api.generate(SMALL)).Resp.video_id);
  const late = await repack(await fetched(first.url, 'first.mp4'), 'mp4', 'mp4', undefined, 10);
  const { Resp: film } = await api.uploadMedia(await readFile(late), 'late.mp4');
  expect(film).toMatchObject({ media_type: 'video', duration: 1 });
  const cover = await picture(64, 64, 'jpeg');
  const { Resp: voice } = await api.uploadMedia(silentMp3(38, cover), 'voice.mp3');
  expect(voice).toMatchObject({ media_type: 'audio', duration: expect.closeTo(1, 1) });
  const effect = { video_media_id: film.media_id, prompt: 'rain' };
  const priced = await api.post<{ credits: number }>('/openapi/v2/video/sound_effect/generate', effect);
  expect(priced.Resp.credits).toBe(10);
  const spoken = { video_media_id: film.media_id, audio_media_id: voice.media_id };
  const { Resp: sent } = await api.post<{ video_id: number }>('/openapi/v2/video/lip_sync/generate', spoken);
  const { Resp: made } = await api.ended(sent.video_id);
  expect(made, made.failure).toMatchObject({ status: 1 });
  const { durationSeconds, audio } = await probe(await fetched(made.url, 'spoken.mp4'));
  expect(durationSeconds).toBeCloseTo(1, 1);
  expect(audio).toBeDefined();
});
