/** What a direction puts into the sky, whatever lies under it. */

import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../drawing/color.ts';
import { clamp, smoothstep } from '../drawing/curves.ts';
import { halo } from '../drawing/lights.ts';
import { atDepth, type Scene, type World } from './world.ts';

/** Balloons, birds, northern lights, or meteors, as asked for: the `far` ones are beyond any land, the `near` ones fly before it. */
export function makeSkyProps(world: World, horizon: number, which: 'all' | 'far' | 'near' = 'all'): Scene {
  const { props } = world.direction;
  const parts: Scene[] = [];
  if (which !== 'near') {
    if (props.has('aurora')) parts.push(makeAurora(world, horizon));
    if (props.has('meteor')) parts.push(makeMeteors(world, horizon));
  }
  if (which === 'far') return inOrder(parts);
  if (props.has('balloon')) parts.push(makeBalloons(world, horizon));
  if (props.has('birds')) parts.push(makeBirds(world, horizon * 0.42));
  return inOrder(parts);
}

function inOrder(parts: readonly Scene[]): Scene {
  return {
    paint(context, moment) {
      for (const part of parts) part.paint(context, moment);
    },
  };
}

/** Shooting stars, one every second and a half or so. */
function makeMeteors(world: World, horizon: number): Scene {
  const random = world.random.fork('meteors');
  const { width, unit } = world;
  const meteors = Array.from({ length: 12 }, (_, index) => ({
    at: 0.3 + index * 1.45 + random.range(-0.3, 0.3),
    x: random.range(0.25, 1) * width,
    y: random.range(0.05, 0.4) * horizon,
    long: unit * random.range(0.18, 0.36),
  }));
  const tone = blend([255, 255, 255], world.light.glow, 0.3);
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, 0.04, () => {
        for (const { at, x, y, long } of meteors) {
          const age = (time - at) / 0.9;
          if (age <= 0 || age >= 1) continue;
          const bright = Math.sin(age * Math.PI);
          const hx = x - age * long * 1.8;
          const hy = y + age * long * 0.75;
          const tail = context.createLinearGradient(hx, hy, hx + long, hy - long * 0.42);
          tail.addColorStop(0, `rgba(255, 255, 255, ${(0.9 * bright).toFixed(3)})`);
          tail.addColorStop(1, 'rgba(255, 255, 255, 0)');
          context.strokeStyle = tail;
          context.lineWidth = Math.max(1, unit * 0.0032);
          context.lineCap = 'round';
          context.beginPath();
          context.moveTo(hx, hy);
          context.lineTo(hx + long, hy - long * 0.42);
          context.stroke();
          halo(context, hx, hy, unit * 0.025, tone, 0.9 * bright, 'lighter');
        }
      });
    },
  };
}

// Northern lights: hanging curtains of light, folded by slow noise. Computed small every frame, since they hold no edge.

const COLUMNS = 240;
const ROWS = 72;

export function makeAurora(world: World, horizon: number): Scene {
  const { soft, fine } = world.noises;
  const random = world.random.fork('aurora');
  const canvas = createCanvas(COLUMNS, ROWS);
  const context = canvas.getContext('2d');
  const image = new ImageData(COLUMNS, ROWS);
  const low: Color = world.direction.colors[0] ?? hex('#3dffa0');
  const high: Color = world.direction.colors[1] ?? hex('#8a5cff');
  const curtains = [0, 1, 2].map(index => ({
    base: 0.5 + index * 0.17 + random.range(-0.04, 0.04),
    offset: random.range(0, 256),
    strength: [0.6, 1, 0.75][index] ?? 1,
  }));
  return {
    paint(target, { time, camera }) {
      image.data.fill(0);
      for (const { base, offset, strength } of curtains) {
        for (let x = 0; x < COLUMNS; x++) {
          const fold = soft.at(x * 0.33 + offset + time * 1.1, offset + time * 1.6);
          const foot = (base + fold * 0.26) * ROWS;
          const ray = 0.5 + 0.5 * fine.at(x * 0.9 + offset + time * 2.4, offset + time * 1.3);
          const bright =
            strength *
            clamp(0.25 + ray * 0.95) *
            smoothstep(-0.75, 0.35, soft.at(x * 0.2 + offset + 90, offset + time * 1.2));
          const tall = ROWS * (0.28 + 0.34 * ray);
          for (let y = Math.max(0, Math.floor(foot - tall * 1.5)); y < Math.min(ROWS, foot + 5); y++) {
            const up = (foot - y) / tall;
            const light =
              bright * (up < 0 ? Math.max(0, 1 + up * tall * 0.25) : Math.exp(-up * 2.3)) * smoothstep(0, 9, y);
            const at = (y * COLUMNS + x) * 4;
            const share = clamp(up * 1.25);
            for (let channel = 0; channel < 3; channel++) {
              const tone = (low[channel] as number) + ((high[channel] as number) - (low[channel] as number)) * share;
              image.data[at + channel] = (image.data[at + channel] as number) + tone * light * 0.82;
            }
            image.data[at + 3] = 255;
          }
        }
      }
      context.putImageData(image, 0, 0);
      atDepth(
        target,
        world,
        camera,
        0.03,
        () => {
          target.save();
          target.globalCompositeOperation = 'screen';
          target.drawImage(
            canvas,
            -world.width * 0.12,
            -world.height * 0.1,
            world.width * 1.24,
            horizon + world.height * 0.08,
          );
          target.restore();
        },
        horizon,
      );
    },
  };
}

// Hot-air balloons, rising slowly.

const CLOTHS: readonly [readonly [Color, Color], ...(readonly [Color, Color])[]] = [
  [hex('#d9402f'), hex('#f8d25a')],
  [hex('#2f7fc4'), hex('#f6f1e4')],
  [hex('#e8743a'), hex('#7b2d5e')],
  [hex('#2e9e8f'), hex('#f7c548')],
];

export function makeBalloons(world: World, horizon: number): Scene {
  const random = world.random.fork('balloons');
  const { width, unit } = world;
  const sun = world.light.sun.x;
  const balloons = [
    { size: 0.17, x: sun > 0.5 ? 0.3 : 0.7, y: 0.42, depth: 0.3 },
    { size: 0.085, x: sun > 0.5 ? 0.55 : 0.45, y: 0.6, depth: 0.18 },
    { size: 0.055, x: sun > 0.5 ? 0.14 : 0.87, y: 0.68, depth: 0.14 },
  ].map((balloon, index) => ({
    ...balloon,
    x: balloon.x + random.range(-0.05, 0.05),
    colors: CLOTHS[(index + random.whole(0, 3)) % CLOTHS.length] ?? CLOTHS[0],
    phase: random.range(0, 6.28),
  }));
  return {
    paint(context, { time, camera }) {
      for (const { size, x, y, depth, colors, phase } of balloons.toReversed()) {
        atDepth(context, world, camera, depth, () => {
          const px = x * width + Math.sin(time * 0.3 + phase) * unit * 0.008 + time * unit * 0.006;
          const py = y * horizon - time * unit * 0.009 * (1 + size * 3);
          drawBalloon(context, world, px, py, size * unit, colors, 0.3 * (1 - depth * 3), time + phase);
        });
      }
    },
  };
}

function drawBalloon(
  context: SKRSContext2D,
  world: World,
  x: number,
  y: number,
  r: number,
  colors: readonly [Color, Color],
  haze: number,
  time: number,
): void {
  const { light } = world;
  const ambient = 0.5 + 0.5 * light.brightness;
  const tone = (color: Color): Color =>
    blend(blend(shade(color, ambient), light.lit, 0.16), light.haze, Math.max(0, haze));
  context.save();
  traceEnvelope(context, x, y, r);
  context.clip();
  const gores = 12;
  for (let gore = 0; gore < gores; gore++) {
    const left = -Math.cos((Math.PI * gore) / gores) * r;
    const right = -Math.cos((Math.PI * (gore + 1)) / gores) * r;
    context.fillStyle = css(tone(colors[gore % 2 === 0 ? 0 : 1]));
    context.beginPath();
    context.moveTo(x, y - r * 1.05);
    context.bezierCurveTo(x + left * 1.32, y - r * 1.0, x + left * 1.3, y + r * 0.3, x + left * 0.18, y + r * 1.35);
    context.lineTo(x + right * 0.18, y + r * 1.35);
    context.bezierCurveTo(x + right * 1.3, y + r * 0.3, x + right * 1.32, y - r * 1.0, x, y - r * 1.05);
    context.fill();
  }
  const lightFrom = light.sun.x * world.width < x ? -1 : 1;
  const volume = context.createRadialGradient(x + lightFrom * r * 0.4, y - r * 0.35, r * 0.1, x, y, r * 1.25);
  volume.addColorStop(0, css(light.lit, 0.36));
  volume.addColorStop(0.5, css(light.lit, 0));
  volume.addColorStop(0.55, css(light.shadow, 0));
  volume.addColorStop(1, css(light.shadow, 0.62));
  context.fillStyle = volume;
  context.fillRect(x - r * 1.2, y - r * 1.2, r * 2.4, r * 2.8);
  context.restore();
  const flicker = Math.max(0, Math.sin(time * 1.3)) ** 3;
  halo(context, x, y + r * 0.9, r * 0.9, [255, 186, 96], (0.18 + 0.3 * flicker) * (1.2 - light.brightness), 'lighter');
  context.strokeStyle = css(tone(hex('#4a3526')), 0.9);
  context.lineWidth = Math.max(0.6, r * 0.018);
  context.beginPath();
  for (const side of [-1, -0.35, 0.35, 1]) {
    context.moveTo(x + side * r * 0.17, y + r * 1.28);
    context.lineTo(x + side * r * 0.12, y + r * 1.56);
  }
  context.stroke();
  context.fillStyle = css(tone(hex('#6b4a2e')));
  context.beginPath();
  context.roundRect(x - r * 0.14, y + r * 1.55, r * 0.28, r * 0.2, r * 0.04);
  context.fill();
}

/** The outline of an envelope of radius `r` around `x`, `y`. */
function traceEnvelope(context: SKRSContext2D, x: number, y: number, r: number): void {
  context.beginPath();
  context.moveTo(x - r * 0.18, y + r * 1.32);
  context.bezierCurveTo(x - r * 0.42, y + r * 0.95, x - r, y + r * 0.6, x - r, y);
  context.bezierCurveTo(x - r, y - r * 0.62, x - r * 0.56, y - r * 1.05, x, y - r * 1.05);
  context.bezierCurveTo(x + r * 0.56, y - r * 1.05, x + r, y - r * 0.62, x + r, y);
  context.bezierCurveTo(x + r, y + r * 0.6, x + r * 0.42, y + r * 0.95, x + r * 0.18, y + r * 1.32);
  context.closePath();
}

// A loose flock crossing the sky, each bird with its own beat.

/** The flock flies around `y` pixels from the top. */
export function makeBirds(world: World, y: number): Scene {
  const random = world.random.fork('birds');
  const { width, unit } = world;
  const heading = random.chance(0.5) ? 1 : -1;
  const start = heading > 0 ? random.range(0.08, 0.3) : random.range(0.7, 0.92);
  const birds = Array.from({ length: random.whole(7, 11) }, (_, index) => ({
    x: (start + heading * -index * random.range(0.014, 0.034)) * width,
    y: y + (index % 2 === 0 ? 1 : -1) * index * unit * random.range(0.004, 0.013) + unit * random.range(-0.03, 0.03),
    span: unit * random.range(0.017, 0.03),
    beat: random.range(5, 7.5),
    phase: random.range(0, 6.28),
    pace: random.range(0.9, 1.1),
  }));
  const color = css(blend(world.light.shadow, [20, 20, 30], 0.5), 0.86);
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, 0.3, () => {
        for (const bird of birds) {
          const x = bird.x + heading * bird.pace * time * unit * 0.055;
          const glide = Math.sin(time * 0.7 + bird.phase) > 0.55 ? 0.25 : 1;
          const lift = Math.sin(time * bird.beat + bird.phase) * glide;
          drawBird(context, x, bird.y + Math.sin(time * 0.8 + bird.phase) * unit * 0.006, bird.span, lift, color);
        }
      });
    },
  };
}

function drawBird(context: SKRSContext2D, x: number, y: number, span: number, lift: number, color: string): void {
  const tip = -lift * span * 0.42;
  const elbow = -span * 0.2 - lift * span * 0.2;
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(x - span, y + tip);
  context.quadraticCurveTo(x - span * 0.5, y + elbow - span * 0.06, x, y);
  context.quadraticCurveTo(x + span * 0.5, y + elbow - span * 0.06, x + span, y + tip);
  context.quadraticCurveTo(x + span * 0.46, y + elbow + span * 0.1, x, y + span * 0.14);
  context.quadraticCurveTo(x - span * 0.46, y + elbow + span * 0.1, x - span, y + tip);
  context.fill();
}
