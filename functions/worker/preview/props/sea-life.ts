/** Shoals of fish and slow jellyfish. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../color.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';

const SCALES: readonly [Color, ...Color[]] = [
  hex('#ffb347'),
  hex('#ffd94a'),
  hex('#ff7a59'),
  hex('#6fc8ff'),
  hex('#d7e6f2'),
];

export function makeShoal(
  world: World,
  index: number,
  kind: { count: number; size: number; depth: number; haze: number },
): Scene {
  const { width, height, unit, light } = world;
  const random = world.random.fork(`shoal ${index}`);
  const side = random.chance(0.5) ? 1 : -1;
  const color = blend(random.pick(SCALES), light.haze, kind.haze);
  const home = {
    x: width * (side > 0 ? random.range(0.2, 0.36) : random.range(0.64, 0.8)),
    y: height * random.range(0.3, 0.5),
  };
  const fish = Array.from({ length: kind.count }, () => {
    const angle = random.range(0, Math.PI * 2);
    const away = Math.sqrt(random.next());
    return {
      dx: Math.cos(angle) * away * unit * 0.3,
      dy: Math.sin(angle) * away * unit * 0.13,
      size: unit * kind.size * random.range(0.75, 1.25),
      phase: random.range(0, 6.28),
      pace: random.range(0.85, 1.15),
    };
  });
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, kind.depth, () => {
        const swim = side * time * unit * 0.075;
        for (const one of fish) {
          const x = home.x + swim + one.dx + Math.sin(time * 0.7 * one.pace + one.phase) * unit * 0.012;
          const y =
            home.y +
            one.dy +
            Math.sin(time * 0.5 + x * 0.004) * unit * 0.03 +
            Math.sin(time * one.pace + one.phase) * unit * 0.006;
          drawFish(context, x, y, one.size, side, Math.sin(time * 9 * one.pace + one.phase), color);
        }
      });
    },
  };
}

function drawFish(
  context: SKRSContext2D,
  x: number,
  y: number,
  size: number,
  side: number,
  beat: number,
  color: Color,
): void {
  context.save();
  context.translate(x, y);
  context.rotate(beat * 0.05);
  context.scale(side * size, size);
  const body = context.createLinearGradient(0, -0.32, 0, 0.3);
  body.addColorStop(0, css(shade(color, 0.62)));
  body.addColorStop(0.45, css(color));
  body.addColorStop(1, css(blend(color, [255, 255, 255], 0.55)));
  context.fillStyle = css(shade(color, 0.75));
  context.beginPath();
  context.moveTo(-0.55, 0);
  context.quadraticCurveTo(-0.8, -0.1 + beat * 0.1, -1, -0.3 + beat * 0.16);
  context.quadraticCurveTo(-0.84, beat * 0.12, -1, 0.3 + beat * 0.16);
  context.quadraticCurveTo(-0.8, 0.1 + beat * 0.1, -0.55, 0);
  context.moveTo(0.1, -0.24);
  context.quadraticCurveTo(-0.15, -0.52, -0.42, -0.34);
  context.quadraticCurveTo(-0.3, -0.2, -0.2, -0.18);
  context.fill();
  context.fillStyle = body;
  context.beginPath();
  context.moveTo(0.7, 0.02);
  context.bezierCurveTo(0.4, -0.38, -0.25, -0.36, -0.66, -0.05 + beat * 0.04);
  context.lineTo(-0.66, 0.05 + beat * 0.04);
  context.bezierCurveTo(-0.25, 0.36, 0.4, 0.36, 0.7, 0.02);
  context.fill();
  context.fillStyle = 'rgba(10, 14, 24, 0.85)';
  context.beginPath();
  context.arc(0.42, -0.05, 0.055, 0, Math.PI * 2);
  context.fill();
  context.restore();
}

/** Places in fractions of the frame, sizes of its shortest side; the nearest first. */
const JELLIES = [
  { x: 0.36, y: 0.4, size: 0.12, depth: 0.7 },
  { x: 0.66, y: 0.3, size: 0.085, depth: 0.5 },
  { x: 0.2, y: 0.24, size: 0.055, depth: 0.35 },
  { x: 0.82, y: 0.52, size: 0.06, depth: 0.4 },
  { x: 0.52, y: 0.16, size: 0.04, depth: 0.25 },
];

export function makeJellyfish(world: World): Scene {
  const { width, height, unit } = world;
  const random = world.random.fork('jellyfish');
  const glow = world.direction.colors[0] ?? random.pick([hex('#ff9ad0'), hex('#9ac8ff'), hex('#d0a0ff')]);
  const jellies = JELLIES.map(jelly => ({
    ...jelly,
    x: width * jelly.x,
    y: height * jelly.y,
    size: unit * jelly.size,
    phase: random.range(0, 6.28),
  }));
  return {
    paint(context, { time, camera }) {
      for (const jelly of jellies.toReversed()) {
        atDepth(context, world, camera, jelly.depth, () => {
          const beat = Math.sin(time * 1.7 + jelly.phase);
          drawJelly(
            context,
            jelly.x + Math.sin(time * 0.4 + jelly.phase) * unit * 0.02,
            jelly.y - time * unit * 0.012 + beat * unit * 0.006,
            jelly.size,
            beat,
            time + jelly.phase,
            glow,
          );
        });
      }
    },
  };
}

function drawJelly(
  context: SKRSContext2D,
  x: number,
  y: number,
  size: number,
  beat: number,
  time: number,
  color: Color,
): void {
  halo(context, x, y, size * 2.6, color, 0.4, 'screen');
  const wide = size * (1 - beat * 0.1);
  const high = size * (0.8 + beat * 0.1);
  context.lineCap = 'round';
  for (let arm = 0; arm < 11; arm++) {
    const from = (arm / 10) * 2 - 1;
    const long = size * (arm % 2 === 0 ? 2.6 : 1.7);
    context.strokeStyle = css(blend(color, [255, 255, 255], 0.4), arm % 2 === 0 ? 0.26 : 0.42);
    context.lineWidth = Math.max(0.8, size * (arm % 2 === 0 ? 0.018 : 0.045));
    context.beginPath();
    context.moveTo(x + from * wide * 0.82, y);
    const sway = (at: number): number => Math.sin(time * 1.5 - at * 2.6 + arm * 0.8) * size * 0.22 * at;
    context.bezierCurveTo(
      x + from * wide * 0.8 + sway(0.3),
      y + long * 0.33,
      x + from * wide * 0.6 + sway(0.7),
      y + long * 0.66,
      x + from * wide * 0.5 + sway(1),
      y + long,
    );
    context.stroke();
  }
  const bell = context.createRadialGradient(x, y - high * 0.35, size * 0.05, x, y - high * 0.2, size * 1.15);
  bell.addColorStop(0, css(blend(color, [255, 255, 255], 0.7), 0.9));
  bell.addColorStop(0.55, css(color, 0.5));
  bell.addColorStop(1, css(blend(color, [255, 255, 255], 0.3), 0.72));
  context.fillStyle = bell;
  context.beginPath();
  context.moveTo(x - wide, y + size * 0.06);
  context.bezierCurveTo(x - wide, y - high * 1.25, x + wide, y - high * 1.25, x + wide, y + size * 0.06);
  for (let scallop = 5; scallop >= 0; scallop--) {
    const to = x - wide + (scallop / 6) * wide * 2;
    context.quadraticCurveTo(to + wide / 6, y + size * 0.16, to, y + size * 0.05);
  }
  context.fill();
}
