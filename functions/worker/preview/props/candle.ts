/** A candle: wax that glows from within, a wavering flame, its light around it and on the table. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Color, css, hex } from '../color.ts';
import { halo } from '../glow.ts';
import { atDepth, type Scene, type World } from '../world.ts';

const FIRE: Color = [255, 176, 84];

/** Stands at `x`, `foot`; `tall` pixels of wax. */
export function makeCandle(world: World, x: number, foot: number, tall: number): Scene {
  const { unit, noises } = world;
  const phase = world.random.fork(`candle ${x.toFixed(0)}`).range(0, 200);
  const wide = unit * 0.042;
  const top = foot - tall;
  return {
    paint(context, { time, camera }) {
      const breath = noises.soft.at(time * 9 + phase, phase);
      const lean = noises.soft.at(time * 6 + phase, phase + 50);
      const bright = 0.88 + breath * 0.2;
      atDepth(context, world, camera, 0.62, () => {
        context.save();
        context.translate(x, foot + unit * 0.008);
        context.scale(1, 0.24);
        halo(context, 0, 0, unit * 0.34, FIRE, 0.5 * bright, 'lighter');
        const shadow = context.createRadialGradient(0, 0, wide * 0.6, 0, 0, wide * 2.2);
        shadow.addColorStop(0, 'rgba(12, 5, 3, 0.75)');
        shadow.addColorStop(1, 'rgba(12, 5, 3, 0)');
        context.fillStyle = shadow;
        context.fillRect(-wide * 2.2, -wide * 2.2, wide * 4.4, wide * 4.4);
        context.restore();
        drawWax(context, x, foot, top, wide, tall, bright);
        halo(context, x, top - wide * 0.9, unit * 0.5, FIRE, 0.5 * bright, 'screen');
        drawFlame(context, x, top - wide * 0.2, wide, lean, 1 + breath * 0.16);
        halo(context, x + lean * wide * 0.3, top - wide * 1.25, wide * 3.2, [255, 214, 140], 0.75 * bright, 'lighter');
      });
    },
  };
}

function drawWax(
  context: SKRSContext2D,
  x: number,
  foot: number,
  top: number,
  wide: number,
  tall: number,
  bright: number,
): void {
  const body = context.createLinearGradient(x - wide, 0, x + wide, 0);
  for (const [stop, color] of [
    [0, '#7a4626'],
    [0.22, '#c8945e'],
    [0.5, '#ecc794'],
    [0.78, '#c08a56'],
    [1, '#6a3b20'],
  ] as const)
    body.addColorStop(stop, color);
  context.fillStyle = body;
  context.beginPath();
  context.moveTo(x - wide, top);
  context.lineTo(x - wide, foot);
  context.ellipse(x, foot, wide, wide * 0.26, 0, Math.PI, 0, true);
  context.lineTo(x + wide, top);
  context.fill();
  const glow = context.createLinearGradient(0, top, 0, top + tall * 0.75);
  glow.addColorStop(0, css([255, 208, 130], 0.85 * bright));
  glow.addColorStop(0.4, css([255, 168, 84], 0.34 * bright));
  glow.addColorStop(1, 'rgba(40, 14, 6, 0.5)');
  context.fillStyle = glow;
  context.fill();
  context.fillStyle = css(hex('#ffdca4'));
  context.beginPath();
  context.ellipse(x, top, wide, wide * 0.26, 0, 0, Math.PI * 2);
  context.fill();
  context.fillStyle = css(hex('#fff0c8'));
  context.beginPath();
  context.ellipse(x, top + wide * 0.02, wide * 0.66, wide * 0.16, 0, 0, Math.PI * 2);
  context.fill();
  context.strokeStyle = '#2b170e';
  context.lineWidth = Math.max(1, wide * 0.07);
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x + wide * 0.03, top - wide * 0.36);
  context.stroke();
}

function drawFlame(context: SKRSContext2D, x: number, y: number, wide: number, lean: number, stretch: number): void {
  const tip = wide * 2.5 * stretch;
  const bend = lean * wide * 0.75;
  for (const [size, inner, outer] of [
    [1, 'rgba(255, 150, 50, 0.75)', 'rgba(255, 90, 20, 0.0)'],
    [0.74, 'rgba(255, 214, 110, 0.95)', 'rgba(255, 170, 60, 0.4)'],
    [0.46, 'rgba(255, 252, 232, 1)', 'rgba(255, 232, 160, 0.8)'],
  ] as const) {
    const half = wide * 0.52 * size;
    const high = tip * (0.35 + 0.65 * size);
    const fill = context.createRadialGradient(x, y - high * 0.35, 0, x, y - high * 0.4, high * 0.75);
    fill.addColorStop(0, inner);
    fill.addColorStop(1, outer);
    context.fillStyle = fill;
    context.beginPath();
    context.moveTo(x, y);
    context.bezierCurveTo(
      x - half * 1.5,
      y - high * 0.24,
      x - half * 0.6 + bend * 0.4,
      y - high * 0.6,
      x + bend * size,
      y - high,
    );
    context.bezierCurveTo(x + half * 0.6 + bend * 0.4, y - high * 0.6, x + half * 1.5, y - high * 0.24, x, y);
    context.fill();
  }
  halo(context, x, y - wide * 0.08, wide * 0.55, [90, 140, 255], 0.5, 'screen');
}
