import { afterAll, describe, expect, test } from 'vitest';
import { openImage } from '../../functions/worker/media/open-image.ts';
import { probe } from '../../functions/worker/media/probe.ts';
import { openVideo } from '../../functions/worker/media/video-reader.ts';
import type { TransitionSource } from '../../functions/worker/preview/source.ts';
import { difference, drawn, filmed, opened, place, psnr, removeFiles, SIZE } from './picture-frames.ts';

afterAll(removeFiles);

const BLUE = place('blue', 210);
const RED = place('red', 0);
const GREEN = place('green', 120);

const between = (
  imagePaths: string[],
  prompts: string[],
  change: Partial<TransitionSource> = {},
): TransitionSource => ({
  kind: 'transition',
  imagePaths,
  legs: prompts.map(prompt => ({ seconds: 1, prompt })),
  seed: 4,
  ...change,
});

/** The picture as it covers the frame, RGBA. */
async function covering(path: string): Promise<Uint8ClampedArray> {
  const { pixels } = await openImage(path, SIZE.width, SIZE.height);
  return new Uint8ClampedArray(pixels.buffer);
}

const KINDS = [
  ['dissolve', 'one morphs into the other'],
  ['iris', 'an iris opens on it'],
  ['whip', 'a whip pan to the left'],
  ['zoomThrough', 'we fly through a portal'],
] as const;

describe('a transition between two images', () => {
  test.each(KINDS)(
    'as %s, asked for in words, begins and ends exactly on them and moves in every frame',
    async (kind, prompt) => {
      const film = await opened(between([BLUE, RED], [prompt]));
      expect(film.scene).toBe(kind);
      const frames = await film.at(...Array.from({ length: 24 }, (_, index) => index));
      expect(difference(frames[0], await covering(BLUE))).toBe(0);
      expect(difference(frames[23], await covering(RED))).toBe(0);
      const steps = frames.slice(1).map((frame, index) => difference(frame, frames[index]));
      expect(Math.min(...steps)).toBeGreaterThan(0.01);
      // Smooth: no frame jumps by more than half of what lies between the pictures.
      expect(Math.max(...steps)).toBeLessThan(difference(frames[0], frames[23]) * 0.5);
    },
  );

  test('is, filmed, as long as asked for, and its first and last frames are the images', async () => {
    const made = await filmed(between([BLUE, RED], ['one morphs into the other']), {
      durationSeconds: 1.5,
      audio: true,
    });
    expect(await probe(made.videoPath)).toMatchObject({ frames: 36, fps: 24, durationSeconds: 1.5 });
    expect(made.hasAudio).toBe(true);
    const reader = await openVideo(made.videoPath, { ...SIZE, fps: 24 });
    // The label stands in the lowest part.
    expect(psnr(await reader.readFrame(0), await covering(BLUE), 0.7)).toBeGreaterThan(32);
    expect(psnr(await reader.lastFrame(), await covering(RED), 0.7)).toBeGreaterThan(32);
    await reader.close();
  });

  test('depends on each image, and on the prompt in between', async () => {
    const at = async (source: TransitionSource) => (await opened(source)).at(0, 12, 23);
    const [first, middle, last] = await at(between([BLUE, RED], ['morph']));
    const [first2, middle2, last2] = await at(between([BLUE, GREEN], ['morph']));
    expect(difference(first, first2)).toBe(0);
    expect(difference(middle, middle2)).toBeGreaterThan(5);
    expect(difference(last, last2)).toBeGreaterThan(20);
    const [first3, middle3, last3] = await at(between([GREEN, RED], ['morph']));
    expect(difference(first, first3)).toBeGreaterThan(20);
    expect(difference(middle, middle3)).toBeGreaterThan(5);
    expect(difference(last, last3)).toBe(0);
    const [first4, middle4, last4] = await at(between([BLUE, RED], ['morph slowly']));
    expect(difference(first, first4)).toBe(0);
    expect(difference(middle, middle4)).toBeGreaterThan(0.5);
    expect(difference(last, last4)).toBe(0);
  });

  test('is the same for the same seed; where the words say nothing the seed draws the kind', async () => {
    const source = between([BLUE, RED], ['hello']);
    const [one, again] = [await opened(source), await opened(source)];
    expect(difference((await one.at(10))[0], (await again.at(10))[0])).toBe(0);
    const kinds = new Set<string>();
    for (let seed = 0; seed < 12; seed++)
      kinds.add((await opened({ ...source, seed }, 1, { width: 64, height: 36 })).scene);
    expect(kinds.size).toBeGreaterThan(3);
  });

  test('bends a straight edge and never tears it', async () => {
    const half = (name: string) =>
      drawn(name, context => {
        context.fillStyle = '#fff';
        context.fillRect(0, 0, 640, 360);
        context.fillStyle = '#000';
        context.fillRect(0, 0, 320, 360);
      });
    const film = await opened(between([half('half a'), half('half b')], ['morph']));
    for (const frame of await film.at(6, 10, 12, 16)) {
      const edges = Array.from({ length: SIZE.height }, (_, y) => {
        let x = SIZE.width - 1;
        while (x > 0 && (frame[(y * SIZE.width + x) * 4] ?? 0) > 127) x--;
        return x;
      });
      const jumps = edges.slice(1).map((x, row) => Math.abs(x - (edges[row] ?? 0)));
      expect(Math.max(...jumps)).toBeLessThanOrEqual(2);
    }
  });

  test('sounds of its place, and a rush of air where the pictures change', async () => {
    const film = await opened(between([BLUE, RED], ['a whip pan']));
    const [left] = await film.sound(48_000);
    // What changes from sample to sample: air does, a chord hardly.
    const hiss = left.slice(1).map((value, at) => value - (left[at] ?? 0));
    const loud = (from: number, to: number) => Math.hypot(...hiss.subarray(from, to)) / Math.sqrt(to - from);
    expect(loud(20_000, 28_000)).toBeGreaterThan(4 * loud(2_000, 10_000));
    expect(loud(2_000, 10_000)).toBeGreaterThan(0);
    expect(Math.max(...left)).toBeLessThanOrEqual(1);
  });
});

describe('a chain of transitions', () => {
  const whipping = { seconds: 1, prompt: 'a whip pan' };
  const source = between([BLUE, RED, GREEN], [], { legs: [whipping, { seconds: 2, prompt: 'an iris opens' }] });

  test('gives every part its own seconds and meets each image exactly', async () => {
    const film = await opened(source, 3);
    expect(film.scene).toBe('whip+iris');
    const [first, meeting, last] = await film.at(0, 24, 71);
    expect(difference(first, await covering(BLUE))).toBe(0);
    expect(difference(meeting, await covering(RED))).toBe(0);
    expect(difference(last, await covering(GREEN))).toBe(0);
    const made = await filmed(source, { durationSeconds: 3 });
    expect((await probe(made.videoPath)).frames).toBe(72);
  });

  test("changes nothing in one part when another's words change", async () => {
    const other = { ...source, legs: [whipping, { seconds: 2, prompt: 'we fly through a portal' }] };
    const [a, b] = [await opened(source, 3), await opened(other, 3)];
    const [[a1, a2], [b1, b2]] = [await a.at(12, 48), await b.at(12, 48)];
    expect(difference(a1, b1)).toBe(0);
    expect(difference(a2, b2)).toBeGreaterThan(3);
  });

  test('runs through seven images', async () => {
    const paths = Array.from({ length: 7 }, (_, index) => place(`seven ${index}`, index * 50));
    const film = await opened(between(paths, Array<string>(6).fill('')), 6);
    const meetings = Array.from({ length: 7 }, (_, index) => Math.round((index / 6) * 143));
    const frames = await film.at(...meetings);
    for (const [index, path] of paths.entries()) expect(difference(frames[index], await covering(path))).toBe(0);
  });
});
