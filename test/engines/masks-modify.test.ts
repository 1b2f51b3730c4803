import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PreviewSource } from '../../functions/worker/preview/source.ts';
import {
  differenceWhere,
  disc,
  discAt,
  discOn,
  drawnFilm,
  gradient,
  type Point,
  psnrWhere,
  RADIUS,
  rightwards,
} from './drawn-films.ts';
import { framesOf, likeness, soundOf } from './film-clips.ts';
import { filmed, opened, removeFiles, SIZE, thing } from './picture-frames.ts';

type Frame = Uint8ClampedArray;
const OWN = { ...SIZE, fps: 24 };
const LOOK = 12;
const INSIDE = discAt(rightwards(LOOK), RADIUS - 4);
const OUTSIDE = discAt(rightwards(LOOK), RADIUS + 6);
const EVERYWHERE = new Uint8Array(SIZE.width * SIZE.height).fill(1);
let film: string;
let was: Frame;
let red: string;
let blue: string;

beforeAll(async () => {
  film = await drawnFilm('modified', 24, discOn(rightwards), 440);
  was = (await framesOf(film, OWN))[LOOK] as Frame;
  [red, blue] = [thing('red thing', '#d8343f'), thing('blue thing', '#2f6fe0')];
}, 60_000);
afterAll(removeFiles);

const source = (
  prompt: string,
  maskIds: string[] = [],
  imagePaths: string[] = [],
  videoPath = film,
): PreviewSource => ({
  kind: 'modify',
  videoPath,
  prompt,
  maskIds,
  imagePaths,
  seed: 5,
});

async function frameOf(...asked: Parameters<typeof source>): Promise<Frame> {
  const [frame] = await (await opened(source(...asked))).at(LOOK);
  return frame as Frame;
}

const mean = (frame: Frame, where: Uint8Array, channel: number): number => {
  const own = Array.from(where.keys()).filter(at => where[at] === 1);
  return own.reduce((sum, at) => sum + (frame[at * 4 + channel] as number), 0) / own.length;
};

describe('within the mask of the disc', () => {
  test.each([
    ['make @selection0 blue'],
    ['pixelate @selection0 into a comic'],
    ['@selection0 as a pencil sketch'],
    ['darken @selection0'],
    ['heavy rain on @selection0'],
    ['zorgle @selection0'],
  ])('"%s" changes it and nothing else', async prompt => {
    const made = await frameOf(prompt, ['8-1']);
    expect(differenceWhere(made, was, INSIDE, 1)).toBeGreaterThan(2);
    expect(psnrWhere(made, was, OUTSIDE, 0)).toBeGreaterThan(42);
  });

  test('without a mask the same words change the whole frame', async () => {
    expect(differenceWhere(await frameOf('everything in blue'), was, OUTSIDE, 0)).toBeGreaterThan(15);
  });

  test('another mask changes another place', async () => {
    const made = await frameOf('make @selection0 blue', ['8-2']);
    expect(psnrWhere(made, was, INSIDE, 1)).toBeGreaterThan(30);
    expect(differenceWhere(made, was, OUTSIDE, 0)).toBeGreaterThan(8);
  });

  test('each of two masks is changed as its own words say', async () => {
    const made = await frameOf('make @selection0 red and @selection1 blue. darken @selection1', ['8-1', '8-2']);
    expect(mean(made, INSIDE, 0)).toBeGreaterThan(mean(made, INSIDE, 2) + 40);
    expect(differenceWhere(made, was, OUTSIDE, 0)).toBeGreaterThan(10);
  });
});

describe('what the words ask for is what is done', () => {
  test('a colour: the disc is that colour, with its own light', async () => {
    const made = await frameOf('paint @selection0 red', ['8-1']);
    expect(mean(made, INSIDE, 0)).toBeGreaterThan(mean(made, INSIDE, 2) + 60);
    const green = await frameOf('paint @selection0 green', ['8-1']);
    expect(mean(green, INSIDE, 1)).toBeGreaterThan(mean(green, INSIDE, 0) + 30);
  });

  test('remove: what stood behind the disc is seen again, as other frames saw it', async () => {
    const empty = await drawnFilm('empty', 2, context => gradient(context));
    const behind = (await framesOf(empty, OWN))[0] as Frame;
    const made = await frameOf('remove @selection0', ['8-1']);
    expect(psnrWhere(made, behind, EVERYWHERE, 1)).toBeGreaterThan(36);
    expect(psnrWhere(was, behind, EVERYWHERE, 1)).toBeLessThan(20);
  });

  test('remove: where no frame has seen it, it is filled from about it', async () => {
    const at: Point = { x: 150, y: 90 };
    const still = await drawnFilm(
      'still',
      14,
      discOn(() => at),
    );
    const empty = await drawnFilm('empty again', 2, context => gradient(context));
    const behind = (await framesOf(empty, OWN))[0] as Frame;
    const made = await frameOf('remove @selection0', ['1-1'], [], still);
    expect(psnrWhere(made, behind, discAt(at), 1)).toBeGreaterThan(26);
  });

  test('night is dark, and a bright day is bright', async () => {
    const [night, day] = [await frameOf('make it night'), await frameOf('brighter')];
    const luma = (frame: Frame) => mean(frame, EVERYWHERE, 1);
    expect(luma(night)).toBeLessThan(luma(was) * 0.7);
    expect(luma(day)).toBeGreaterThan(luma(was) * 1.05);
  });

  test('a picture in the place of the disc, another beside it', async () => {
    const made = await frameOf(
      'replace @selection0 with @img0 and add @img1 in the middle at the right',
      ['8-1'],
      [red, blue],
    );
    expect(mean(made, INSIDE, 0)).toBeGreaterThan(mean(made, INSIDE, 2));
    expect(differenceWhere(made, was, OUTSIDE, 0)).toBeGreaterThan(1.5);
  });

  test('left is left of right', async () => {
    const [left, right] = [
      await frameOf('add @img0 on the left', [], [red]),
      await frameOf('add @img0 on the right', [], [red]),
    ];
    const half = Uint8Array.from(EVERYWHERE.keys(), at => (at % SIZE.width < SIZE.width / 2 ? 1 : 0));
    expect(differenceWhere(left, was, half, 1)).toBeGreaterThan(3 * differenceWhere(left, was, half, 0));
    expect(differenceWhere(right, was, half, 0)).toBeGreaterThan(3 * differenceWhere(right, was, half, 1));
  });

  test('text stands where it is to stand, and other text looks different', async () => {
    const [sale, open] = [await frameOf('write "SALE"'), await frameOf('write "OPEN"')];
    const lower = Uint8Array.from(EVERYWHERE.keys(), at => (at > SIZE.width * SIZE.height * 0.65 ? 1 : 0));
    expect(differenceWhere(sale, was, lower, 1)).toBeGreaterThan(2);
    expect(psnrWhere(sale, was, lower, 0)).toBeGreaterThan(60);
    expect(differenceWhere(sale, open, lower, 1)).toBeGreaterThan(1);
  });

  test('a glow lies about the disc', async () => {
    const made = await frameOf('a red glow about @selection0', ['8-1']);
    const { x, y } = rightwards(LOOK);
    const ring = discAt({ x, y }, RADIUS + 7).map((value, at) =>
      value === 1 && OUTSIDE[at] === 1 && INSIDE[at] === 0 ? 1 : 0,
    );
    expect(mean(made, ring, 0)).toBeGreaterThan(mean(was, ring, 0) + 8);
    expect(psnrWhere(made, was, discAt({ x, y }, RADIUS + 40), 0)).toBeGreaterThan(42);
  });

  test('every one of these prompts makes another film', async () => {
    const prompts = [
      'snow',
      'rain',
      'add birds',
      'add bubbles',
      'watercolour',
      'noir',
      'sunset',
      'blur it',
      'one',
      'two',
    ];
    const frames: Frame[] = [];
    for (const prompt of prompts) frames.push(await frameOf(prompt));
    for (const [at, frame] of frames.entries()) {
      expect(differenceWhere(frame, was, EVERYWHERE, 1), prompts[at]).toBeGreaterThan(0.1);
      for (const other of frames.slice(at + 1))
        expect(differenceWhere(frame, other, EVERYWHERE, 1)).toBeGreaterThan(0.1);
    }
  });
});

describe('every input matters', () => {
  test.each(['add @img0 and @img1', 'replace @selection0 with @img0; put @img1 above it', 'a nicer film'])(
    'each of two pictures, in "%s"',
    async prompt => {
      const masks = prompt.includes('@selection') ? ['8-1'] : [];
      const made = await frameOf(prompt, masks, [red, red]);
      for (const pictures of [
        [blue, red],
        [red, blue],
      ])
        expect(differenceWhere(made, await frameOf(prompt, masks, pictures), EVERYWHERE, 1)).toBeGreaterThan(0.4);
    },
  );

  test('a picture that is put on the disc goes along with it', async () => {
    const film = await opened(source('put a small @img0 on @selection0', ['8-1'], [blue]));
    const own = await framesOf((source('') as { videoPath: string }).videoPath, OWN);
    const looks = [2, 12, 22];
    for (const [at, frame] of (await film.at(...looks)).entries()) {
      const index = looks[at] as number;
      expect(differenceWhere(frame, own[index] as Frame, discAt(rightwards(index), RADIUS), 1)).toBeGreaterThan(8);
      expect(psnrWhere(frame, own[index] as Frame, discAt(rightwards(index), RADIUS * 1.6), 0)).toBeGreaterThan(34);
    }
  });

  test('the film: another one below the same words', async () => {
    const other = await drawnFilm('other below', 14, (context, index) => {
      gradient(context, 1.6);
      disc(context, rightwards(index), '#40c0e0');
    });
    const prompt = 'make it snow';
    expect(differenceWhere(await frameOf(prompt), await frameOf(prompt, [], [], other), EVERYWHERE, 1)).toBeGreaterThan(
      8,
    );
  });

  test('the sound stays, and the same request gives the same bytes', async () => {
    const kept = await filmed(source('snow', ['8-1']), { audio: true });
    expect(likeness(await soundOf(kept.videoPath), await soundOf(film))).toBeGreaterThan(0.98);
    const again = await filmed(source('snow', ['8-1']), { audio: true });
    expect(again.sha256).toBe(kept.sha256);
  });

  test('a mask that the film does not have is bad_mask', async () => {
    await expect(opened(source('blur', ['3-7']))).rejects.toMatchObject({ code: 'bad_mask' });
  });
});
