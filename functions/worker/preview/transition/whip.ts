/** The camera is thrown to the side: one picture pushes the other out, blurred along the way by as much as a shutter would. */
import type { ChangeBuilder } from './change.ts';

/** The share of a frame's time that the shutter is open. */
const SHUTTER = 0.9;
const PIXELS_PER_SAMPLE = 2;
const MOST_SAMPLES = 36;
const WAYS: readonly [Way, ...Way[]] = [
  [-1, 0],
  [1, 0],
  [0, -1],
];
type Way = readonly [x: number, y: number];

export const whip: ChangeBuilder = ({ width, height, random, heading }) => {
  const [dx, dy] = heading ?? random.pick(WAYS);
  return {
    span: 0.34,
    paint(context, from, to, amount, pace) {
      const travelled = (place: number): number => place * (dx !== 0 ? width : height);
      const blurred = Math.abs(travelled(pace * SHUTTER));
      const samples = Math.max(1, Math.min(MOST_SAMPLES, Math.ceil(blurred / PIXELS_PER_SAMPLE)));
      context.save();
      for (let sample = 0; sample < samples; sample++) {
        const open = samples === 1 ? 0 : (sample / (samples - 1) - 0.5) * pace * SHUTTER;
        const moved = travelled(Math.min(1, Math.max(0, amount + open)));
        const whole = travelled(1);
        // Drawn over the mean of the samples before it with a share of 1 / n, each sample weighs the same.
        context.globalAlpha = 1 / (sample + 1);
        context.drawImage(from, dx * moved, dy * moved);
        context.drawImage(to, dx * (moved - whole), dy * (moved - whole));
      }
      context.restore();
    },
  };
};
