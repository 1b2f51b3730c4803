import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PreviewSource } from '../../functions/worker/preview/source.ts';
import { type Draw, discOn, drawnFilm, middleOf, type Point, wall } from './drawn-films.ts';
import { likeness, soundOf } from './film-clips.ts';
import { difference, drawn, filmed, opened, place, removeFiles, SIZE } from './picture-frames.ts';

const FRAMES = 20;
const FIRST = 0;
const LAST = FRAMES - 1;
let actor: string;
let scenery: string;

beforeAll(() => {
  actor = drawn('actor', context => {
    const sky = context.createLinearGradient(0, 0, 0, 360);
    sky.addColorStop(0, '#5c86c8');
    sky.addColorStop(1, '#a8c8e4');
    context.fillStyle = sky;
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = '#d83a2c';
    context.beginPath();
    context.ellipse(320, 180, 62, 90, 0, 0, 7);
    context.fill();
  });
  scenery = drawn('scenery', context => {
    wall(context, 0, 0, 2);
    context.fillStyle = '#fff200';
    context.fillRect(300, 160, 40, 40);
  });
});
afterAll(removeFiles);

const mimic = (videoPath: string, imagePath = actor): PreviewSource => ({ kind: 'mimic', videoPath, imagePath });

/** Where the pixels of a colour are in the first and in the last frame. */
async function journey(film: string, picture: string, isIt: (r: number, g: number, b: number) => boolean) {
  const frames = await (await opened(mimic(film, picture), FRAMES / 24)).at(FIRST, LAST);
  return frames.map(frame =>
    middleOf(frame.length / 4, at => isIt(frame[at * 4] ?? 0, frame[at * 4 + 1] ?? 0, frame[at * 4 + 2] ?? 0)),
  ) as [ReturnType<typeof middleOf>, ReturnType<typeof middleOf>];
}
const isRed = (r: number, g: number, b: number): boolean => r > 150 && g < 110 && b < 110;
const isYellow = (r: number, g: number, b: number): boolean => r > 215 && g > 200 && b < 90;

const moving = (name: string, step: Point): Promise<string> =>
  drawnFilm(
    name,
    FRAMES,
    discOn(index => ({ x: 160 + (index - FRAMES / 2) * step.x, y: 90 + (index - FRAMES / 2) * step.y })),
  );
const panning = (name: string, draw: Draw): Promise<string> => drawnFilm(name, FRAMES, draw);

test.each([
  ['right', { x: 6, y: 0 }],
  ['left', { x: -6, y: 0 }],
  ['down', { x: 0, y: 3 }],
  ['up', { x: 0, y: -3 }],
] as const)(
  'what stands out of the picture moves %s as what acts in the film does, and the rest stands',
  async (name, step) => {
    const film = await moving(`disc ${name}`, step);
    const [from, to] = await journey(film, actor, isRed);
    const along = (to.x - from.x) * Math.sign(step.x) + (to.y - from.y) * Math.sign(step.y);
    const aside = step.x === 0 ? to.x - from.x : to.y - from.y;
    expect(along).toBeGreaterThan(14);
    expect(Math.abs(aside)).toBeLessThan(5);
    const [first, last] = await (await opened(mimic(film), FRAMES / 24)).at(FIRST, LAST);
    // The sky's outermost columns.
    const edge = (frame: Uint8ClampedArray | undefined) => frame?.filter((_, at) => (at >> 2) % SIZE.width < 30);
    expect(difference(edge(first), edge(last))).toBeLessThan(4);
  },
);

test.each([
  ['right', 5],
  ['left', -5],
])('a camera that goes %s takes the whole picture the other way', async (name, step) => {
  const film = await panning(`pan ${name}`, (context, index) => wall(context, index * step));
  const [from, to] = await journey(film, scenery, isYellow);
  expect((to.x - from.x) * -Math.sign(step)).toBeGreaterThan(18);
  expect(Math.abs(to.y - from.y)).toBeLessThan(4);
});

test('a camera that goes nearer makes the picture grow, one that draws back makes it shrink', async () => {
  const nearer = await panning('nearer', (context, index) => wall(context, 0, 0, 1 + index * 0.014));
  const [small, large] = await journey(nearer, scenery, isYellow);
  expect(large.pixels / small.pixels).toBeGreaterThan(1.2);
  const back = await panning('back', (context, index) => wall(context, 0, 0, 1.4 - index * 0.014));
  const [before, after] = await journey(back, scenery, isYellow);
  expect(after.pixels / before.pixels).toBeLessThan(0.85);
});

test('a film in which nothing moves leaves the picture calm', async () => {
  const still = await drawnFilm('still', FRAMES, context => wall(context, 20));
  const frames = await (await opened(mimic(still), FRAMES / 24)).at(0, 7, LAST);
  expect(difference(frames[0], frames[1])).toBe(0);
  expect(difference(frames[0], frames[2])).toBe(0);
});

test('another picture under the same film is another clip', async () => {
  const film = await moving('disc for two', { x: 6, y: 0 });
  const [one] = await (await opened(mimic(film), 1)).at(5);
  const [other] = await (await opened(mimic(film, place('elsewhere', 40)), 1)).at(5);
  expect(difference(one, other)).toBeGreaterThan(10);
});

test('the clip has the sound of the film, and the same request gives the same bytes', async () => {
  const film = await drawnFilm(
    'heard',
    FRAMES,
    discOn(index => ({ x: 80 + index * 6, y: 90 })),
    440,
  );
  const made = await filmed(mimic(film), { audio: true, durationSeconds: FRAMES / 24 });
  expect(likeness(await soundOf(made.videoPath), await soundOf(film))).toBeGreaterThan(0.98);
  const again = await filmed(mimic(film), { audio: true, durationSeconds: FRAMES / 24 });
  expect(again.sha256).toBe(made.sha256);
});
