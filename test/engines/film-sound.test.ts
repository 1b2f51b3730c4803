import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MediaResult } from '../../functions/worker/media/job.ts';
import { Random } from '../../functions/worker/preview/drawing/random.ts';
import { ALL_VOICES, askedVoices, playScore } from '../../functions/worker/preview/sound/score.ts';
import type { SoundEffectSource } from '../../functions/worker/preview/source.ts';
import { distance, framesOf, likeness, loudness, makeClip, removeFiles, soundOf } from './film-clips.ts';

const LABEL = 'AI-generated';
let sea: MediaResult;
let wood: MediaResult;

beforeAll(async () => {
  sea = await makeClip({ kind: 'text', prompt: 'blue sea waves at noon', seed: 3 }, { audio: true, label: LABEL });
  wood = await makeClip({ kind: 'text', prompt: 'a green forest at night', seed: 3 }, { audio: true, label: LABEL });
}, 60_000);
afterAll(removeFiles);

function sounded(film: MediaResult, change: Partial<SoundEffectSource> = {}): Promise<MediaResult> {
  const source = {
    kind: 'sound_effect',
    videoPath: film.videoPath,
    prompt: '',
    seed: 1,
    keepOriginal: false,
    ...change,
  } as const;
  return makeClip(source, { audio: true, label: LABEL });
}

const heard = async (film: MediaResult, change: Partial<SoundEffectSource> = {}): Promise<Float32Array> =>
  soundOf((await sounded(film, change)).videoPath);

test('the picture stays as it was, its label once', async () => {
  const before = await framesOf(sea.videoPath, { width: 320, height: 180, fps: 24 });
  const after = await framesOf((await sounded(sea)).videoPath, { width: 320, height: 180, fps: 24 });
  expect(after).toHaveLength(before.length);
  expect(distance(after[12], before[12])).toBeLessThan(2.5);
  // A second pill over the first would be darker by half.
  const pill = (frame: Uint8ClampedArray | undefined) =>
    (frame as Uint8ClampedArray).slice((165 * 320 + 200) * 4, (165 * 320 + 310) * 4);
  expect(distance(pill(after[12]), pill(before[12]))).toBeLessThan(8);
});

test('the words, the seed and, without words, the picture decide what is heard', async () => {
  const [bells, steps, seed, byPicture, byOther] = await Promise.all([
    heard(sea, { prompt: 'church bells' }),
    heard(sea, { prompt: 'footsteps' }),
    heard(sea, { prompt: 'church bells', seed: 2 }),
    heard(sea),
    heard(wood),
  ]);
  for (const sound of [bells, steps, seed, byPicture, byOther]) expect(loudness(sound, 0.1, 0.9)).toBeGreaterThan(0.01);
  expect(Math.abs(likeness(bells, steps))).toBeLessThan(0.3);
  expect(Math.abs(likeness(bells, seed))).toBeLessThan(0.6);
  expect(likeness(byPicture, byOther)).toBeLessThan(0.9);
}, 60_000);

test("the film's own sound is kept only when that is asked for", async () => {
  const own = await soundOf(sea.videoPath);
  expect(likeness(await heard(sea, { prompt: 'church bells', keepOriginal: true }), own)).toBeGreaterThan(0.5);
  expect(Math.abs(likeness(await heard(sea, { prompt: 'church bells' }), own))).toBeLessThan(0.2);
});

test('words lay sounds over any other clip', async () => {
  const clip = { kind: 'text', prompt: 'blue sea waves at noon', seed: 3 } as const;
  const made = await makeClip({ kind: 'effects_over', clip, prompt: 'bells', seed: 1 }, { audio: true, label: LABEL });
  const own = await soundOf(sea.videoPath);
  const sound = await soundOf(made.videoPath);
  expect(likeness(sound, own)).toBeLessThan(0.9);
  expect(distance((await framesOf(made.videoPath))[5], (await framesOf(sea.videoPath))[5])).toBe(0);
});

test('every voice has a word, is heard, and sounds like no other', () => {
  const tapes = Object.keys(ALL_VOICES).map(voice => {
    const [left] = playScore({ [voice]: 0.9 }, new Random(1, 'test'), { rate: 16_000, samples: 32_000, fade: 0.1 });
    return { voice, left };
  });
  for (const [at, { voice, left }] of tapes.entries()) {
    expect(
      left.some(value => Math.abs(value) > 0.1),
      voice,
    ).toBe(true);
    for (const other of tapes.slice(at + 1))
      expect(Math.abs(likeness(left, other.left)), `${voice}, ${other.voice}`).toBeLessThan(0.7);
  }
  const words = 'rain wind waves city birds fire footsteps bells engine crowd thunder';
  for (const word of words.split(' ')) expect(Object.keys(askedVoices(word)), word).toContain(word);
  expect(askedVoices('no rain')).toEqual({});
});
