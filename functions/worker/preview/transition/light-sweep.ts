/** A bar of light crosses the frame and leaves the other picture behind it. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { blend, css } from '../color.ts';
import { mix } from '../curves.ts';
import type { ChangeBuilder } from './change.ts';
import { Stencil } from './change.ts';

export const lightSweep: ChangeBuilder = ({ width, height, random, glow, heading }) => {
  const tilt = random.range(-0.45, 0.45);
  const [dx, dy] = heading ?? [random.chance(0.5) ? 1 : -1, 0];
  const along = Math.atan2(dy, dx) + tilt;
  const unit = [Math.cos(along), Math.sin(along)] as const;
  /** From the middle to the farthest corner along the way. */
  const reach = (Math.abs(unit[0]) * width + Math.abs(unit[1]) * height) / 2;
  const stencil = new Stencil(width, height);
  const hot = blend(glow, [255, 255, 255], 0.75);

  /** A gradient across the bar, `half` pixels to each side of `front` (-1..1 along the way). */
  const across = (context: SKRSContext2D, front: number, half: number) => {
    const x = width / 2 + unit[0] * front * reach;
    const y = height / 2 + unit[1] * front * reach;
    return context.createLinearGradient(x - unit[0] * half, y - unit[1] * half, x + unit[0] * half, y + unit[1] * half);
  };
  const fill = (context: SKRSContext2D, front: number, half: number, stops: readonly (readonly [number, string])[]) => {
    const gradient = across(context, front, half);
    for (const [at, color] of stops) gradient.addColorStop(at, color);
    context.fillStyle = gradient;
    context.fillRect(0, 0, width, height);
  };
  return {
    span: 0.5,
    paint(context, from, to, amount) {
      const front = mix(-1.6, 1.6, amount);
      context.drawImage(from, 0, 0);
      const behind = stencil.cut(to, target =>
        fill(target, front, reach * 0.16, [
          [0, 'rgba(0, 0, 0, 1)'],
          [1, 'rgba(0, 0, 0, 0)'],
        ]),
      );
      context.drawImage(behind, 0, 0);
      context.save();
      context.globalCompositeOperation = 'screen';
      fill(context, front, reach * 0.6, [
        [0, css(glow, 0)],
        [0.34, css(glow, 0.3)],
        [0.5, css(glow, 0.85)],
        [0.66, css(glow, 0.3)],
        [1, css(glow, 0)],
      ]);
      fill(context, front, reach * 0.11, [
        [0, css(hot, 0)],
        [0.5, css(hot, 1)],
        [1, css(hot, 0)],
      ]);
      context.restore();
    },
  };
};
