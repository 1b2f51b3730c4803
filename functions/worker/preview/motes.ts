/** Small lights adrift in the air: dust in a sunbeam, fireflies, plankton. */
import type { Color } from './color.ts';
import { halo } from './glow.ts';
import { atDepth, type Scene, type World } from './world.ts';

export interface Motes {
  readonly count: number;
  readonly color: Color;
  /** Smallest and largest radius, in fractions of the shortest side. */
  readonly size: readonly [number, number];
  readonly strength: number;
  /** Pixels a second upwards, in fractions of the shortest side; may be negative. */
  readonly rise: number;
  /** How strongly they come and go: 0 steady, 1 like fireflies. */
  readonly blink: number;
  /** The band they live in, in fractions of the height. */
  readonly band?: readonly [number, number];
}

export function makeMotes(world: World, name: string, kind: Motes): Scene {
  const { width, height, unit } = world;
  const random = world.random.fork(name);
  const [top, bottom] = kind.band ?? [-0.05, 1.05];
  const motes = Array.from({ length: kind.count }, () => ({
    x: random.next(),
    y: random.next(),
    size: unit * random.range(...kind.size),
    depth: random.range(0.3, 1),
    sway: random.range(0.004, 0.016),
    speed: random.range(0.4, 1.1),
    phase: random.range(0, 6.28),
  }));
  return {
    paint(context, { time, camera }) {
      for (const mote of motes) {
        const glow =
          kind.blink === 0
            ? 1
            : 1 - kind.blink + kind.blink * Math.max(0, Math.sin(time * mote.speed * 1.8 + mote.phase)) ** 2;
        if (glow < 0.03) continue;
        atDepth(context, world, camera, mote.depth, () => {
          const fall = (((mote.y - (time * kind.rise * mote.speed * unit) / height / (bottom - top)) % 1) + 1) % 1;
          const y =
            (top + fall * (bottom - top)) * height + Math.sin(time * mote.speed * 1.3 + mote.phase) * mote.sway * unit;
          const x = (mote.x * 1.2 - 0.1) * width + Math.sin(time * mote.speed + mote.phase) * mote.sway * 2.5 * unit;
          halo(context, x, y, mote.size * 2.6, kind.color, kind.strength * glow, 'lighter');
        });
      }
    },
  };
}
