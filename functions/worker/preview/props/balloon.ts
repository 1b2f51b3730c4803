/** Hot-air balloons, rising slowly. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../color.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';

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
