/** A cup of something hot, with steam that curls. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css, hex, shade } from '../color.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';

/** Stands at `x`, `foot`; `size` is its height in pixels. */
export function makeCup(world: World, x: number, foot: number, size: number): Scene {
  const { noises, direction } = world;
  const glaze: Color = blend(direction.colors[0] ?? hex('#e8dcc8'), [120, 70, 40], 0.16);
  const drink = /tea|茶/.test(direction.text) ? hex('#a5561c') : hex('#38190c');
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, 0.7, () => {
        drawCup(context, x, foot, size, glaze, drink);
        const top = foot - size * 0.96;
        for (let wisp = 0; wisp < 34; wisp++) {
          const age = (wisp / 34 + time * 0.16) % 1;
          const strand = wisp % 2 === 0 ? 0 : 110;
          const curl = noises.soft.at(age * 26 - time * 5 + strand, strand) * size * 0.32 * age;
          const alpha = 0.13 * Math.sin(Math.PI * Math.min(1, age * 1.05)) ** 1.2;
          halo(
            context,
            x + curl + (wisp % 2 === 0 ? -0.12 : 0.12) * size,
            top - age * size * 1.35,
            size * (0.08 + 0.17 * age),
            [255, 238, 214],
            alpha,
            'screen',
          );
        }
      });
    },
  };
}

function drawCup(context: SKRSContext2D, x: number, foot: number, size: number, glaze: Color, drink: Color): void {
  const r = size * 0.62;
  const top = foot - size * 0.92;
  context.save();
  context.translate(x, foot);
  context.scale(1, 0.26);
  const saucer = context.createRadialGradient(0, -size * 0.1, r * 0.2, 0, 0, r * 1.75);
  saucer.addColorStop(0, css(shade(glaze, 0.5)));
  saucer.addColorStop(0.6, css(shade(glaze, 0.82)));
  saucer.addColorStop(0.94, css(glaze));
  saucer.addColorStop(1, css(shade(glaze, 0.6)));
  context.fillStyle = 'rgba(10, 4, 2, 0.5)';
  context.beginPath();
  context.arc(size * 0.04, size * 0.28, r * 1.8, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = saucer;
  context.beginPath();
  context.arc(0, 0, r * 1.7, 0, Math.PI * 2);
  context.fill();
  context.restore();
  context.strokeStyle = css(shade(glaze, 0.74));
  context.lineWidth = size * 0.09;
  context.beginPath();
  context.ellipse(x + r * 1.0, foot - size * 0.52, size * 0.25, size * 0.24, 0.2, -1.5, 1.7);
  context.stroke();
  const body = context.createLinearGradient(x - r, 0, x + r, 0);
  for (const [stop, tone] of [
    [0, 0.5],
    [0.2, 0.86],
    [0.42, 1.02],
    [0.75, 0.78],
    [1, 0.44],
  ] as const)
    body.addColorStop(stop, css(shade(glaze, tone)));
  context.fillStyle = body;
  context.beginPath();
  context.moveTo(x - r, top);
  context.bezierCurveTo(
    x - r * 1.0,
    foot - size * 0.35,
    x - r * 0.72,
    foot - size * 0.04,
    x - r * 0.5,
    foot + size * 0.02,
  );
  context.quadraticCurveTo(x, foot + size * 0.1, x + r * 0.5, foot + size * 0.02);
  context.bezierCurveTo(x + r * 0.72, foot - size * 0.04, x + r * 1.0, foot - size * 0.35, x + r, top);
  context.fill();
  for (const [scale, color] of [
    [1, shade(glaze, 1.04)],
    [0.93, shade(glaze, 0.62)],
    [0.88, drink],
  ] as const) {
    context.fillStyle = css(color);
    context.beginPath();
    context.ellipse(x, top + (1 - scale) * size * 0.16, r * scale, r * 0.25 * scale, 0, 0, Math.PI * 2);
    context.fill();
  }
  halo(context, x + r * 0.25, top + size * 0.02, r * 0.5, [255, 190, 110], 0.32, 'screen');
}
