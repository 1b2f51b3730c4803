import { afterAll, describe, expect, test } from 'vitest';
import { probe } from '../../functions/worker/media/probe.ts';
import { readScript } from '../../functions/worker/preview/fusion/script.ts';
import type { FusionReference, FusionSource } from '../../functions/worker/preview/source.ts';
import { openCutout } from '../../functions/worker/preview/subject/cutout.ts';
import { difference, drawn, filmed, opened, pixelsLike, place, removeFiles, SIZE, thing } from './picture-frames.ts';

afterAll(removeFiles);

const COLORS = {
  red: [210, 30, 30],
  green: [20, 160, 50],
  blue: [30, 60, 200],
  yellow: [230, 200, 20],
  magenta: [200, 30, 180],
  cyan: [20, 190, 200],
  orange: [240, 120, 10],
  black: [20, 20, 24],
} as const;
type Name = keyof typeof COLORS;

const subject = (name: Name, ground?: string): FusionReference => ({
  imagePath: thing(`${name}-${ground ?? 'wall'}`, `rgb(${COLORS[name].join(', ')})`, ground),
  name,
  role: 'subject',
});
const background = (name: string, hue: number): FusionReference => ({
  imagePath: place(name, hue),
  name,
  role: 'background',
});
const fused = (references: readonly FusionReference[], prompt: string, change: Partial<FusionSource> = {}) =>
  opened({ kind: 'fusion', references, prompt, seed: 9, ...change });
const shareOf = (frame: Uint8ClampedArray | undefined, name: Name): number =>
  pixelsLike(frame ?? new Uint8ClampedArray(), COLORS[name], 75).length / (SIZE.width * SIZE.height);

describe('a fusion', () => {
  test('shows every subject, called or not, in front of the background', async () => {
    const names = ['red', 'green', 'blue', 'yellow', 'magenta'] as const;
    const film = await fused(
      [...names.map(name => subject(name)), background('lane', 200)],
      '@green and @red in @lane',
    );
    expect(film.scene).toBe('fusion in picture');
    const [frame] = await film.at(12);
    for (const name of names) expect(shareOf(frame, name), name).toBeGreaterThan(0.01);
  });

  test('shows ten references, two of them backgrounds', async () => {
    const names = Object.keys(COLORS) as Name[];
    const all = [...names.map(name => subject(name)), background('west', 130), background('east', 300)];
    const [frame] = await (await fused(all, 'everybody meets')).at(6);
    for (const name of names) expect(shareOf(frame, name), name).toBeGreaterThan(0.004);
    for (const [index, hue] of [130, 300].entries()) {
      const changed = all.map(one =>
        one.role === 'background' && index === all.indexOf(one) - 8 ? background(`other ${hue}`, hue + 120) : one,
      );
      const [other] = await (await fused(changed, 'everybody meets')).at(6);
      expect(difference(frame, other)).toBeGreaterThan(4);
    }
  });

  test('depends on each image', async () => {
    const references = [subject('red'), subject('blue'), background('lane', 200)];
    const [frame] = await (await fused(references, '@red meets @blue')).at(12);
    for (const [index, other] of [subject('cyan'), subject('magenta'), background('square', 30)].entries()) {
      const changed = references.map((one, at) => (at === index ? { ...one, imagePath: other.imagePath } : one));
      expect(difference(frame, (await (await fused(changed, '@red meets @blue')).at(12))[0])).toBeGreaterThan(2);
    }
  });

  test('without a background plays where the words say', async () => {
    const references = [subject('red')];
    const [sea, city] = [
      await fused(references, '@red by the sea at dawn'),
      await fused(references, '@red in a city at night'),
    ];
    expect([sea.scene, city.scene]).toEqual(['fusion in sea', 'fusion in city']);
    expect(difference((await sea.at(3))[0], (await city.at(3))[0])).toBeGreaterThan(15);
  });

  test('puts who is called first nearest', async () => {
    const references = [subject('red'), subject('blue'), background('lane', 100)];
    const [first] = await (await fused(references, '@red and @blue')).at(0);
    const [second] = await (await fused(references, '@blue and @red')).at(0);
    expect(shareOf(first, 'red')).toBeGreaterThan(1.3 * shareOf(first, 'blue'));
    expect(shareOf(second, 'blue')).toBeGreaterThan(1.3 * shareOf(second, 'red'));
  });

  test('puts at the left what the words put there', async () => {
    const references = [subject('red'), subject('blue'), background('lane', 100)];
    const middleOf = async (prompt: string) => {
      const [frame] = await (await fused(references, prompt)).at(0);
      const found = pixelsLike(frame ?? new Uint8ClampedArray(), COLORS.red, 75);
      return found.reduce((sum, at) => sum + (at % SIZE.width), 0) / found.length;
    };
    expect(await middleOf('@red on the left, @blue on the right')).toBeLessThan(SIZE.width / 2);
    expect(await middleOf('@red on the right, @blue on the left')).toBeGreaterThan(SIZE.width / 2);
  });

  test('moves as the words say: who jumps goes up and down, who walks goes across', async () => {
    const references = [subject('red'), background('lane', 200)];
    const spread = async (prompt: string) => {
      const film = await fused(references, prompt, { cameraMovement: 'fix_bg' });
      const middles = (await film.at(0, 4, 8, 12, 16, 20, 23)).map(frame => {
        const found = pixelsLike(frame, COLORS.red, 75);
        const mean = (part: (at: number) => number) => found.reduce((sum, at) => sum + part(at), 0) / found.length;
        return [mean(at => at % SIZE.width), mean(at => Math.floor(at / SIZE.width))] as const;
      });
      const wide = (axis: 0 | 1) => Math.max(...middles.map(at => at[axis])) - Math.min(...middles.map(at => at[axis]));
      return { across: wide(0), upright: wide(1) };
    };
    const [stands, jumps, walks] = [await spread('@red'), await spread('@red jumps'), await spread('@red walks by')];
    expect(jumps.upright).toBeGreaterThan(stands.upright + 8);
    expect(walks.across).toBeGreaterThan(stands.across + 15);
  });

  test('filmed, is as long as asked for and the same bytes for the same seed', async () => {
    const source: FusionSource = {
      kind: 'fusion',
      references: [subject('red'), background('lane', 200)],
      prompt: '@red dances in @lane',
      seed: 3,
    };
    const [one, again] = [
      await filmed(source, { durationSeconds: 0.5 }),
      await filmed(source, { durationSeconds: 0.5 }),
    ];
    expect((await probe(one.videoPath)).frames).toBe(12);
    expect(again.sha256).toBe(one.sha256);
  });
});

describe('a cut-out', () => {
  const foreign = (data: Uint8ClampedArray, [r, g, b]: readonly [number, number, number]): number => {
    let [seen, others] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if ((data[at + 3] ?? 0) < 200) continue;
      seen++;
      if (Math.hypot((data[at] ?? 0) - r, (data[at + 1] ?? 0) - g, (data[at + 2] ?? 0) - b) > 60) others++;
    }
    return others / seen;
  };

  test.each([
    ['along its own transparency', 'none', 'alpha'],
    ['out of what is behind it', '#e9e6df', 'segmented'],
    ['out of the dark', '#101820', 'segmented'],
  ])('is taken %s, with next to nothing of the ground', async (_, ground, how) => {
    const cut = await openCutout(subject('orange', ground).imagePath);
    expect(cut.how).toBe(how);
    const { canvas } = cut;
    expect(canvas.width / 190).toBeGreaterThan(0.85);
    expect(canvas.width / 190).toBeLessThan(2);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    expect(foreign(data, COLORS.orange)).toBeLessThan(0.03);
  });

  test('of a picture without a subject is the whole picture, as a print', async () => {
    const plain = drawn('plain', context => {
      context.fillStyle = '#7a8a99';
      context.fillRect(0, 0, 640, 360);
    });
    expect((await openCutout(plain)).how).toBe('print');
  });
});

describe('a script', () => {
  const names = ['cat', 'cat2', 'old dog'].map(name => ({ name }));
  const read = (prompt: string) => readScript(prompt, names).map(({ reference, action }) => [reference.name, action]);

  test('is in the order of the calls; a longer name is not a shorter one, and who is silent comes last', () => {
    expect(read('@cat2 jumps over @old dog while it snows')).toEqual([
      ['cat2', 'jump'],
      ['old dog', 'stand'],
      ['cat', 'stand'],
    ]);
  });

  test('gives everybody what is said before anybody is called', () => {
    expect(read('dancing together: @cat and @cat2, then @old dog flies').map(([, action]) => action)).toEqual([
      'dance',
      'dance',
      'fly',
    ]);
  });
});
