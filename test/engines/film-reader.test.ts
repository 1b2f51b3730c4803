import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MediaResult } from '../../functions/worker/media/job.ts';
import { probe } from '../../functions/worker/media/probe.ts';
import { openVideo, readAudio } from '../../functions/worker/media/video-reader.ts';
import { distance, failureOf, framesOf, makeClip, removeFiles, repack, root, sineFile, soundOf } from './film-clips.ts';

const SMALL = { width: 160, height: 90, fps: 24 };
const SEA = { kind: 'text', prompt: 'waves at sunset, pan left', seed: 3 } as const;
let sea: MediaResult;

beforeAll(async () => {
  sea = await makeClip(SEA, { audio: true });
}, 60_000);
afterAll(removeFiles);

test('a film is read with its own size, length and frames', async () => {
  const film = await openVideo(sea.videoPath, SMALL);
  const { frames, durationSeconds, width, height } = film;
  await film.close();
  expect({ frames, durationSeconds, width, height }).toEqual({
    frames: 24,
    durationSeconds: 1,
    width: 320,
    height: 180,
  });
});

test('another rate shows the frame that is nearest in time', async () => {
  const slow = await makeClip(SEA, { fps: 12 });
  const frames = await framesOf(slow.videoPath, SMALL);
  expect(frames).toHaveLength(24);
  expect(distance(frames[0], frames[1])).toBe(0);
  expect(distance(frames[1], frames[2])).toBeGreaterThan(0.1);
  const fewer = await framesOf(sea.videoPath, { ...SMALL, fps: 8 });
  const all = await framesOf(sea.videoPath, SMALL);
  expect(fewer).toHaveLength(8);
  expect(distance(fewer[5], all[15])).toBe(0);
});

test('going back shows the same pixels as the first time, and the last frame is the last', async () => {
  const all = await framesOf(sea.videoPath, SMALL);
  const film = await openVideo(sea.videoPath, SMALL);
  expect(distance((await film.lastFrame()).slice(), all[23])).toBe(0);
  expect(distance((await film.readFrame(4)).slice(), all[4])).toBe(0);
  await film.close();
});

test('a film covers the wanted size around its middle', async () => {
  const film = await openVideo(sea.videoPath, { width: 90, height: 90, fps: 24 });
  const square = (await film.readFrame(0)).slice();
  await film.close();
  const [wide] = await framesOf(sea.videoPath, SMALL);
  const middle = new Uint8ClampedArray(90 * 90 * 4);
  for (let y = 0; y < 90; y++) {
    middle.set((wide as Uint8ClampedArray).subarray((y * 160 + 35) * 4, (y * 160 + 125) * 4), y * 90 * 4);
  }
  expect(distance(square, middle)).toBeLessThan(1);
});

test('a film that was held sideways is read upright', async () => {
  const turned = join(root, 'turned.mp4');
  copyFileSync(sea.videoPath, turned);
  const bytes = readFileSync(turned);
  // The matrix of a quarter turn to the right stands 44 bytes behind the name of the track header (ISO/IEC 14496-12, 8.3.2).
  const matrix = bytes.indexOf('tkhd') + 44;
  for (const [at, value] of [0, 0x10000, 0, -0x10000, 0, 0, 180 * 0x10000, 0].entries())
    bytes.writeInt32BE(value, matrix + at * 4);
  writeFileSync(turned, bytes);
  const film = await openVideo(turned, { width: 90, height: 160, fps: 24 });
  expect([film.width, film.height]).toEqual([180, 320]);
  const upright = (await film.readFrame(0)).slice();
  await film.close();
  const [flat] = await framesOf(sea.videoPath, SMALL);
  const expected = new Uint8ClampedArray(upright.length);
  for (let y = 0; y < 160; y++)
    for (let x = 0; x < 90; x++)
      expected.set(
        (flat as Uint8ClampedArray).subarray(((89 - x) * 160 + y) * 4, ((89 - x) * 160 + y) * 4 + 4),
        (y * 90 + x) * 4,
      );
  expect(distance(upright, expected)).toBeLessThan(0.5);
});

test('MOV and Matroska are read as MP4 is', async () => {
  const all = await framesOf(sea.videoPath, SMALL);
  for (const [format, extension] of [
    ['mov', 'mov'],
    ['matroska', 'mkv'],
  ] as const) {
    const frames = await framesOf(await repack(sea.videoPath, format, extension), SMALL);
    expect(frames, format).toHaveLength(24);
    expect(distance(frames[12], all[12]), format).toBe(0);
  }
});

test('the sound of a film is exactly as long as its picture', async () => {
  expect(await soundOf(sea.videoPath)).toHaveLength(48_000);
});

test('recordings are read at any rate, in stereo', async () => {
  const [left, right] = await readAudio(sineFile(440, 0.5, 8_000), 22_050);
  expect(Math.abs(left.length - 11_025)).toBeLessThan(40);
  expect(right).toEqual(left);
  const rises = left.filter((value, at) => value >= 0 && (left[at - 1] ?? 0) < 0).length;
  expect(Math.abs(rises - 220)).toBeLessThan(4);
  for (const [format, extension] of [
    ['ipod', 'm4a'],
    ['adts', 'aac'],
  ] as const) {
    const [heard] = await readAudio(await repack(sea.videoPath, format, extension, 'audio'), 16_000);
    expect(Math.abs(heard.length - 16_000), format).toBeLessThan(800);
  }
});

test('a file without sound, or no sound file, is bad_media', async () => {
  const silent = await makeClip(SEA, { seconds: 0.2 });
  await expect(readAudio(silent.videoPath, 16_000)).rejects.toMatchObject({ code: 'bad_media' });
  await expect(readAudio(import.meta.filename, 16_000)).rejects.toMatchObject({ code: 'bad_media' });
});

test('what cannot be decoded as a film is bad_media in every function that works on one', async () => {
  const write = (name: string, bytes: Buffer | string): string => {
    writeFileSync(join(root, name), bytes);
    return join(root, name);
  };
  const film = readFileSync(sea.videoPath);
  const noise = write('noise.mp4', Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * 7_919) % 251)));
  const cut = write('cut.mp4', film.subarray(0, film.indexOf('mdat')));
  const playlist = write('list.m3u8', `#EXTM3U\n#EXTINF:1,\n${sea.videoPath}\n#EXT-X-ENDLIST\n`);
  const list = write('concat.txt', `ffconcat version 1.0\nfile ${sea.videoPath}\n`);
  for (const path of [noise, cut, playlist, list, sineFile(440, 0.2, 8_000)])
    expect(await failureOf({ kind: 'file', path }), path).toBe('bad_media');
  const videoPath = noise;
  expect(await failureOf({ kind: 'extend', videoPath, videoSeconds: 1, prompt: '', seed: 1 })).toBe('bad_media');
  expect(await failureOf({ kind: 'restyle', videoPath, look: { id: 1 }, seed: 1 })).toBe('bad_media');
  expect(await failureOf({ kind: 'upscale', videoPath })).toBe('bad_media');
  expect(await failureOf({ kind: 'sound_effect', videoPath, prompt: '', seed: 1, keepOriginal: false })).toBe(
    'bad_media',
  );
}, 60_000);

test("another engine's file is scaled, labelled and encoded with its sound", async () => {
  const made = await makeClip(
    { kind: 'file', path: sea.videoPath },
    { width: 480, height: 270, audio: true, label: 'AI-generated', aigc: 'none' },
  );
  const facts = await probe(made.videoPath);
  expect([facts.width, facts.height, facts.frames]).toEqual([480, 270, 24]);
  expect(facts.audio?.durationSeconds).toBeCloseTo(1, 1);
  const [before] = await framesOf(sea.videoPath, SMALL);
  const [after] = await framesOf(made.videoPath, SMALL);
  const part = (frame: Uint8ClampedArray | undefined, top: number, bottom: number) =>
    (frame as Uint8ClampedArray).slice(top * 160 * 4, bottom * 160 * 4);
  expect(distance(part(after, 0, 60), part(before, 0, 60))).toBeLessThan(4);
  expect(distance(part(after, 76, 88), part(before, 76, 88))).toBeGreaterThan(12);
});

test('a file without sound makes a film without a sound track, even where sound is asked for', async () => {
  const silent = await makeClip(SEA, { seconds: 0.2 });
  const made = await makeClip({ kind: 'file', path: silent.videoPath }, { seconds: 0.2, audio: true });
  expect(made.hasAudio).toBe(false);
});
