/** Light as it is drawn: soft, additive, falling off fast. Each colour's glow is painted once and then stamped, at any size. */
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { atDepth, Layer, type Scene, type World } from '../scenes/world.ts';
import { type Color, css } from './color.ts';
import { smoothstep } from './curves.ts';
import type { Random } from './random.ts';

const SIDE = 128;
/** Colours seen so far; a scene has a few dozen. */
const stamps = new Map<number, Canvas>();

/** A soft round light of `radius` pixels; `strength` 0 to 1 at its middle. */
export function halo(
  context: SKRSContext2D,
  x: number,
  y: number,
  radius: number,
  color: Color,
  strength: number,
  mode: 'lighter' | 'screen' | 'source-over' = 'screen',
): void {
  const alpha = context.globalAlpha;
  const before = context.globalCompositeOperation;
  context.globalAlpha = Math.min(1, alpha * strength);
  context.globalCompositeOperation = mode;
  context.drawImage(stampOf(color), x - radius, y - radius, radius * 2, radius * 2);
  context.globalAlpha = alpha;
  context.globalCompositeOperation = before;
}

function stampOf(color: Color): Canvas {
  const [r, g, b] = [Math.round(color[0]), Math.round(color[1]), Math.round(color[2])];
  const key = (r << 16) | (g << 8) | b;
  const known = stamps.get(key);
  if (known !== undefined) return known;
  const stamp = createCanvas(SIDE, SIDE);
  const image = new ImageData(SIDE, SIDE);
  for (let at = 0; at < image.data.length; at += 4) {
    const px = ((at / 4) % SIDE) + 0.5 - SIDE / 2;
    const py = Math.floor(at / 4 / SIDE) + 0.5 - SIDE / 2;
    const away = Math.hypot(px, py) / (SIDE / 2);
    // Falls off like light does: fast at first, with a long tail that ends at the rim.
    const light = (1 / (1 + 14 * away * away)) * smoothstep(1, 0.25, away);
    image.data[at] = r;
    image.data[at + 1] = g;
    image.data[at + 2] = b;
    image.data[at + 3] = 255 * light;
  }
  stamp.getContext('2d').putImageData(image, 0, 0);
  stamps.set(key, stamp);
  return stamp;
}

// Small lights adrift in the air: dust in a sunbeam, fireflies, plankton.

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

// Stars above a horizon. Most are painted once; the brightest twinkle.

const TONES: readonly [Color, ...Color[]] = [
  [255, 255, 255],
  [206, 222, 255],
  [255, 236, 210],
  [190, 210, 255],
];

export function makeStars(world: World, horizon: number, depth = 0.03, density = 1): Scene {
  const random = world.random.fork('stars');
  const layer = new Layer(world);
  const area = (layer.width * layer.height) / (960 * 540);
  const size = world.unit / 540;
  const context = layer.context;
  for (let star = 0; star < 520 * area * density * world.light.stars; star++) {
    const x = layer.left + random.next() * layer.width;
    const y = layer.top + random.next() * layer.height;
    const fade = smoothstep(horizon, horizon * 0.45, y);
    const bright = random.next() ** 5;
    if (fade <= 0) continue;
    context.fillStyle = css(random.pick(TONES), fade * (0.22 + 0.78 * bright));
    context.beginPath();
    context.arc(x, y, size * (0.5 + 0.9 * bright), 0, Math.PI * 2);
    context.fill();
  }
  const twinklers = Array.from({ length: Math.round(34 * density) }, () => ({
    x: layer.left + random.next() * layer.width,
    y: layer.top + random.next() * (horizon - layer.top) * 0.85,
    size: size * random.range(1.1, 2),
    tone: random.pick(TONES),
    speed: random.range(1.5, 4),
    phase: random.range(0, 6.28),
  }));
  return {
    paint(target, { time, camera }) {
      atDepth(target, world, camera, depth, () => {
        layer.draw(target);
        for (const star of twinklers) {
          const pulse = 0.6 + 0.4 * Math.sin(time * star.speed + star.phase);
          const fade = smoothstep(horizon, horizon * 0.5, star.y) * world.light.stars * pulse;
          if (fade > 0.02) halo(target, star.x, star.y, star.size * 5, star.tone, fade, 'lighter');
        }
      });
    },
  };
}

// Shafts of light falling from one place, swelling and fading on their own.

export interface Shafts {
  readonly x: number;
  readonly y: number;
  readonly color: Color;
  readonly strength: number;
  /** Angles of the outermost shafts, in radians from straight down. */
  readonly from: number;
  readonly to: number;
  /** How far they reach, in pixels. */
  readonly reach: number;
  readonly count: number;
}

/** Prepares the shafts; the returned function draws them at `time` seconds. */
export function makeShafts(random: Random, kind: Shafts): (context: SKRSContext2D, time: number) => void {
  const shafts = Array.from({ length: kind.count }, (_, index) => ({
    angle: kind.from + ((kind.to - kind.from) * (index + random.range(0.1, 0.9))) / kind.count,
    spread: ((kind.to - kind.from) / kind.count) * random.range(0.35, 1.1),
    reach: kind.reach * random.range(0.7, 1.1),
    speed: random.range(0.35, 0.9),
    phase: random.range(0, 6.28),
    strength: random.range(0.45, 1),
  }));
  const beam = paintBeam(kind.color, 0.12);
  return (context, time) => {
    context.save();
    context.globalCompositeOperation = 'screen';
    context.translate(kind.x, kind.y);
    for (const shaft of shafts) {
      const breath = 0.55 + 0.45 * Math.sin(time * shaft.speed + shaft.phase);
      const angle = shaft.angle + Math.sin(time * 0.23 + shaft.phase) * 0.02;
      context.save();
      context.rotate(Math.PI / 2 - angle);
      context.scale(shaft.reach, shaft.reach * shaft.spread);
      context.globalAlpha = Math.min(1, kind.strength * shaft.strength * breath * 1.5);
      context.drawImage(beam, 0, -1, 1, 2);
      context.restore();
    }
    context.restore();
  };
}

// A cone of light as a small picture: it starts at the middle of the left edge and opens to the right, soft across and fading along.

const LONG = 192;
const WIDE = 64;

/** Draw it into the unit rectangle (0, -1) to (1, 1) under a transform of your own. `narrow` is the share of its width at the start. */
export function paintBeam(color: Color, narrow = 0.03): Canvas {
  const canvas = createCanvas(LONG, WIDE);
  const image = new ImageData(LONG, WIDE);
  for (let y = 0, at = 0; y < WIDE; y++) {
    for (let x = 0; x < LONG; x++, at += 4) {
      const along = x / (LONG - 1);
      const open = narrow + (0.93 - narrow) * along;
      const across = Math.abs(y - (WIDE - 1) / 2) / (WIDE / 2) / open;
      const light = Math.exp(-across * across * 5) * 0.85 * (1 - along) ** 1.7 * (0.5 + 0.5 / (0.6 + along * 3));
      image.data[at] = color[0];
      image.data[at + 1] = color[1];
      image.data[at + 2] = color[2];
      image.data[at + 3] = 255 * light;
    }
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
