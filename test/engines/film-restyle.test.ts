import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOOKS } from '../../functions/catalogue/styles.ts';
import type { MediaResult } from '../../functions/worker/media/job.ts';
import { Random } from '../../functions/worker/preview/drawing/random.ts';
import { Easel, Steady } from '../../functions/worker/preview/restyle/easel.ts';
import { chooseStyles, STYLES, styleOf } from '../../functions/worker/preview/restyle/restyle.ts';
import type { RestyleSource } from '../../functions/worker/preview/source.ts';
import { distance, framesOf, likeness, makeClip, removeFiles, soundOf } from './film-clips.ts';

const SIZE = { width: 320, height: 180 };
let boat: MediaResult;
let frames: Uint8ClampedArray[];

beforeAll(async () => {
  boat = await makeClip({ kind: 'text', prompt: 'a red boat by a lighthouse at sunset', seed: 5 }, { audio: true });
  frames = await framesOf(boat.videoPath, { ...SIZE, fps: 24 });
}, 60_000);
afterAll(removeFiles);

const restyled = (look: RestyleSource['look'], seed = 1): Promise<MediaResult> =>
  makeClip({ kind: 'restyle', videoPath: boat.videoPath, look, seed }, { audio: true });

const painterOf = (id: number) => styleOf(id).paint(new Easel(SIZE.width, SIZE.height, new Random(1, 'test')));

test('every look differs from the film and from every other look', () => {
  const shown = LOOKS.map(({ id, name }) => {
    const pixels = (frames[8] as Uint8ClampedArray).slice();
    painterOf(id)(pixels, 0);
    return { name, pixels };
  });
  for (const [at, { name, pixels }] of shown.entries()) {
    expect(distance(pixels, frames[8]), name).toBeGreaterThan(7);
    for (const other of shown.slice(at + 1))
      expect(distance(pixels, other.pixels), `${name}, ${other.name}`).toBeGreaterThan(7);
  }
});

test('what stands still in a film stands still in every look, coding noise or not', () => {
  const random = new Random(7, 'noise');
  const noisy = Array.from({ length: 6 }, () =>
    (frames[8] as Uint8ClampedArray).map((value, at) => (at % 4 === 3 ? value : value + random.whole(-3, 3))),
  );
  for (const { id, name } of LOOKS) {
    const paint = painterOf(id);
    const steady = new Steady();
    const shown = noisy.map((frame, index) => {
      const pixels = frame.slice();
      steady.hold(pixels);
      paint(pixels, index);
      return shrunk(pixels);
    });
    expect(distance(shown[5], shown[4]), name).toBeLessThan(2.2);
  }
});

/** Means of 4 x 4 pixels: grain is meant to move, light and outlines are not. */
function shrunk(pixels: Uint8ClampedArray): Uint8ClampedArray {
  const out = new Uint8ClampedArray((SIZE.width / 4) * (SIZE.height / 4));
  for (let at = 0; at < out.length; at++) {
    const x = (at % (SIZE.width / 4)) * 4;
    const y = Math.floor(at / (SIZE.width / 4)) * 4;
    let sum = 0;
    for (let step = 0; step < 16; step++)
      sum += pixels[((y + (step >> 2)) * SIZE.width + x + (step & 3)) * 4 + 1] as number;
    out[at] = sum / 16;
  }
  return out;
}

test('a restyled film has the length, the size and the sound of the film', async () => {
  const made = await restyled({ id: 10 });
  expect(made).toMatchObject({ frames: 24, width: 320, height: 180, hasAudio: true, scene: 'video in style 10' });
  expect(likeness(await soundOf(made.videoPath), await soundOf(boat.videoPath))).toBeGreaterThan(0.85);
  const shown = await framesOf(made.videoPath);
  const pixel = (shown[10] as Uint8ClampedArray).subarray(0, 3);
  expect(Math.max(...pixel) - Math.min(...pixel)).toBeLessThan(14);
});

test('the words choose the look; words of two looks mix them; a colour tints', async () => {
  const named = (prompt: string) =>
    chooseStyles({ prompt }, 1).map(({ id }) => LOOKS.find(look => look.id === id)?.name);
  expect(named('Make it a pencil sketch')).toEqual(['Pencil']);
  expect(named('old vintage film')).toEqual(['Vintage film']);
  for (const { name, words } of LOOKS) expect(named(words)[0], words).toBe(name);
  const mixed = chooseStyles({ prompt: 'a watercolour in film noir' }, 1);
  expect(named('a watercolour in film noir').sort()).toEqual(['Noir', 'Watercolour']);
  expect(mixed.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  const pictures = await Promise.all(
    ['watercolour', 'watercolour, noir', 'noir', 'green noir'].map(
      async prompt => (await framesOf((await restyled({ prompt })).videoPath))[12],
    ),
  );
  for (const [at, picture] of pictures.entries())
    for (const other of pictures.slice(at + 1)) expect(distance(picture, other)).toBeGreaterThan(3);
}, 60_000);

test('words that name no look choose one by seed', () => {
  const drawn = Array.from({ length: 40 }, (_, seed) => chooseStyles({ prompt: 'qwertz' }, seed)[0]?.id);
  expect(new Set(drawn).size).toBeGreaterThan(5);
  expect(chooseStyles({ prompt: 'qwertz' }, 9)).toEqual(chooseStyles({ prompt: 'qwertz' }, 9));
});

test('the looks have numbers and names of their own, and each is painted', () => {
  expect(Object.keys(STYLES).map(Number).toSorted()).toEqual(LOOKS.map(({ id }) => id).toSorted());
  expect(new Set(LOOKS.map(({ id }) => id)).size).toBe(LOOKS.length);
  expect(new Set(LOOKS.map(({ name }) => name)).size).toBe(LOOKS.length);
  expect(LOOKS.length).toBeGreaterThanOrEqual(8);
});
