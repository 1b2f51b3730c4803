/** A rocket climbing on its flame, with a trail that widens and thins behind it. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../color.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';

export function makeRocket(world: World, horizon: number): Scene {
  const { width, unit, light } = world;
  const random = world.random.fork('rocket');
  const x0 = width * (light.sun.x > 0.5 ? 0.34 : 0.66);
  const size = unit * 0.17;
  const ambient = 0.6 + 0.4 * light.brightness;
  const puffs = Array.from({ length: 26 }, (_, index) => ({
    back: index / 25,
    side: random.range(-1, 1),
    size: random.range(0.7, 1.3),
    phase: random.range(0, 6.28),
  }));
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, 0.25, () => {
        const climb = unit * (0.03 * time + 0.011 * time * time);
        const lean = 0.18;
        const x = x0 + climb * lean;
        const y = horizon * 0.64 - climb;
        for (const { back, side, size: puff, phase } of puffs.toReversed()) {
          const px =
            x -
            (back * unit * 0.62 + size * 0.8) * lean +
            side * size * (0.06 + 0.3 * back) +
            Math.sin(time * 2 + phase) * size * 0.03;
          const py = y + size * 0.72 + back * unit * 0.6;
          const tone: Color = blend(
            [255, 214, 150],
            blend(light.sky[3], [255, 255, 255], 0.5),
            Math.min(1, back * 2.2),
          );
          halo(context, px, py, size * (0.2 + 0.62 * back) * puff, tone, 0.3 * (1 - back), 'source-over');
        }
        context.save();
        context.translate(x + Math.sin(time * 31) * size * 0.004, y);
        context.rotate(Math.atan(lean));
        context.scale(size, size);
        drawFlame(context, time);
        drawHull(context, light.sun.x * width < x, ambient, light.lit);
        context.restore();
      });
    },
  };
}

function drawFlame(context: SKRSContext2D, time: number): void {
  const flicker = 1 + 0.12 * Math.sin(time * 43) + 0.08 * Math.sin(time * 71);
  halo(context, 0, 0.62, 0.75, [255, 170, 80], 0.75, 'lighter');
  for (const [wide, long, color] of [
    [0.13, 0.75, '#ff8a2a'],
    [0.09, 0.55, '#ffc84a'],
    [0.05, 0.34, '#fff6d8'],
  ] as const) {
    context.fillStyle = css(hex(color), 0.9);
    context.beginPath();
    context.moveTo(-wide, 0.46);
    context.quadraticCurveTo(-wide * 0.9, 0.46 + long * 0.5 * flicker, 0, 0.46 + long * flicker);
    context.quadraticCurveTo(wide * 0.9, 0.46 + long * 0.5 * flicker, wide, 0.46);
    context.fill();
  }
}

function drawHull(context: SKRSContext2D, litFromLeft: boolean, ambient: number, key: Color): void {
  const body = context.createLinearGradient(-0.15, 0, 0.15, 0);
  const pale = blend(shade([240, 242, 248], ambient), key, 0.14);
  const stops = [0.98, 1, 0.78, 0.45];
  for (const [index, bright] of (litFromLeft ? stops : stops.toReversed()).entries())
    body.addColorStop(index / 3, css(shade(pale, bright)));
  context.fillStyle = css(shade(hex('#c8392f'), ambient));
  context.beginPath();
  context.moveTo(-0.12, 0.2);
  context.quadraticCurveTo(-0.28, 0.34, -0.26, 0.52);
  context.lineTo(-0.1, 0.42);
  context.lineTo(0.1, 0.42);
  context.lineTo(0.26, 0.52);
  context.quadraticCurveTo(0.28, 0.34, 0.12, 0.2);
  context.fill();
  context.fillStyle = body;
  context.beginPath();
  context.moveTo(0, -0.6);
  context.bezierCurveTo(0.13, -0.42, 0.17, -0.2, 0.15, 0.1);
  context.quadraticCurveTo(0.14, 0.3, 0.09, 0.46);
  context.lineTo(-0.09, 0.46);
  context.quadraticCurveTo(-0.14, 0.3, -0.15, 0.1);
  context.bezierCurveTo(-0.17, -0.2, -0.13, -0.42, 0, -0.6);
  context.fill();
  context.fillStyle = css(shade(hex('#c8392f'), ambient));
  context.beginPath();
  context.moveTo(0, -0.6);
  context.bezierCurveTo(0.06, -0.51, 0.1, -0.42, 0.118, -0.34);
  context.quadraticCurveTo(0, -0.3, -0.118, -0.34);
  context.bezierCurveTo(-0.1, -0.42, -0.06, -0.51, 0, -0.6);
  context.fill();
  for (const [radius, color] of [
    [0.075, '#59616e'],
    [0.056, '#8fd0f0'],
  ] as const) {
    context.fillStyle = css(shade(hex(color), ambient));
    context.beginPath();
    context.arc(0, -0.12, radius, 0, Math.PI * 2);
    context.fill();
  }
}
