import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../functions/worker/preview/drawing/random.ts';
import { BOUNDS, CAMERA_MOVES, type CameraMove, cameraAt } from '../../functions/worker/preview/reading/camera.ts';
import { readPrompt } from '../../functions/worker/preview/reading/prompt.ts';
import { scoreFor } from '../../functions/worker/preview/sound/score.ts';

const read = (prompt: string, more: { cameraMovement?: string } = {}) => readPrompt({ prompt, seed: 1, ...more });

describe('a prompt calls the family it speaks of', () => {
  test.each([
    ['a lighthouse at dawn, waves', 'sea'],
    ['sailboat on the ocean at sunset', 'sea'],
    ['a calm mountain lake in the morning', 'sea'],
    ['tropical island with palm trees', 'sea'],
    ['海上的灯塔', 'sea'],
    ['misty mountains at sunrise', 'hills'],
    ['hot air balloons over a valley', 'hills'],
    ['a steam train crossing the alps', 'hills'],
    ['an erupting volcano', 'hills'],
    ['neon city in the rain', 'city'],
    ['Tokyo street at night, cyberpunk', 'city'],
    ['skyscrapers of Manhattan', 'city'],
    ['a quiet forest with sun rays', 'forest'],
    ['bamboo grove in the fog', 'forest'],
    ['enchanted woods with fireflies', 'forest'],
    ['spiral galaxy', 'space'],
    ['an astronaut drifting past Saturn', 'space'],
    ['rocket launch to the stars', 'space'],
    ['星空中的银河', 'space'],
    ['sand dunes in the desert', 'hills'],
    ['coral reef with a school of fish', 'sea'],
    ['a cabin in the snow', 'winter'],
    ['northern lights over a frozen tundra', 'winter'],
    ['a meadow of wildflowers with butterflies', 'meadow'],
    ['sunflower field in summer', 'meadow'],
    ['abstract silk', 'flow'],
    ['zxqv', 'flow'],
    ['', 'flow'],
  ])('%s -> %s', (prompt, family) => {
    expect(read(prompt).family).toBe(family);
  });
});

describe('what else a prompt says', () => {
  test('the hour, the weather, the things and the colours are read', () => {
    const direction = read('A red lighthouse and two sailboats at dawn in heavy rain, teal water');
    expect(direction.hour).toBe('dawn');
    expect([...direction.weather]).toContain('rain');
    expect([...direction.props]).toEqual(expect.arrayContaining(['lighthouse', 'boat']));
    expect(direction.colors).toHaveLength(2);
  });

  test('what a prompt says is not there is not there', () => {
    const direction = read('the sea without a boat, no birds, no rain');
    expect([...direction.props]).toEqual([]);
    expect([...direction.weather]).toEqual([]);
  });

  test('a camera move by name wins over the words, and an unknown name is automatic', () => {
    expect(read('zoom out over the sea').move).toBe('zoom_out');
    expect(read('zoom out over the sea', { cameraMovement: 'crane_up' }).move).toBe('crane_up');
    expect(read('zoom out over the sea', { cameraMovement: 'auto_camera' }).move).toBe('zoom_out');
    expect(read('the sea', { cameraMovement: 'toString' }).move).toBe('auto_camera');
  });

  test('rain is heard where it rains, but not in space', () => {
    expect(scoreFor({ direction: read('rain over the city') })).toHaveProperty('rain');
    expect(scoreFor({ direction: read('rain of stars in the galaxy') })).not.toHaveProperty('rain');
  });
});

describe('the camera', () => {
  test('no move ever leaves what the scenes are drawn for, and none jumps', () => {
    const moves = Object.keys(CAMERA_MOVES) as CameraMove[];
    fc.assert(
      fc.property(
        fc.constantFrom(...moves),
        fc.double({ min: -1, max: 2, noNaN: true }),
        fc.boolean(),
        (move, progress, fast) => {
          const { x, y, zoom, roll, stretch } = cameraAt(move, progress, fast);
          expect(Math.abs(x)).toBeLessThanOrEqual(BOUNDS.x);
          expect(Math.abs(y)).toBeLessThanOrEqual(BOUNDS.y);
          expect(zoom).toBeGreaterThanOrEqual(BOUNDS.zoom[0]);
          expect(zoom).toBeLessThanOrEqual(BOUNDS.zoom[1]);
          expect(Math.abs(roll)).toBeLessThanOrEqual(BOUNDS.roll);
          expect(stretch).toBeLessThanOrEqual(BOUNDS.stretch);
          const next = cameraAt(move, progress + 1 / 120, fast);
          expect(Math.abs(next.x - x)).toBeLessThan(0.02);
          expect(Math.abs(next.zoom - zoom)).toBeLessThan(0.02);
        },
      ),
    );
  });
});

describe('the seeded generator', () => {
  test('the same seed and name give the same numbers, and any other gives others', () => {
    const draw = (random: Random): number[] => Array.from({ length: 8 }, () => random.next());
    expect(draw(new Random(7, 'sky'))).toEqual(draw(new Random(7, 'sky')));
    expect(draw(new Random(7, 'sky'))).not.toEqual(draw(new Random(8, 'sky')));
    expect(draw(new Random(7, 'sky'))).not.toEqual(draw(new Random(7, 'sea')));
    expect(draw(new Random(2 ** 53 - 1, ''))).not.toEqual(draw(new Random(2 ** 53 - 2, '')));
  });

  test('a fork does not depend on how far its parent has drawn', () => {
    const fresh = new Random(3);
    const used = new Random(3);
    used.next();
    expect(used.fork('a').next()).toBe(fresh.fork('a').next());
  });

  test('numbers are spread evenly over 0 to 1', () => {
    const random = new Random(11);
    const tenths = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 20_000; draw++) {
      const tenth = Math.floor(random.next() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});
