import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PreviewSource } from '../../functions/worker/preview/source.ts';
import {
  differenceWhere,
  disc,
  discAt,
  discOn,
  drawnFilm,
  gradient,
  middleOf,
  psnrWhere,
  RADIUS,
  rightwards,
} from './drawn-films.ts';
import { framesOf, likeness, soundOf } from './film-clips.ts';
import { filmed, opened, place, removeFiles, SIZE } from './picture-frames.ts';

const FRAMES = 24;
const LOOKS = [0, 6, 12, 18, 23] as const;
const OWN = { ...SIZE, fps: 24 };
let film: string;
let own: Uint8ClampedArray[];
let red: string;

beforeAll(async () => {
  film = await drawnFilm('swapped', FRAMES, discOn(rightwards), 440);
  own = await framesOf(film, OWN);
  red = place('red place', 350);
}, 60_000);
afterAll(removeFiles);

const swap = (maskId: string, imagePath = red, videoPath = film): PreviewSource => ({
  kind: 'swap',
  videoPath,
  imagePath,
  maskId,
  keepOriginal: true,
});

test('the picture takes the place of the disc wherever it is, and nothing else changes', async () => {
  const frames = await (await opened(swap('8-1'))).at(...LOOKS);
  for (const [look, index] of LOOKS.entries()) {
    const [made, was] = [frames[look] as Uint8ClampedArray, own[index] as Uint8ClampedArray];
    const at = rightwards(index);
    expect(differenceWhere(made, was, discAt(at, RADIUS - 3), 1), `inside, frame ${index}`).toBeGreaterThan(40);
    expect(psnrWhere(made, was, discAt(at, RADIUS + 5), 0), `outside, frame ${index}`).toBeGreaterThan(42);
    const changed = middleOf(was.length / 4, pixel => Math.abs((made[pixel * 4] ?? 0) - (was[pixel * 4] ?? 0)) > 24);
    expect(Math.hypot(changed.x - at.x, changed.y - at.y), `middle, frame ${index}`).toBeLessThan(8);
  }
});

test('a mask of the key frame is the same one whatever the size of the clip', async () => {
  const size = { width: 640, height: 360 };
  const [made] = await (await opened(swap('8-1'), 1, size)).at(12);
  const [was] = (await framesOf(film, { ...size, fps: 24 })).slice(12);
  const { x, y } = rightwards(12);
  const apart = (at: number, channel: number) =>
    Math.abs((made?.[at * 4 + channel] ?? 0) - (was?.[at * 4 + channel] ?? 0));
  const changed = Array.from({ length: 640 * 360 }, (_, at) => at).filter(
    at => apart(at, 0) + apart(at, 1) + apart(at, 2) > 40,
  );
  const middle = changed.reduce((sum, at) => sum + (at % 640), 0) / changed.length / 2;
  const height = changed.reduce((sum, at) => sum + Math.floor(at / 640), 0) / changed.length / 2;
  expect(Math.hypot(middle - x, height - y)).toBeLessThan(8);
});

test('the background can be swapped too: the disc stays', async () => {
  const [made] = await (await opened(swap('8-2'))).at(12);
  const was = own[12] as Uint8ClampedArray;
  expect(psnrWhere(made as Uint8ClampedArray, was, discAt(rightwards(12), RADIUS - 4), 1)).toBeGreaterThan(30);
  expect(differenceWhere(made as Uint8ClampedArray, was, discAt(rightwards(12), RADIUS + 5), 0)).toBeGreaterThan(20);
});

test('another picture looks different there', async () => {
  const [one] = await (await opened(swap('8-1'))).at(12);
  const [other] = await (await opened(swap('8-1', place('green place', 120)))).at(12);
  const where = discAt(rightwards(12), RADIUS - 4);
  expect(differenceWhere(one as Uint8ClampedArray, other as Uint8ClampedArray, where, 1)).toBeGreaterThan(25);
});

test('the picture is lit as what it replaces: darker in the place of a dark disc', async () => {
  const dark = await drawnFilm('dark', 6, (context, index) => {
    gradient(context, 2);
    disc(context, rightwards(index), '#1c1420');
  });
  const bright = await drawnFilm('bright', 6, discOn(rightwards));
  const luma = async (path: string): Promise<number> => {
    const [frame] = await (await opened(swap('1-1', red, path))).at(3);
    const black = new Uint8ClampedArray(SIZE.width * SIZE.height * 4);
    return differenceWhere(frame as Uint8ClampedArray, black, discAt(rightwards(3), RADIUS - 5), 1);
  };
  expect((await luma(bright)) - (await luma(dark))).toBeGreaterThan(25);
});

test('after a cut nothing is selected any more', async () => {
  const path = await drawnFilm('cut', 8, (context, index) => {
    if (index < 4) return discOn(rightwards)(context, index);
    context.fillStyle = '#f2efe6';
    context.fillRect(0, 0, SIZE.width, SIZE.height);
    disc(context, { x: 240, y: 60 }, '#203040');
  });
  const was = await framesOf(path, OWN);
  const [before, after] = await (await opened(swap('2-1', red, path))).at(2, 6);
  const whole = new Uint8Array(SIZE.width * SIZE.height).fill(1);
  expect(
    differenceWhere(before as Uint8ClampedArray, was[2] as Uint8ClampedArray, discAt(rightwards(2)), 1),
  ).toBeGreaterThan(30);
  expect(psnrWhere(after as Uint8ClampedArray, was[6] as Uint8ClampedArray, whole, 1)).toBeGreaterThan(60);
});

test('the film keeps its sound, or loses it where it is not wanted', async () => {
  const kept = await filmed(swap('8-1'), { audio: true });
  expect(likeness(await soundOf(kept.videoPath), await soundOf(film))).toBeGreaterThan(0.98);
  const silent = await filmed({ ...swap('8-1'), keepOriginal: false } as PreviewSource, {
    audio: true,
    durationSeconds: 0.2,
  });
  expect(silent.hasAudio).toBe(false);
});

test('the same request gives the same bytes', async () => {
  const [one, other] = [
    await filmed(swap('8-1'), { durationSeconds: 0.25 }),
    await filmed(swap('8-1'), { durationSeconds: 0.25 }),
  ];
  expect(one.sha256).toBe(other.sha256);
});

test.each(['8-9', '8-0', 'subject', '8', '1-1-1'])(
  'a mask %s that the film does not have is bad_mask',
  async maskId => {
    await expect(opened(swap(maskId))).rejects.toMatchObject({ code: 'bad_mask' });
  },
);
