/** City blocks: towers with setbacks and masts, and their windows, some lit. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../drawing/color.ts';
import { mix } from '../drawing/curves.ts';
import type { Random } from '../drawing/random.ts';
import { Layer, type World } from './world.ts';

export interface Tower {
  readonly x: number;
  readonly wide: number;
  readonly top: number;
  readonly mast: number;
}

export interface Blocks {
  readonly layer: Layer;
  readonly towers: readonly Tower[];
  /** Lit windows that may go out and come back: middle of each, and its size, in pixels. */
  readonly blinking: readonly {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
    readonly color: Color;
  }[];
}

const LAMPS: readonly [Color, ...Color[]] = [
  hex('#ffd08a'),
  hex('#ffe2b0'),
  hex('#fff1d6'),
  hex('#cfe4ff'),
  hex('#ffb867'),
];

/** One row of towers status on `ground`. `near` 0 is the far row, 1 the front one. */
export function makeBlocks(world: World, row: number, near: number, ground: number): Blocks {
  const { unit, light } = world;
  const random = world.random.fork(`blocks ${row}`);
  const layer = new Layer(world, { bottom: ground + 2 });
  const night = 1 - light.brightness;
  const front = blend(
    blend(hex('#4d6d8e'), light.shadow, 0.2 + 0.65 * night),
    light.haze,
    mix(0.62, 0.08, near) * (0.6 + 0.4 * light.brightness),
  );
  const blinking: { x: number; y: number; w: number; h: number; color: Color }[] = [];
  const towers: Tower[] = [];
  const step = unit * mix(0.075, 0.16, near);
  for (let x = layer.left; x < layer.left + layer.width; ) {
    const wide = step * random.range(0.55, 1.15);
    const middle = (x + wide / 2) / world.width;
    // Downtown stands a little off the middle; heights fall away from it.
    const crowd = Math.exp(-((middle - (light.sun.x > 0.5 ? 0.42 : 0.58)) ** 2) * mix(7, 4, near));
    const tall = unit * mix(0.62, 0.34, near) * (0.22 + 0.78 * crowd) * random.range(0.42, 1.08);
    const tower = {
      x,
      wide,
      top: ground - tall,
      mast: tall > unit * 0.3 && random.chance(0.4) ? tall * random.range(0.1, 0.28) : 0,
    };
    towers.push(tower);
    drawTower(layer.context, world, tower, ground, front, random, near);
    drawWindows(layer.context, tower, ground, random, near, night, light.haze, unit, blinking);
    x += wide + (random.chance(0.3) ? step * random.range(0.05, 0.25) : 0);
  }
  return { layer, towers, blinking };
}

function drawTower(
  context: SKRSContext2D,
  world: World,
  tower: Tower,
  ground: number,
  front: Color,
  random: Random,
  near: number,
): void {
  const { light } = world;
  const { x, wide, top, mast } = tower;
  const fromLeft = light.sun.x * world.width < x;
  const tone = shade(front, random.range(0.88, 1.12));
  const facing = context.createLinearGradient(x, 0, x + wide, 0);
  const bright = blend(tone, light.lit, 0.12 + 0.3 * light.brightness);
  facing.addColorStop(0, css(fromLeft ? bright : tone));
  facing.addColorStop(1, css(fromLeft ? tone : bright));
  context.fillStyle = facing;
  const cap = random.next();
  context.beginPath();
  context.rect(x, top, wide, ground - top);
  if (cap < 0.28) context.rect(x + wide * 0.18, top - wide * 0.3, wide * 0.64, wide * 0.32);
  if (cap < 0.14) context.rect(x + wide * 0.34, top - wide * 0.52, wide * 0.32, wide * 0.24);
  if (cap > 0.94) {
    context.moveTo(x, top + 1);
    context.lineTo(x + wide / 2, top - wide * 0.8);
    context.lineTo(x + wide, top + 1);
  }
  if (mast > 0) context.rect(x + wide * 0.48, top - mast, Math.max(1, wide * 0.035), mast);
  context.fill();
  // The foot of every block sinks into the haze of its street.
  const street = context.createLinearGradient(0, ground - world.unit * 0.26, 0, ground);
  street.addColorStop(0, css(light.haze, 0));
  street.addColorStop(1, css(blend(light.haze, light.glow, 0.3), mix(0.6, 0.22, near)));
  context.fillStyle = street;
  context.fillRect(x, Math.max(top, ground - world.unit * 0.26), wide, ground);
}

function drawWindows(
  context: SKRSContext2D,
  tower: Tower,
  ground: number,
  random: Random,
  near: number,
  night: number,
  haze: Color,
  unit: number,
  blinking: { x: number; y: number; w: number; h: number; color: Color }[],
): void {
  const cell = unit * mix(0.009, 0.0185, near);
  const columns = Math.max(2, Math.floor((tower.wide * 0.86) / cell));
  const pitch = (tower.wide * 0.86) / columns;
  const w = pitch * random.range(0.42, 0.72);
  const h = cell * random.range(0.5, 0.85);
  const floor = cell * random.range(1.15, 1.5);
  const share = random.range(0.22, 0.6) * (0.25 + 0.75 * night);
  const lamp = random.pick(LAMPS);
  for (let y = tower.top + floor * 0.7; y < ground - floor; y += floor) {
    const busy = random.chance(0.14) ? 0.9 : share;
    for (let column = 0; column < columns; column++) {
      const x = tower.x + tower.wide * 0.07 + column * pitch + (pitch - w) / 2;
      if (random.chance(busy)) {
        const color = blend(random.chance(0.75) ? lamp : random.pick(LAMPS), haze, mix(0.45, 0.04, near));
        const alpha = random.range(0.45, 1) * (0.35 + 0.65 * night);
        context.fillStyle = css(color, alpha);
        context.fillRect(x, y, w, h);
        if (random.chance(0.012)) blinking.push({ x, y, w, h, color });
      } else if (night < 0.6) {
        context.fillStyle = css([16, 26, 40], 0.16 * (0.4 + near));
        context.fillRect(x, y, w, h);
      }
    }
  }
}
