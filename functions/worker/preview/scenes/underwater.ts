/** Under the sea: light falling from the surface, caustics on the sand, reefs, swaying weed, and what swims. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { makeCanopy } from '../canopy.ts';
import { makeCaustics } from '../caustics.ts';
import { blend, type Color, css, hex, shade } from '../color.ts';
import { mix, smoothstep } from '../curves.ts';
import { halo } from '../glow.ts';
import { crestLine, makeLand } from '../land.ts';
import { makeMotes } from '../motes.ts';
import { makeJellyfish, makeShoal } from '../props/sea-life.ts';
import { makeShafts } from '../rays.ts';
import { atDepth, Layer, type Scene, type SceneBuilder, type World } from '../world.ts';

const CORALS: readonly [Color, ...Color[]] = [
  hex('#ff7a6b'),
  hex('#f7a04a'),
  hex('#e0559a'),
  hex('#9a6bf0'),
  hex('#f0d060'),
  hex('#4fd0b0'),
];

export const makeUnderwater: SceneBuilder = base => {
  const water = waterColors(base);
  // Distance under water fades into the water's own blue.
  const world: World = {
    ...base,
    light: { ...base.light, haze: water.middle, lit: water.lit, glow: water.lit, body: 'none', shadow: water.deep },
  };
  const { width, height, unit, direction, random } = world;
  const backdrop = makeBackdrop(world, water).fixed(world);
  const shafts = makeShafts(random.fork('shafts'), {
    x: width * random.fork('sun').range(0.35, 0.65),
    y: -height * 0.5,
    color: water.lit,
    strength: 0.46,
    from: -0.75,
    to: 0.75,
    reach: height * 1.65,
    count: 13,
  });
  const rows = [0, 0.5, 1].map((near, row) => {
    const ground = mix(height * 0.7, height * 0.92, near);
    const crest = crestLine(world, `bed ${row}`, {
      base: ground,
      swing: unit * mix(0.05, 0.07, near),
      waves: 2.4,
      sharp: 0.15,
    });
    const bed = makeLand(world, `bed ${row}`, {
      crest,
      lit: blend(hex('#e8d8a8'), water.lit, 0.35),
      shadow: blend(hex('#5a6a6a'), water.deep, 0.6),
      distance: mix(0.66, 0.12, near),
      relief: unit * 0.1,
      contrast: 0.7,
      mist: 0,
      headroom: unit * 0.5,
    });
    plantReef(world, bed, crest, row, near);
    return { near, depth: mix(0.2, 0.9, near), bed, weed: makeWeed(world, crest, row, near) };
  });
  const caustics = makeCaustics(world, height * 0.68, water.lit);
  const shoals = [
    makeShoal(world, 0, { count: 26, size: 0.022, depth: 0.3, haze: 0.5 }),
    makeShoal(world, 1, { count: 13, size: 0.042, depth: 0.6, haze: 0.15 }),
  ];
  const jellies = direction.props.has('jellyfish') ? makeJellyfish(world) : null;
  const snow = makeMotes(world, 'plankton', {
    count: 70,
    color: water.lit,
    size: [0.0015, 0.0045],
    strength: 0.5,
    rise: 0.008,
    blink: 0.3,
  });
  const bubbles = makeBubbles(world);
  return {
    paint(context, moment) {
      const { camera, time } = moment;
      context.drawImage(backdrop, 0, 0);
      for (const row of rows) {
        atDepth(context, world, camera, row.depth, () => {
          row.weed(context, time);
          row.bed.draw(context);
        });
        if (row.near === 0.5) {
          caustics.paint(context, moment);
          atDepth(context, world, camera, 0.3, () => shafts(context, time));
        }
        (row.near === 0 ? shoals[0] : row.near === 0.5 ? (jellies ?? shoals[1]) : null)?.paint(context, moment);
      }
      snow.paint(context, moment);
      bubbles.paint(context, moment);
    },
  };
};

interface WaterColors {
  readonly lit: Color;
  readonly middle: Color;
  readonly deep: Color;
}

function waterColors(world: World): WaterColors {
  const dim =
    world.direction.hour === 'night' || world.direction.moods.has('dark') || /deep sea/.test(world.direction.text)
      ? 0.55
      : 1;
  const tint = world.direction.colors[0];
  const colors = { lit: hex('#bff4ec'), middle: hex('#1f86b4'), deep: hex('#06264e') };
  const give = (color: Color, by: number): Color => shade(tint === undefined ? color : blend(color, tint, by), dim);
  return { lit: give(colors.lit, 0.2), middle: give(colors.middle, 0.4), deep: give(colors.deep, 0.2) };
}

function makeBackdrop(world: World, water: WaterColors): Layer {
  const { width, height } = world;
  const layer = new Layer(world, { resolution: 0.2 });
  const { context } = layer;
  const fill = context.createLinearGradient(0, -height * 0.1, 0, height);
  fill.addColorStop(0, css(blend(water.middle, water.lit, 0.62)));
  fill.addColorStop(0.3, css(blend(water.middle, water.lit, 0.14)));
  fill.addColorStop(0.68, css(blend(water.middle, water.deep, 0.4)));
  fill.addColorStop(1, css(blend(water.middle, water.deep, 0.7)));
  context.fillStyle = fill;
  context.fillRect(layer.left, layer.top, layer.width, layer.height);
  halo(context, width * 0.5, -height * 0.12, width * 0.6, water.lit, 0.8, 'screen');
  return layer;
}

/** Boulders of leafy coral along the bed, brighter the nearer. */
function plantReef(world: World, bed: Layer, crest: (x: number) => number, row: number, near: number): void {
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
function makeWeed(
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

function makeBubbles(world: World): Scene {
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
