/**
 * What the functions of the PixVerse dialect refuse, before anything is charged, and the forms in which they take
 * calls. A platform of its own: its stage trusts a host, and nothing at all may have changed in it.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaFile } from '../support/media-files.ts';
import { picture } from '../support/pictures.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { toneWav } from '../support/recordings.ts';

let platform: Platform;
let customer: Customer;
let recording: number;
let image: number;
const host = createServer((_request, response) => response.end(toneWav(1)));

beforeAll(async () => {
  await new Promise<void>(ready => host.listen(0, '127.0.0.1', ready));
  platform = await Platform.start({ trustedImageHosts: '127.0.0.1' });
  customer = await platform.customer();
  recording = (await customer.api.uploadMedia(toneWav(1), 'voice.wav')).Resp.media_id;
  image = (await customer.api.upload(await picture(64, 64))).Resp.img_id;
});
afterAll(async () => {
  await platform?.stop();
  host.close();
});

const post = (path: string, body: unknown) => customer.api.post(`/openapi/v2/${path}`, body);

/** Refused with this code and these words; the ledger and the jobs table stay as they were. */
async function refused(path: string, body: unknown, ErrCode: number, words: string): Promise<void> {
  const world = async () => [await platform.everything('Ledger'), await platform.everything('Jobs')];
  const before = await world();
  const reply = await post(path, body);
  expect(reply).toMatchObject({ status: 200, ErrCode, Resp: null, ErrMsg: expect.stringContaining(words) });
  expect(await world()).toEqual(before);
}

describe('a call that refers to what is not there is refused by its member, and nothing is charged (clause 3.1)', () => {
  const clip = { prompt: 'a boat', model: 'v6', duration: 1, quality: '360p' };

  it.each<[string, object, number, string]>([
    [
      'video/transition/generate',
      { ...clip, first_frame_img: 1, last_frame_img: 2 },
      400032,
      'is not an image of this account',
    ],
    ['video/extend/generate', { ...clip, source_video_id: 7 }, 400017, 'source_video_id 7 not found'],
    ['video/sound_effect/generate', { video_media_id: '8' }, 400017, 'video_media_id 8 not found'],
    ['video/restyle/generate', { source_video_id: 7, restyle_id: 1 }, 400017, 'source_video_id 7 not found'],
    ['video/upscale/generate', { source_video_id: 7 }, 400017, 'source_video_id 7 not found'],
    ['video/mask/selection', { source_video_id: 7 }, 400017, 'source_video_id 7 not found'],
    ['video/lip_sync/generate', { source_video_id: 7 }, 400017, 'source_video_id 7 not found'],
    ['video/avatar/generate', { img_id: 1, quality: '360p', audio_media_id: 9 }, 400017, 'audio_media_id 9 not found'],
    ['audio/verification', { audio_media_id: 9 }, 400017, 'audio_media_id 9 not found'],
    ['video/tts_speaker', { name: 'x', audio_media_id: 9 }, 400017, 'audio_media_id 9 not found'],
    ['image/template/generate', { img_ids: [1], template_id: 1 }, 400017, 'template_id'],
    ['video/agent/generate', { agent_id: '414562414124109' }, 400017, 'not offered'],
    ['video/music_mv_agent/generate', {}, 400017, 'not offered'],
  ])('%s', refused);

  it('audio where a video is required', async () => {
    const body = { video_media_id: recording, restyle_id: 1 };
    await refused('video/restyle/generate', body, 400017, `video_media_id ${recording} is audio: it must be video`);
  });

  it("another account's audio and speaker, as if they had never been", async () => {
    const other = await platform.customer();
    const { Resp } = await other.api.post<{ speaker_id: string }>('/openapi/v2/video/tts_speaker', {
      name: 'theirs',
      audio_media_id: (await other.api.uploadMedia(toneWav(1), 'a.wav')).Resp.media_id,
    });
    const spoken = { lip_sync_tts_content: 'hello', lip_sync_tts_speaker_id: Resp.speaker_id };
    const avatar = { img_id: image, quality: '360p' };
    await refused('video/avatar/generate', { ...avatar, ...spoken }, 400017, 'is no speaker');
    const theirs = await customer.api.send('DELETE', `/openapi/v2/video/tts_speaker/${Resp.speaker_id}`);
    expect(theirs).toMatchObject({ ErrCode: 500008 });
    expect(await customer.api.send('DELETE', '/openapi/v2/video/tts_speaker/3')).toMatchObject({ ErrCode: 400017 });
  });
});

describe('media', () => {
  const path = '/openapi/v2/media/upload';
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it('come as multipart, urlencoded or JSON, and say what they are', async () => {
    const file_url = `http://127.0.0.1:${(host.address() as AddressInfo).port}/voice.wav`;
    const audio = { media_type: 'audio', duration: 1, has_audio: true, media_id: expect.any(Number) };
    const multipart = new FormData();
    multipart.set('file_url', file_url);
    const replies = [
      await customer.api.post(path, { file_url, media_type: 'audio' }),
      await customer.api.send('POST', path, new URLSearchParams({ file_url }).toString(), form),
      await customer.api.send('POST', path, multipart),
      await customer.api.uploadMedia(toneWav(1), 'voice.mp4'),
    ];
    for (const reply of replies) expect(reply).toMatchObject({ ErrCode: 0, Resp: audio });
    expect((await fetch(String(replies[0]?.Resp.url))).headers.get('content-type')).toBe('audio/wav');
    expect(await post('audio/verification', { audio_media_id: recording })).toMatchObject({ ErrCode: 0, Resp: {} });
  });

  it.each<[string, object, number, string]>([
    ['nothing', {}, 400011, 'file is required'],
    ['a URL that points inside', { file_url: 'http://169.254.169.254/a.mp4' }, 400017, 'file_url cannot be fetched'],
    ['a file that is words', { file: 'words' }, 400013, 'file must be a file part'],
  ])('are refused: %s', (_name, body, code, words) => refused('media/upload', body, code, words));

  it('are refused in time where a damaged file keeps its reader for ever', async () => {
    const whole = await mediaFile({ container: 'webm', seconds: 1 });
    const reply = await customer.api.uploadMedia(whole.subarray(0, 264), 'cut.webm');
    expect(reply).toMatchObject({ status: 200, ErrCode: 400017, ErrMsg: expect.stringContaining('damaged') });
    expect((await customer.api.uploadMedia(toneWav(1), 'next.wav')).ErrCode).toBe(0);
  });

  it('are refused by their bytes, whatever their name', async () => {
    const reply = await customer.api.uploadMedia(await picture(64, 64), 'clip.mp4');
    expect(reply).toMatchObject({ ErrCode: 400017, ErrMsg: expect.stringContaining('file must be mp4') });
  });
});

describe('lists', () => {
  interface List {
    readonly total: number;
    readonly data: readonly Record<string, unknown>[];
  }
  const list = (path: string) => customer.api.send<List>('GET', `/openapi/v2/video/${path}`);

  it('have the fifteen speakers, whole or by page', async () => {
    const { Resp } = await list('lip_sync/tts_list');
    expect([Resp.total, Resp.data[0], Resp.data[14]]).toEqual([
      15,
      { speaker_id: '1', name: 'Emily' },
      { speaker_id: 'Auto', name: 'Auto' },
    ]);
    const { Resp: second } = await list('lip_sync/tts_list?page_num=2&page_size=10');
    expect([second.total, second.data.length]).toEqual([15, 5]);
    expect((await list('tts_speaker?speaker_type=system&page_size=10')).Resp.data).toHaveLength(10);
    expect(await list('tts_speaker?speaker_type=robots')).toMatchObject({ ErrCode: 400017 });
    expect(await list('tts_speaker?page_size=-1')).toMatchObject({ ErrCode: 400017 });
  });

  it('have styles and templates that can be used', async () => {
    const { Resp } = await list('restyle/list?page_num=1&page_size=3');
    expect(Resp.data.map(({ restyle_id }) => restyle_id)).toEqual([1, 2, 3]);
    const effects = await customer.api.send<{ effect_items: { type: number }[] }>(
      'GET',
      '/openapi/v2/video/effects/templates/list?type=2&page=1&pageSize=10',
    );
    expect(effects.Resp.effect_items.length).toBeGreaterThan(0);
    expect(new Set(effects.Resp.effect_items.map(({ type }) => type))).toEqual(new Set([2]));
  });
});

it('a created job says its credits in both spellings, and a repeated trace gives it again for one charge', async () => {
  const body = { img_id: image, quality: '360p', audio_media_id: String(recording) };
  const trace = { 'Ai-trace-id': crypto.randomUUID() };
  const before = await customer.api.balance();
  const first = await customer.api.post('/openapi/v2/video/avatar/generate', body, trace);
  expect(first).toMatchObject({ ErrCode: 0, Resp: { video_id: expect.any(Number), credits: 9, credit: 9 } });
  const again = await customer.api.post('/openapi/v2/video/avatar/generate', body, trace);
  expect(again.Resp).toEqual(first.Resp);
  expect(before - (await customer.api.balance())).toBe(9);
});
