/** The colours of a mouth, taken from the picture about it, so that it is lit as the picture is. */
import type { Color } from '../color.ts';
import { clamp } from '../curves.ts';
import type { Spot } from './mouth-painter.ts';

export interface MouthColors {
  readonly lip: Color;
  readonly throat: Color;
  readonly tongue: Color;
  readonly teeth: Color;
}

/** Places about the mouth, in half widths of it: cheeks, chin, below the nose. */
const AROUND = [
  [-1.35, -0.15],
  [1.35, -0.15],
  [-1.2, 0.55],
  [1.2, 0.55],
  [0, 1.05],
  [-0.55, 0.95],
  [0.55, 0.95],
] as const;

/** Of RGBA `pixels` about the mouth at `spot`. */
export function mouthColors(pixels: Uint8ClampedArray, width: number, height: number, spot: Spot): MouthColors {
  const channel = (of: number): number => {
    const values = AROUND.map(([u, v]) => {
      const x = Math.round(clamp(spot.x + u * spot.half, 0, width - 1));
      const y = Math.round(clamp(spot.y + v * spot.half, 0, height - 1));
      return pixels[(y * width + x) * 4 + of] as number;
    }).sort((a, b) => a - b);
    return values[values.length >> 1] as number;
  };
  const [r, g, b] = [channel(0), channel(1), channel(2)];
  const light = clamp((0.3 * r + 0.59 * g + 0.11 * b) / 185, 0.3, 1.1);
  const lit = (red: number, green: number, blue: number): Color => [red * light, green * light, blue * light];
  return {
    lip: [r * 0.85, g * 0.62, b * 0.62],
    throat: lit(48, 14, 16),
    tongue: lit(160, 76, 76),
    teeth: lit(224, 217, 205),
  };
}
