import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MaskFile } from '../../functions/worker/media/frame-source.ts';
import type { MediaResult } from '../../functions/worker/media/job.ts';
import { disc, discAt, discOn, drawnFilm, gradient, type Point, psnrWhere, rightwards } from './drawn-films.ts';
import { framesOf, removeFiles } from './film-clips.ts';
import { filmed, root, SIZE } from './picture-frames.ts';

const NAMES = /^(subject|object [1-4]|background|sky|ground|(upper|lower) background|middle)$/;
let moving: string;

beforeAll(async () => {
  moving = await drawnFilm('moving', 24, discOn(rightwards));
}, 60_000);
afterAll(removeFiles);

const select = (videoPath: string, keyframe: number): Promise<MediaResult> =>
  filmed({ kind: 'mask_selection', videoPath, keyframe }, { durationSeconds: 1 / 24 });

/** 1 where the mask is white, 0 where it is black; it has nothing between, and the key frame's size. */
async function readMask({ masks = [] }: MediaResult, name: string): Promise<Uint8Array> {
  const mask = masks.find(found => found.name === name) as MaskFile;
  const { data, info } = await sharp(mask.path).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect({ width: info.width, height: info.height }).toEqual(SIZE);
  expect(data.every(value => value === 0 || value === 255)).toBe(true);
  return Uint8Array.from(data, value => (value === 255 ? 1 : 0));
}

/** What both cover over what either covers. */
function overlap(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0];
  for (let at = 0; at < a.length; at++) {
    both += (a[at] as number) & (b[at] as number);
    either += (a[at] as number) | (b[at] as number);
  }
  return both / either;
}

const namesOf = ({ masks = [] }: MediaResult): string[] => masks.map(({ name }) => name);

test.each([1, 9, 24])(
  'the mask `subject` of key frame %i covers the disc where it is in that frame',
  async keyframe => {
    const found = await select(moving, keyframe);
    expect(overlap(await readMask(found, 'subject'), discAt(rightwards(keyframe - 1)))).toBeGreaterThan(0.88);
    expect(overlap(await readMask(found, 'subject'), discAt(rightwards((keyframe + 11) % 24)))).toBeLessThan(0.5);
  },
);

test('`background` is what no thing covers', async () => {
  const found = await select(moving, 9);
  const [subject, background] = [await readMask(found, 'subject'), await readMask(found, 'background')];
  const rim = subject.filter((value, at) => value === background[at]).length;
  expect(rim).toBeLessThan(subject.length * 0.004);
});

test('masks are called by the key frame and a number, both from 1, and by names that claim nothing', async () => {
  const found = await select(moving, 9);
  expect(found.masks?.map(({ maskId }) => maskId)).toEqual(found.masks?.map((_, index) => `9-${index + 1}`));
  for (const name of namesOf(found)) expect(name).toMatch(NAMES);
  expect(new Set(namesOf(found)).size).toBe(namesOf(found).length);
});

test('key frame 0 counts as 1, and one beyond the end as the last', async () => {
  expect((await select(moving, 0)).masks?.[0]?.maskId).toBe('1-1');
  expect((await select(moving, 900)).masks?.[0]?.maskId).toBe('24-1');
});

test('a film with a sky and a ground has masks for both, and they are where it says', async () => {
  const path = await drawnFilm('landscape', 2, context => {
    gradient(context);
    context.fillStyle = '#8ec4ee';
    context.fillRect(0, 0, SIZE.width, 96);
    for (let stone = 0; stone < 600; stone++) {
      context.fillStyle = `hsl(30 30% ${18 + (stone % 4) * 4}%)`;
      context.fillRect((stone * 53) % SIZE.width, 96 + ((stone * 29) % 90), 14, 9);
    }
    disc(context, { x: 210, y: 84 }, '#d8343f', 22);
  });
  const found = await select(path, 1);
  expect(namesOf(found)).toEqual(expect.arrayContaining(['subject', 'background', 'sky', 'ground']));
  expect(namesOf(found).length).toBeLessThanOrEqual(5);
  const half = (above: boolean) =>
    Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) => (at < SIZE.width * 96 === above ? 1 : 0));
  expect(overlap(await readMask(found, 'sky'), half(true))).toBeGreaterThan(0.8);
  expect(overlap(await readMask(found, 'ground'), half(false))).toBeGreaterThan(0.75);
  expect(overlap(await readMask(found, 'subject'), discAt({ x: 210, y: 84 }, 22))).toBeGreaterThan(0.8);
});

test('two things are a subject and an object, the larger one nearer to the middle first', async () => {
  const [large, little]: Point[] = [
    { x: 130, y: 90 },
    { x: 265, y: 60 },
  ];
  const path = await drawnFilm('two', 2, context => {
    gradient(context);
    disc(context, large as Point);
    disc(context, little as Point, '#f4a4c8', 18);
  });
  const found = await select(path, 1);
  expect(overlap(await readMask(found, 'subject'), discAt(large as Point))).toBeGreaterThan(0.85);
  expect(overlap(await readMask(found, 'object 1'), discAt(little as Point, 18))).toBeGreaterThan(0.7);
});

test('an even film has a middle and a background', async () => {
  const found = await select(await drawnFilm('even', 2, context => gradient(context)), 1);
  expect(namesOf(found)).toEqual(['middle', 'background']);
});

test('the same film gives the same masks byte for byte, another film others', async () => {
  const bytes = ({ masks = [] }: MediaResult) => masks.map(({ path }) => readFileSync(path).toString('base64'));
  expect(bytes(await select(moving, 9))).toEqual(bytes(await select(moving, 9)));
  const other = await drawnFilm(
    'other',
    10,
    discOn(index => ({ x: 220 - index, y: 70 })),
  );
  expect(bytes(await select(other, 9))).not.toEqual(bytes(await select(moving, 9)));
});

test('the clip is the key frame alone, as it is in the film and without a label', async () => {
  const found = await select(moving, 9);
  expect(found).toMatchObject({ frames: 1, hasAudio: false });
  const keyFrame = (await framesOf(moving, { ...SIZE, fps: 24 }))[8] as Uint8ClampedArray;
  const everywhere = new Uint8Array(SIZE.width * SIZE.height).fill(1);
  const picture = new Uint8ClampedArray(await sharp(found.thumbnailPath).ensureAlpha().raw().toBuffer());
  expect(psnrWhere(picture, keyFrame, everywhere, 1)).toBeGreaterThan(32);
});

test('what is no film is bad_media', async () => {
  const path = join(root, 'no film');
  writeFileSync(path, 'not at all');
  await expect(select(path, 1)).rejects.toMatchObject({ code: 'bad_media' });
});
