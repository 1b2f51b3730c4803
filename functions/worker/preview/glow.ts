/** Light as it is drawn: soft, additive, falling off fast. */
import type { SKRSContext2D } from '@napi-rs/canvas';
import { type Color, css } from './color.ts';

/** A soft round light. */
export function halo(
  context: SKRSContext2D,
  x: number,
  y: number,
  radius: number,
  color: Color,
  strength: number,
  mode: 'lighter' | 'screen' | 'source-over' = 'screen',
): void {
  const gradient = context.createRadialGradient(x, y, 0, x, y, radius);
  // Falls off like light does: fast at first, with a long tail.
  for (const [stop, share] of [[0, 1], [0.12, 0.72], [0.28, 0.4], [0.5, 0.16], [0.75, 0.04], [1, 0]] as const) {
    gradient.addColorStop(stop, css(color, strength * share));
  }
  const before = context.globalCompositeOperation;
  context.globalCompositeOperation = mode;
  context.fillStyle = gradient;
  context.fillRect(x - radius, y - radius, radius * 2, radius * 2);
  context.globalCompositeOperation = before;
}
