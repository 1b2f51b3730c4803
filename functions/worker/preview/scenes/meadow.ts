/** A field in flower: soft hills behind, drifts of colour in the middle, and blades and blossoms in front that the wind moves. */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../drawing/color.ts';
import { mix } from '../drawing/curves.ts';
import { makeMotes } from '../drawing/lights.ts';
import { crestLine, makeLand, traceLeafy } from './land.ts';
import { flowersFor, makeCabin, pressFlowers, stampFlower } from './land-props.ts';
import { makeSky } from './sky.ts';
import { makeSkyProps } from './sky-props.ts';
import { atDepth, type Layer, type Scene, type SceneBuilder, type World } from './world.ts';

export const makeMeadow: SceneBuilder = world => {
  const { height, unit, light, direction } = world;
  const { props } = direction;
  const horizon = height * 0.56;
  const sky = makeSky(world, horizon);
  const skyProps = makeSkyProps(world, horizon);
  const grass = {
    lit: blend(/wheat|autumn/.test(direction.text) ? hex('#e6bd55') : hex('#9ccc4c'), light.lit, 0.3),
    dark: blend(/wheat|autumn/.test(direction.text) ? hex('#7a5a22') : hex('#2c5a2a'), light.shadow, 0.45),
  };
  const hills = [0, 1, 2].map(row => {
    const near = row / 2;
    const crest = crestLine(world, `rise ${row}`, {
      base: horizon + unit * mix(-0.02, 0.08, near),
      swing: unit * 0.06,
      waves: mix(3, 1.8, near),
      sharp: 0.05,
    });
    const layer = makeLand(world, `rise ${row}`, {
      crest,
      lit: grass.lit,
      shadow: grass.dark,
      distance: mix(0.6, 0.12, near),
      relief: unit * 0.16,
      contrast: 0.8,
      headroom: unit * 0.2,
      mist: 0.3 * (1 - near),
      foot: horizon + unit * 0.15,
    });
    if (row < 2) plantCopse(world, layer, crest, near);
    return { layer, crest, depth: mix(0.12, 0.34, near) };
  });
  const front = hills[2];
  if (front !== undefined) scatterFlowers(world, front.layer, front.crest);
  const cabin = props.has('cabin') && hills[1] !== undefined ? makeCabin(world, hills[1].crest, hills[1].depth) : null;
  const bank = [makeBank(world, 0, 0.35, grass), makeBank(world, 1, 0.7, grass), makeBank(world, 2, 1, grass)];
  const pollen = makeMotes(world, 'pollen', {
    count: 40,
    color: light.glow,
    size: [0.002, 0.005],
    strength: 0.6,
    rise: 0.01,
    blink: 0.4,
    band: [0.35, 1],
  });
  return {
    paint(context, moment) {
      const { camera, time } = moment;
      sky.paint(context, moment);
      skyProps.paint(context, moment);
      for (const [row, { layer, depth }] of hills.entries()) {
        atDepth(context, world, camera, depth, () => layer.draw(context), horizon);
        if (row === 1) cabin?.paint(context, moment);
      }
      bank[0]?.(context, moment.camera, time);
      bank[1]?.(context, moment.camera, time);
      bank[2]?.(context, moment.camera, time);
      pollen.paint(context, moment);
    },
  };
};

function plantCopse(world: World, layer: Layer, crest: (x: number) => number, near: number): void {
  const random = world.random.fork(`copse ${near}`);
  const { context } = layer;
  const { light, unit } = world;
  for (const bright of [0, 0.3]) {
    context.fillStyle = css(
      blend(blend(blend(hex('#2f5a2c'), light.shadow, 0.4), light.lit, bright), light.haze, mix(0.62, 0.34, near)),
    );
    context.beginPath();
    for (let group = 0; group < 7; group++) {
      const middle = layer.left + random.next() * layer.width;
      for (let tree = random.whole(2, 7); tree > 0; tree--) {
        const x = middle + random.range(-1, 1) * unit * 0.07;
        traceLeafy(context, x, crest(x) + unit * 0.01, unit * mix(0.04, 0.085, near) * random.range(0.7, 1.2), random);
      }
    }
    context.fill();
  }
}

/** Drifts of small flowers up to the horizon, drawn once. */
function scatterFlowers(world: World, layer: Layer, crest: (x: number) => number): void {
  const { height, unit, light, noises } = world;
  const random = world.random.fork('drifts');
  const { petals } = flowersFor(world);
  const { context } = layer;
  for (let flower = 0; flower < 3600; flower++) {
    const depth = random.next() ** 1.7;
    const x = layer.left + random.next() * layer.width;
    const y = crest(x) + unit * 0.012 + (height * 1.02 - crest(x)) * depth;
    const drift = noises.soft.at((x * 40) / unit + depth * 30, depth * 130);
    if (drift < -0.12) continue;
    const color = petals[Math.floor((drift * 2.2 + random.next() * 0.8 + 3) * petals.length) % petals.length] as Color;
    const size = unit * mix(0.0012, 0.0062, depth);
    context.fillStyle = css(
      blend(blend(shade(color, random.range(0.75, 1.08)), light.lit, 0.16), light.haze, 0.36 * (1 - depth)),
      0.92,
    );
    context.beginPath();
    context.ellipse(x, y, size * 1.3, size * 0.85, 0, 0, Math.PI * 2);
    context.fill();
  }
}

/** One bank of grass and flowers. Blades of one shade are one path: a field costs a dozen fills. */
function makeBank(world: World, index: number, near: number, grass: { lit: Color; dark: Color }) {
  const { width, height, unit, light, direction } = world;
  const random = world.random.fork(`bank ${index}`);
  const { petals, kind } = flowersFor(world);
  const foot = mix(height * 0.86, height * 1.09, near);
  const tall = unit * mix(0.08, 0.29, near);
  const shades = Array.from({ length: 4 }, (_, step) =>
    css(blend(blend(grass.dark, grass.lit, 0.1 + step * 0.24), light.haze, 0.12 * (1 - near))),
  );
  const count = Math.round(mix(300, 170, near) * (width / unit / 1.78));
  const blades = Array.from({ length: count }, () => {
    const place = random.next() * 1.28 - 0.14;
    const valley = 0.55 + 0.9 * Math.abs(place - 0.5) ** 1.3;
    return {
      x: place * width,
      tall: tall * random.range(0.5, 1.15) * valley,
      wide: unit * mix(0.003, 0.0085, near) * random.range(0.7, 1.2),
      lean: random.range(-0.3, 0.3),
      shade: random.whole(0, 3),
      phase: random.range(0, 1),
    };
  });
  const heads = pressFlowers(
    kind,
    petals.map(color => blend(color, light.lit, 0.1)),
  ) as unknown as readonly [Canvas, ...Canvas[]];
  const flowers = Array.from({ length: Math.round(mix(60, 26, near) * (width / unit / 1.78)) }, () => {
    const place = random.next() * 1.2 - 0.1;
    return {
      x: place * width,
      tall: tall * random.range(0.75, 1.3) * (0.6 + 0.9 * Math.abs(place - 0.5) ** 1.3),
      size: unit * mix(0.009, 0.03, near) * random.range(0.7, 1.15),
      head: random.pick(heads),
      phase: random.next(),
    };
  });
  const gusty = direction.weather.has('wind') || direction.weather.has('storm') ? 2.2 : 1;
  const windAt = (x: number, phase: number, time: number): number =>
    (Math.sin(time * 1.3 - x / (unit * 0.42) + phase) * 0.6 + Math.sin(time * 2.9 + phase * 6) * 0.18 + 0.2) *
    0.2 *
    gusty;
  return (context: SKRSContext2D, camera: Parameters<Scene['paint']>[1]['camera'], time: number): void => {
    atDepth(context, world, camera, mix(0.45, 1, near), () => {
      for (const [step, color] of shades.entries()) {
        context.fillStyle = color;
        context.beginPath();
        for (const blade of blades) {
          if (blade.shade !== step) continue;
          const tip = blade.x + (blade.lean + windAt(blade.x, blade.phase, time)) * blade.tall;
          const mid = blade.x + blade.lean * blade.tall * 0.35;
          context.moveTo(blade.x - blade.wide, foot);
          context.quadraticCurveTo(mid - blade.wide, foot - blade.tall * 0.6, tip, foot - blade.tall);
          context.quadraticCurveTo(mid + blade.wide, foot - blade.tall * 0.6, blade.x + blade.wide, foot);
        }
        context.fill();
      }
      context.strokeStyle = shades[1] ?? css(grass.dark);
      context.lineWidth = Math.max(0.8, unit * mix(0.0016, 0.0036, near));
      context.beginPath();
      for (const flower of flowers) {
        const sway = windAt(flower.x, flower.phase, time) * flower.tall;
        context.moveTo(flower.x, foot);
        context.quadraticCurveTo(flower.x + sway * 0.2, foot - flower.tall * 0.6, flower.x + sway, foot - flower.tall);
      }
      context.stroke();
      for (const flower of flowers) {
        const sway = windAt(flower.x, flower.phase, time) * flower.tall;
        stampFlower(context, flower.head, flower.x + sway, foot - flower.tall, flower.size);
      }
    });
  };
}
