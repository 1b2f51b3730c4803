/** Camels in file along a dune, and pyramids on the horizon. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, css, hex, shade } from '../color.ts';
import { atDepth, type Scene, type World } from '../world.ts';

export function makeCaravan(world: World, crest: (x: number) => number, depth: number): Scene {
  const { width, unit, light } = world;
  const side = light.sun.x > 0.5 ? 1 : -1;
  const color = css(blend(hex('#2a1a12'), light.shadow, 0.45));
  const size = unit * 0.052;
  return {
    paint(context, { time, camera }) {
      atDepth(context, world, camera, depth, () => {
        context.fillStyle = color;
        context.strokeStyle = color;
        for (let camel = 0; camel < 6; camel++) {
          const x = width * (side > 0 ? 0.3 : 0.7) - side * camel * size * 1.75 + side * time * unit * 0.017;
          drawCamel(context, x, crest(x) + size * 0.05, size, side, time * 3.1 + camel * 1.3, camel % 3 === 0);
        }
      });
    },
  };
}

function drawCamel(
  context: SKRSContext2D,
  x: number,
  y: number,
  size: number,
  side: number,
  step: number,
  rider: boolean,
): void {
  context.save();
  context.translate(x, y + Math.sin(step * 2) * size * 0.012);
  context.scale(side * size, size);
  context.lineWidth = 0.075;
  context.lineCap = 'round';
  context.beginPath();
  for (const [hip, phase] of [
    [-0.3, 0],
    [-0.22, Math.PI],
    [0.24, Math.PI * 0.5],
    [0.32, Math.PI * 1.5],
  ] as const) {
    const swing = Math.sin(step + phase) * 0.13;
    context.moveTo(hip, -0.55);
    context.quadraticCurveTo(hip + swing * 0.3 + 0.02, -0.3, hip + swing, 0);
  }
  context.stroke();
  context.beginPath();
  context.moveTo(-0.42, -0.62);
  context.bezierCurveTo(-0.36, -0.84, -0.14, -0.8, -0.1, -0.86);
  context.bezierCurveTo(-0.02, -1.1, 0.1, -1.04, 0.14, -0.84);
  context.bezierCurveTo(0.26, -0.78, 0.36, -0.72, 0.42, -0.62);
  context.bezierCurveTo(0.5, -0.52, 0.58, -0.66, 0.6, -0.88);
  context.quadraticCurveTo(0.62, -1.06, 0.74, -1.06);
  context.lineTo(0.9, -0.99);
  context.quadraticCurveTo(0.88, -0.92, 0.76, -0.93);
  context.quadraticCurveTo(0.74, -0.5, 0.44, -0.44);
  context.quadraticCurveTo(0, -0.34, -0.36, -0.46);
  context.fill();
  if (rider) {
    context.beginPath();
    context.moveTo(-0.08, -0.9);
    context.lineTo(0, -1.34);
    context.lineTo(0.16, -0.92);
    context.arc(0.03, -1.38, 0.085, 0, Math.PI * 2);
    context.fill();
  }
  context.restore();
}

export function makePyramids(world: World, base: number): Scene {
  const { width, unit, light } = world;
  const random = world.random.fork('pyramids');
  const stone = blend(hex('#d8a865'), light.lit, 0.3);
  const shapes = [
    { x: 0.5, tall: 0.24, haze: 0.3 },
    { x: 0.68, tall: 0.16, haze: 0.4 },
    { x: 0.36, tall: 0.13, haze: 0.44 },
  ].map(shape => ({ ...shape, x: (light.sun.x > 0.5 ? shape.x - 0.1 : shape.x + 0.04) + random.range(-0.03, 0.03) }));
  return {
    paint(context, { camera }) {
      atDepth(context, world, camera, 0.14, () => {
        for (const { x, tall, haze } of shapes.toReversed()) {
          const px = x * width;
          const high = tall * unit;
          const half = high * 0.82;
          const edge = px + (light.sun.x > 0.5 ? -half * 0.22 : half * 0.22);
          const bright = css(blend(stone, light.haze, haze));
          const dark = css(blend(blend(shade(stone, 0.5), light.shadow, 0.4), light.haze, haze));
          for (const [corner, tone] of [
            [px - half, light.sun.x < 0.5 ? bright : dark],
            [px + half, light.sun.x < 0.5 ? dark : bright],
          ] as const) {
            context.fillStyle = tone;
            context.beginPath();
            context.moveTo(px, base - high);
            context.lineTo(corner, base + unit * 0.03);
            context.lineTo(edge, base + unit * 0.03);
            context.fill();
          }
        }
      });
    },
  };
}
