/** A skyline over water: rows of lit towers in haze, lights moving along the quay, everything doubled in the wet. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex } from '../drawing/color.ts';
import { halo } from '../drawing/lights.ts';
import { makeMistBand, makeSky } from './sky.ts';
import { makeSkyProps } from './sky-props.ts';
import { type Blocks, makeBlocks } from './towers.ts';
import { makeWater } from './water.ts';
import { atDepth, type Scene, type SceneBuilder, type World } from './world.ts';

const ROWS = 4;

export const makeCity: SceneBuilder = world => {
  const { height, unit, direction } = world;
  const quay = height * 0.74;
  const sky = makeSky(world, quay);
  const skyProps = makeSkyProps(world, quay * 0.8);
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const near = row / (ROWS - 1);
    return {
      near,
      depth: 0.1 + 0.22 * near,
      blocks: makeBlocks(world, row, near, quay),
      haze: makeMistBand(world, `street ${row}`, quay - unit * 0.04, unit * 0.17, 0.34 * (1 - near), 0.1 + 0.22 * near),
    };
  });
  const front = rows[ROWS - 1]?.blocks;
  const signs =
    front !== undefined && (direction.props.has('neon') || direction.style === 'cyberpunk')
      ? makeSigns(world, front, quay)
      : null;
  const traffic = makeTraffic(world, quay);
  const water = makeWater(world, quay, {
    roughness: 0.42,
    deep: blend(world.light.shadow, [2, 4, 10], 0.4),
    mirror: 0.96,
    scale: 0.75,
  });
  return {
    paint(context, moment) {
      sky.paint(context, moment);
      skyProps.paint(context, moment);
      for (const { depth, near, blocks, haze } of rows) {
        atDepth(
          context,
          world,
          moment.camera,
          depth,
          () => {
            blocks.layer.draw(context);
            blink(context, blocks, moment.time, near, unit, world.light.brightness);
          },
          quay,
        );
        haze.paint(context, moment);
      }
      signs?.paint(context, moment);
      traffic.paint(context, moment);
      water.paint(context, moment);
    },
  };
};

/** Lamps in windows and on masts that go on and off. */
function blink(
  context: SKRSContext2D,
  blocks: Blocks,
  time: number,
  near: number,
  unit: number,
  brightness: number,
): void {
  for (const [index, { x, y, w, h, color }] of blocks.blinking.entries()) {
    const wave = Math.sin(time * 0.9 + index * 2.399);
    if (wave < 0.35) continue;
    context.fillStyle = css(color, Math.min(1, (wave - 0.35) * 6) * (1 - brightness * 0.7));
    context.fillRect(x - w * 0.1, y - h * 0.1, w * 1.2, h * 1.2);
  }
  for (const [index, tower] of blocks.towers.entries()) {
    if (tower.mast === 0) continue;
    const pulse = Math.max(0, Math.sin(time * 2.6 + index)) ** 6;
    halo(
      context,
      tower.x + tower.wide * 0.5,
      tower.top - tower.mast,
      unit * (0.012 + 0.012 * near),
      [255, 66, 48],
      pulse * (1 - brightness * 0.7),
      'lighter',
    );
  }
}

const TUBES: readonly [Color, ...Color[]] = [
  hex('#ff2f9a'),
  hex('#22d8ff'),
  hex('#9a5bff'),
  hex('#ff7a2f'),
  hex('#3dffb0'),
];

/** Neon: upright signs on the front towers, some of them faulty, and lines along the roofs. */
function makeSigns(world: World, blocks: Blocks, ground: number): Scene {
  const random = world.random.fork('neon');
  const { unit } = world;
  const tubes =
    world.direction.colors.length > 0 ? ([...world.direction.colors, TUBES[1]] as unknown as typeof TUBES) : TUBES;
  const signs = blocks.towers
    .filter(tower => ground - tower.top > unit * 0.1 && random.chance(0.8))
    .map(tower => {
      const high = (ground - tower.top) * random.range(0.3, 0.55);
      return {
        x: tower.x + tower.wide * random.range(0.12, 0.7),
        y: tower.top + (ground - tower.top) * random.range(0.1, 0.3),
        w: unit * random.range(0.016, 0.036),
        high,
        roof: random.chance(0.5) ? tower : null,
        color: random.pick(tubes),
        faulty: random.chance(0.2),
        phase: random.range(0, 6.28),
        bars: random.whole(3, 7),
      };
    });
  return {
    paint(context, { time, camera }) {
      atDepth(
        context,
        world,
        camera,
        0.32,
        () => {
          context.save();
          context.globalCompositeOperation = 'lighter';
          for (const sign of signs) {
            const flicker =
              sign.faulty && Math.sin(time * 23 + sign.phase) * Math.sin(time * 7.7) > 0.3
                ? 0.35
                : 0.92 + 0.08 * Math.sin(time * 3 + sign.phase);
            halo(
              context,
              sign.x + sign.w / 2,
              sign.y + sign.high / 2,
              sign.high * 1.5,
              sign.color,
              0.5 * flicker,
              'lighter',
            );
            context.strokeStyle = css(sign.color, flicker);
            context.lineWidth = Math.max(1.2, unit * 0.0034);
            context.strokeRect(sign.x, sign.y, sign.w, sign.high);
            context.fillStyle = css(blend(sign.color, [255, 255, 255], 0.45), 0.85 * flicker);
            context.beginPath();
            for (let bar = 0; bar < sign.bars; bar++) {
              const step = sign.high / sign.bars;
              context.rect(sign.x + sign.w * 0.25, sign.y + step * (bar + 0.22), sign.w * 0.5, step * 0.5);
            }
            context.fill();
            if (sign.roof !== null) {
              context.fillStyle = css(sign.color, 0.8 * flicker);
              context.fillRect(sign.roof.x, sign.roof.top - unit * 0.0015, sign.roof.wide, Math.max(1, unit * 0.003));
            }
          }
          context.restore();
        },
        ground,
      );
    },
  };
}

/** Headlamps one way and tail lamps the other along the quay. */
function makeTraffic(world: World, quay: number): Scene {
  const random = world.random.fork('traffic');
  const { width, unit, light } = world;
  const cars = Array.from({ length: 34 }, (_, index) => ({
    start: random.next(),
    pace: random.range(0.05, 0.09) * (index % 2 === 0 ? 1 : -1),
    color: (index % 2 === 0 ? [255, 236, 200] : [255, 62, 44]) as Color,
    y: quay - unit * (index % 2 === 0 ? 0.006 : 0.011),
  }));
  const night = 1 - light.brightness * 0.75;
  const wall = css(blend(light.shadow, [10, 12, 20], 0.45));
  return {
    paint(context, { time, camera }) {
      atDepth(
        context,
        world,
        camera,
        0.34,
        () => {
          context.fillStyle = wall;
          context.fillRect(-width * 0.15, quay - unit * 0.005, width * 1.3, unit * 0.012);
          for (let post = -4; post < 34; post++)
            halo(
              context,
              (post / 30) * width,
              quay - unit * 0.026,
              unit * 0.02,
              [255, 206, 132],
              0.75 * night,
              'lighter',
            );
          for (const car of cars) {
            const place = (((car.start + time * car.pace) % 1) + 1) % 1;
            halo(context, (place * 1.3 - 0.15) * width, car.y, unit * 0.013, car.color, night, 'lighter');
          }
        },
        quay,
      );
    },
  };
}
