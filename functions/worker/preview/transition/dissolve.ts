/** One picture flows into the other: far things change first, along the grain of a noise, while both are drawn into the same currents. */
import { clamp, smoothstep } from '../curves.ts';
import type { ChangeBuilder } from './change.ts';
import { Mask, Stencil, spreadEvenly } from './change.ts';

const SOFT = 0.5;
/** How far a current carries, in fractions of the frame. */
const REACH = 0.055;

export const dissolve: ChangeBuilder = ({ width, height, random, noises, fromDepth, toDepth }) => {
  const offset = random.range(0, 256);
  const mask = new Mask(width, height, 0.25);
  const stencil = new Stencil(width, height);
  const tall = height / width;
  const order = new Float32Array(mask.columns * mask.rows);
  for (let cell = 0; cell < order.length; cell++) {
    const x = (cell % mask.columns) / mask.columns;
    const y = Math.floor(cell / mask.columns) / mask.rows;
    const near = 0.5 * (fromDepth.at(x, y) + toDepth.at(x, y));
    const grain = noises.soft.at(x * 110 + offset, y * 110 * tall + offset);
    order[cell] = clamp(0.55 * near + 0.45 * clamp(0.5 + 0.6 * grain) + 0.05);
  }
  spreadEvenly(order);
  return {
    span: 0.78,
    bend(x, y, amount, out) {
      const strength = REACH * amount * smoothstep(0, 0.08, x) * smoothstep(1, 0.92, x);
      out.x = strength * noises.soft.at(x * 46 + offset, y * 46 * tall + 90);
      out.y = strength * noises.soft.at(x * 46 + offset + 128, y * 46 * tall) * smoothstep(0, 0.1, Math.min(y, 1 - y));
    },
    paint(context, from, to, amount) {
      const front = amount * (1 + SOFT);
      mask.fill(cell => smoothstep(0, SOFT, front - (order[cell] as number)));
      context.drawImage(from, 0, 0);
      context.drawImage(
        stencil.cut(to, (target, w, h) => target.drawImage(mask.canvas, 0, 0, w, h)),
        0,
        0,
      );
    },
  };
};
