import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MediaResult } from '../../functions/worker/media/job.ts';
import type { ExtendSource } from '../../functions/worker/preview/source.ts';
import { distance, framesOf, loudness, makeClip, removeFiles, soundOf } from './film-clips.ts';

const LABEL = 'AI-generated';
let sea: MediaResult;
let seaFrames: Uint8ClampedArray[];

const extension = (prompt: string, seed = 3): ExtendSource => ({
  kind: 'extend',
  videoPath: sea.videoPath,
  videoSeconds: 1,
  prompt,
  seed,
});
const extended = (prompt: string, seed = 3, label = LABEL): Promise<MediaResult> =>
  makeClip(extension(prompt, seed), { seconds: 2, audio: true, label });

beforeAll(async () => {
  sea = await makeClip(
    { kind: 'text', prompt: 'a boat on the sea at sunset, pan left', seed: 3 },
    { audio: true, label: LABEL },
  );
  seaFrames = await framesOf(sea.videoPath);
}, 60_000);
afterAll(removeFiles);

test('an extended film is the film, frame for frame, and then as much as was asked for', async () => {
  const frames = await framesOf((await extended('snow')).videoPath);
  expect(frames).toHaveLength(48);
  for (const index of [0, 11, 23]) expect(distance(frames[index], seaFrames[index])).toBeLessThan(2.5);
});

test('nothing jumps where the film ends', async () => {
  for (const prompt of ['more of the same', 'pan right, snow', 'zoom out, night', 'crane up, storm, waves']) {
    const frames = await framesOf((await extended(prompt)).videoPath);
    const steps = frames.slice(1).map((frame, at) => distance(frame, frames[at]));
    const around = Math.max(...steps.slice(12, 22));
    // From frame 23, the film's last, to frame 24, the first of the extension.
    expect(steps[23], prompt).toBeLessThan(around * 1.5 + 0.5);
  }
}, 60_000);

test('the words and the seed decide what comes after the film, and never what was before', async () => {
  const [snow, night, again, otherSeed, otherWords] = await Promise.all(
    (
      [
        ['snow, pan right', 3],
        ['night', 3],
        ['snow, pan right', 3],
        ['brrm', 4],
        ['brrm', 3],
      ] as const
    ).map(async ([prompt, seed]) => framesOf((await extended(prompt, seed)).videoPath)),
  );
  expect(distance(snow?.[20], night?.[20])).toBeLessThan(1.5);
  expect(distance(snow?.[47], night?.[47])).toBeGreaterThan(15);
  expect(distance(snow?.[47], again?.[47])).toBe(0);
  expect(distance(otherSeed?.[47], otherWords?.[47])).toBeGreaterThan(1);
  // Something moves after the seam, whatever the words.
  expect(distance(otherWords?.[47], otherWords?.[24])).toBeGreaterThan(2);
}, 60_000);

test('the sound goes on past the end of the film', async () => {
  const sound = await soundOf((await extended('')).videoPath);
  expect(sound).toHaveLength(96_000);
  const before = loudness(sound, 0.4, 0.7);
  expect(loudness(sound, 0.9, 1.1)).toBeGreaterThan(before * 0.4);
  expect(loudness(sound, 1.1, 1.6)).toBeGreaterThan(before * 0.4);
  const rain = await soundOf((await extended('heavy rain')).videoPath);
  expect(Math.abs(loudness(rain, 0.2, 0.5) / loudness(sound, 0.2, 0.5) - 1)).toBeLessThan(0.3);
}, 60_000);

test("our label stays where it is while the film's last frame moves under it", async () => {
  const size = { width: 320, height: 180, fps: 24 };
  const frames = await framesOf((await extended('zoom in')).videoPath, size);
  const own = await framesOf(sea.videoPath, size);
  const [first] = own;
  let letters = 0;
  let lost = 0;
  for (let at = 0; at < (first as Uint8ClampedArray).length; at += 4) {
    const low = Math.floor(at / 4 / 320) > 145;
    const white = own.every(
      frame => Math.min(frame[at] as number, frame[at + 1] as number, frame[at + 2] as number) > 225,
    );
    if (!low || !white) continue;
    letters++;
    if ((frames[47]?.[at + 2] ?? 0) < 190) lost++;
  }
  expect(letters).toBeGreaterThan(60);
  expect(lost / letters).toBeLessThan(0.03);
});
