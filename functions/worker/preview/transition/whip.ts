/** The camera is thrown to the side: one picture pushes the other out, blurred along the way by as much as a shutter would. */
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { clamp } from '../curves.ts';
import type { ChangeBuilder } from './change.ts';

/** The share of a frame's time that the shutter is open. */
const SHUTTER = 0.9;
/** The blur is a blur of a blur: n fine steps, and n coarse ones of what they made, cost 2n pictures and look like n squared. */
const PIXELS_PER_STEP = 1.2;
const MOST_STEPS = 12;

type Way = readonly [x: number, y: number];
const WAYS: readonly [Way, ...Way[]] = [
  [-1, 0],
  [1, 0],
  [0, -1],
];

export const whip: ChangeBuilder = ({ width, height, random, heading }) => {
  const [dx, dy] = heading ?? random.pick(WAYS);
  const whole = dx !== 0 ? width : height;
  let wide: Canvas = createCanvas(width, height);
  return {
    span: 0.34,
    paint(context, from, to, amount, pace) {
      // Never over the outer edge of either picture, where there is nothing.
      const blurred = Math.min(pace * SHUTTER, 2 * amount, 2 * (1 - amount)) * whole;
      const steps = Math.ceil(clamp(Math.sqrt(blurred / PIXELS_PER_STEP), 1, MOST_STEPS));
      const coarse = blurred / steps;
      // Room for the coarse steps to shift it without a gap.
      const room = Math.ceil(blurred);
      const [roomX, roomY] = [Math.abs(dx) * room, Math.abs(dy) * room];
      if (wide.width < width + 2 * roomX || wide.height < height + 2 * roomY)
        wide = createCanvas(width + 2 * roomX, height + 2 * roomY);
      const pen = wide.getContext('2d');
      for (let step = 0; step < steps; step++) {
        const moved = amount * whole + ((step + 0.5) / steps - 0.5) * coarse;
        // Drawn over the mean of the steps before it with a share of 1 / n, each step weighs the same.
        pen.globalAlpha = 1 / (step + 1);
        pen.drawImage(from, roomX + dx * moved, roomY + dy * moved);
        pen.drawImage(to, roomX + dx * (moved - whole), roomY + dy * (moved - whole));
      }
      context.save();
      for (let step = 0; step < steps; step++) {
        const moved = ((step + 0.5) / steps - 0.5) * blurred;
        context.globalAlpha = 1 / (step + 1);
        context.drawImage(wide, dx * moved - roomX, dy * moved - roomY);
      }
      context.restore();
    },
  };
};
