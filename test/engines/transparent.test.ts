/** A picture of which most is transparent, wherever one goes in: black signs and white ones are seen in what comes out. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PreviewSource } from '../../functions/worker/preview/source.ts';
import { toneWav } from '../support/recordings.ts';
import { discOn, drawnFilm, rightwards } from './drawn-films.ts';
import { drawn, opened, removeFiles, root, SIZE, thing } from './picture-frames.ts';

const SIGNS = { black: '#000', white: '#fff' } as const;
const moved = { prompt: '', seed: 3 } as const;
let film: string;
let recording: string;

beforeAll(async () => {
  film = await drawnFilm('dancing', 24, discOn(rightwards));
  recording = join(mkdtempSync(join(root, 'voice-')), 'voice.wav');
  writeFileSync(recording, toneWav(1));
}, 60_000);
afterAll(removeFiles);

/** A bar across the middle, on nothing. */
const bar = (name: string): string =>
  drawn(`${name} bar`, context => {
    context.fillStyle = SIGNS[name as keyof typeof SIGNS];
    context.fillRect(120, 130, 400, 100);
  });

const plain = (name: string, color: string): string =>
  drawn(name, context => {
    context.fillStyle = color;
    context.fillRect(0, 0, 640, 360);
  });

const DOORS: Readonly<Record<string, (imagePath: string) => PreviewSource>> = {
  'image to video': imagePath => ({ kind: 'image', imagePath, ...moved }),
  transition: imagePath => ({
    kind: 'transition',
    imagePaths: [imagePath, imagePath],
    legs: [{ seconds: 1, prompt: '' }],
    seed: 3,
  }),
  avatar: imagePath => ({ kind: 'avatar', imagePath, voice: { kind: 'recording', path: recording }, seed: 3 }),
  'the background of a fusion': imagePath => ({
    kind: 'fusion',
    references: [{ imagePath, name: 'sign', role: 'background' }],
    ...moved,
  }),
  mimic: imagePath => ({ kind: 'mimic', videoPath: film, imagePath }),
};

/** Lightness of a frame's pixels, sorted. */
function lightness(frame: Uint8ClampedArray): number[] {
  return Array.from({ length: frame.length / 4 }, (_, at) =>
    Math.round(0.299 * (frame[at * 4] ?? 0) + 0.587 * (frame[at * 4 + 1] ?? 0) + 0.114 * (frame[at * 4 + 2] ?? 0)),
  ).sort((one, other) => one - other);
}

describe.each(Object.keys(SIGNS))('a %s sign on nothing', name => {
  test.each(Object.entries(DOORS))('is seen in %s', async (_door, source) => {
    const [first = expect.fail('no frame')] = await (await opened(source(bar(name)))).at(0);
    const sorted = lightness(first);
    // The sign is a tenth of the picture, its ground most of the rest.
    const darkest = sorted[Math.floor(sorted.length * 0.06)] ?? 0;
    const lightest = sorted[Math.floor(sorted.length * 0.94)] ?? 0;
    expect(lightest - darkest).toBeGreaterThan(90);
  });

  test('is seen in a swap', async () => {
    const source: PreviewSource = {
      kind: 'swap',
      videoPath: film,
      imagePath: bar(name),
      maskId: '8-1',
      keepOriginal: true,
    };
    const [frame = expect.fail('no frame')] = await (await opened(source)).at(6);
    const { x, y } = rightwards(6);
    const column = [-22, 0, 22].map(dy => frame[((Math.round(y) + dy) * SIZE.width + Math.round(x)) * 4 + 1] ?? 0);
    const [above = 0, middle = 0, below = 0] = column;
    expect(Math.min(Math.abs(above - middle), Math.abs(below - middle))).toBeGreaterThan(30);
  });

  test('is seen as the subject of a fusion, in a scene that is as dark or as light', async () => {
    const scene = plain(`${name} scene`, name === 'black' ? '#0c0c10' : '#f4f4f0');
    const background = { imagePath: scene, name: 'wall', role: 'background' } as const;
    const sign = { imagePath: thing(`${name} thing`, SIGNS[name as keyof typeof SIGNS], 'none'), name: 'sign' };
    const fused = (references: Extract<PreviewSource, { kind: 'fusion' }>['references']) =>
      opened({ kind: 'fusion', references, prompt: '@sign stands', seed: 3 });
    const [empty = expect.fail('no frame')] = await (await fused([background])).at(0);
    const [first = expect.fail('no frame')] = await (await fused([background, { ...sign, role: 'subject' }])).at(0);
    const changed = first.filter((value, at) => at % 4 === 1 && Math.abs(value - (empty[at] ?? 0)) > 60).length;
    expect(changed).toBeGreaterThan(300);
  });
});

test('a subject that stands out by itself is given no edge', async () => {
  const red = { imagePath: thing('red thing', '#d02020', 'none'), name: 'red', role: 'subject' } as const;
  const wall = { imagePath: plain('dark wall', '#0c0c10'), name: 'wall', role: 'background' } as const;
  const [frame = expect.fail('no frame')] = await (
    await opened({ kind: 'fusion', references: [wall, red], prompt: '@red stands', seed: 3 })
  ).at(0);
  // There is green in an edge of light, and hardly any in a red sign or before a dark wall.
  expect(Math.max(...frame.filter((_, at) => at % 4 === 1))).toBeLessThan(80);
});
