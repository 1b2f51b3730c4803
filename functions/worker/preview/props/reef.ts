/** What grows and rises from the sea bed: coral, weed, bubbles. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { makeCanopy } from '../canopy.ts';
import { blend, type Color, css, hex, shade } from '../color.ts';
import { mix, smoothstep } from '../curves.ts';
import { atDepth, type Layer, type Scene, type World } from '../world.ts';

const CORALS: readonly [Color, ...Color[]] = [
  hex('#ff7a6b'),
  hex('#f7a04a'),
  hex('#e0559a'),
  hex('#9a6bf0'),
  hex('#f0d060'),
  hex('#4fd0b0'),
];

/** Boulders of leafy coral along the bed, brighter the nearer. */
export function plantReef(world: World, bed: Layer, crest: (x: number) => number, row: number, near: number): void {
  const { unit, width } = world;
  const random = world.random.fork(`reef ${row}`);
  const heads = Array.from({ length: Math.round(mix(14, 9, near) * Math.max(0.6, width / unit / 1.78)) }, () => {
    let place = random.next();
    if (near === 1) place = place < 0.5 ? place * 0.66 : 1 - (1 - place) * 0.66;
    return {
      x: bed.left + place * bed.width,
      size: unit * mix(0.06, 0.16, near) * random.range(0.6, 1.25),
      color: random.pick(CORALS),
    };
  });
  const clump = makeCanopy(world, `coral ${row}`, {
    cover: (x, y) => nearest(heads, crest, x, y).cover,
    kinds: heads.map(({ color }) => ({
      lit: blend(color, [255, 255, 255], 0.12),
      dark: blend(shade(color, 0.4), world.light.shadow, 0.5),
    })),
    kind: (x, y) => nearest(heads, crest, x, y).index,
    distance: mix(0.6, 0.03, near),
    clump: unit * mix(0.03, 0.05, near),
    top: bed.top,
    bottom: bed.top + bed.height,
  });
  clump.draw(bed.context);
}

interface Head {
  readonly x: number;
  readonly size: number;
}

const found = { cover: -1, index: 0 };

/** The coral head that covers `x`, `y` most. The answer is valid until the next call. */
function nearest(heads: readonly Head[], crest: (x: number) => number, x: number, y: number): typeof found {
  found.cover = -1;
  for (const [index, head] of heads.entries()) {
    const dx = (x - head.x) / (1.25 * head.size);
    if (dx > 1.7 || dx < -1.7) continue;
    const dy = (y - crest(head.x)) / head.size - 0.1;
    const cover = 0.95 - Math.sqrt(dx * dx + dy * dy);
    if (cover > found.cover) {
      found.cover = cover;
      found.index = index;
    }
  }
  return found;
}

/** Ribbons of weed that bend with the swell. */
export function makeWeed(
  world: World,
  crest: (x: number) => number,
  row: number,
  near: number,
): (context: SKRSContext2D, time: number) => void {
  const { width, unit, light } = world;
  const random = world.random.fork(`weed ${row}`);
  const color = css(blend(blend(hex('#2f7a3a'), light.shadow, 0.3), light.haze, mix(0.66, 0.06, near)), 0.95);
  const clumps = Array.from({ length: Math.round(mix(7, 4, near)) }, () => {
    const place = random.next();
    return near === 1 ? (place < 0.5 ? place * 0.4 : 1 - (1 - place) * 0.4) : place;
  });
  const blades = clumps.flatMap(place =>
    Array.from({ length: random.whole(5, 8) }, () => {
      const x = (place * 1.2 - 0.1) * width + random.range(-1, 1) * unit * mix(0.03, 0.07, near);
      return {
        x,
        foot: crest(x) + unit * 0.03,
        tall: unit * mix(0.16, 0.42, near) * random.range(0.6, 1.2),
        wide: unit * mix(0.005, 0.013, near),
        phase: random.range(0, 1.2) + place * 9,
      };
    }),
  );
  return (context, time) => {
    context.fillStyle = color;
    context.beginPath();
    for (const { x, foot, tall, wide, phase } of blades) {
      const bend = Math.sin(time * 0.9 + phase) * tall * 0.13;
      const tip = Math.sin(time * 0.9 + phase - 0.9) * tall * 0.24;
      context.moveTo(x - wide, foot);
      context.bezierCurveTo(
        x - wide * 1.4 + bend,
        foot - tall * 0.4,
        x - wide + bend * 0.4,
        foot - tall * 0.7,
        x + tip,
        foot - tall,
      );
      context.bezierCurveTo(
        x + wide + bend * 0.4,
        foot - tall * 0.7,
        x + wide * 1.4 + bend,
        foot - tall * 0.4,
        x + wide,
        foot,
      );
    }
    context.fill();
  };
}

export function makeBubbles(world: World): Scene {
  const { width, height, unit } = world;
  const random = world.random.fork('bubbles');
  const bubbles = Array.from({ length: 26 }, (_, index) => ({
    x: (index % 2 === 0 ? 0.28 : 0.74) * width + random.range(-1, 1) * unit * 0.05,
    start: random.next(),
    size: unit * random.range(0.003, 0.009),
    pace: random.range(0.09, 0.15),
    phase: random.range(0, 6.28),
  }));
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, 0.7, () => {
        context.lineWidth = Math.max(0.7, unit * 0.0015);
        for (const bubble of bubbles) {
          const rise = (bubble.start + time * bubble.pace) % 1;
          const x = bubble.x + Math.sin(time * 2.4 + bubble.phase) * unit * 0.008;
          const y = height * (0.9 - rise);
          const alpha = 0.6 * smoothstep(0, 0.08, rise) * smoothstep(1, 0.8, rise);
          context.strokeStyle = `rgba(225, 250, 255, ${alpha.toFixed(3)})`;
          context.fillStyle = `rgba(225, 250, 255, ${(alpha * 0.2).toFixed(3)})`;
          context.beginPath();
          context.arc(x, y, bubble.size * (0.7 + 0.5 * rise), 0, Math.PI * 2);
          context.fill();
          context.stroke();
        }
      });
    },
  };
}
