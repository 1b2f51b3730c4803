/** The picture burns away like paper: it browns, an ember's edge eats through it, and the other lies behind. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { clamp, mix, smoothstep } from '../curves.ts';
import type { ChangeBuilder } from './change.ts';
import { Mask, Stencil, spreadEvenly } from './change.ts';

const FINENESS = 0.5;
/** Widths of the ember and of the browned paper before it, in the order of burning. */
const EMBER = 0.035;
const BROWNED = 0.13;

export const burn: ChangeBuilder = ({ width, height, random, noises, heading }) => {
  const offset = random.range(0, 256);
  const mask = new Mask(width, height, FINENESS);
  const stencil = new Stencil(width, height);
  const { columns, rows } = mask;
  const rim = createCanvas(columns, rows);
  const image = new ImageData(columns, rows);
  const [dx, dy] = heading ?? [random.range(-0.7, 0.7), -0.7];
  const unit = Math.min(columns, rows);
  const order = new Float32Array(columns * rows);
  for (let cell = 0; cell < order.length; cell++) {
    const x = cell % columns;
    const y = Math.floor(cell / columns);
    const rough =
      0.62 * noises.soft.at((x / unit) * 80 + offset, (y / unit) * 80) +
      0.3 * noises.fine.at((x / unit) * 60, (y / unit) * 60 + offset);
    const slope = (x / columns - 0.5) * dx + (y / rows - 0.5) * dy;
    order[cell] = clamp(0.5 + 0.22 * rough + 0.42 * slope);
  }
  spreadEvenly(order);
  return {
    span: 0.66,
    paint(context, from, to, amount) {
      const front = mix(-BROWNED, 1 + EMBER, amount);
      mask.fill(cell => smoothstep(0, 0.012, front - (order[cell] as number)));
      char(image.data, order, front);
      rim.getContext('2d').putImageData(image, 0, 0);
      context.drawImage(from, 0, 0);
      context.drawImage(
        stencil.cut(to, (target, w, h) => target.drawImage(mask.canvas, 0, 0, w, h)),
        0,
        0,
      );
      context.drawImage(rim, 0, 0, width, height);
      // The same rim, small and added to itself, is its glow.
      context.save();
      context.globalCompositeOperation = 'lighter';
      context.globalAlpha = 0.4;
      context.filter = `blur(${Math.max(2, Math.min(width, height) * 0.018).toFixed(1)}px)`;
      context.drawImage(rim, 0, 0, width, height);
      context.restore();
    },
  };
};

/** Colours what is about to burn and what is burning. */
function char(data: Uint8ClampedArray, order: Float32Array, front: number): void {
  for (let cell = 0, at = 0; cell < order.length; cell++, at += 4) {
    const ahead = (order[cell] as number) - front;
    if (ahead > BROWNED || ahead < -EMBER) {
      data[at + 3] = 0;
      continue;
    }
    const heat = ahead > 0 ? smoothstep(0.03, 0, ahead) : smoothstep(-EMBER, 0, ahead);
    data[at] = mix(26, 255, heat);
    data[at + 1] = mix(12, 96 + 120 * heat ** 3, heat);
    data[at + 2] = mix(6, 20 + 90 * heat ** 6, heat);
    data[at + 3] = 255 * (ahead > 0 ? Math.max(heat, 0.92 * smoothstep(BROWNED, 0.01, ahead)) : heat);
  }
}
