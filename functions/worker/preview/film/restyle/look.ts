/** What every look is: a painter of finished pixels over a film's. */
import type { Noises } from '../../noise.ts';
import type { Random } from '../../random.ts';

export interface Easel {
  /** Pixels of the frames that are painted. */
  readonly width: number;
  readonly height: number;
  /** The shortest side over 360: strokes and dots are sized by it. */
  readonly unit: number;
  readonly random: Random;
  readonly noises: Noises;
}

/** Paints over RGBA pixels in place. Frames come in order; what stands still in the film must stand still in the look. */
export type LookPainter = (pixels: Uint8ClampedArray, index: number) => void;

export type LookMaker = (easel: Easel) => LookPainter;

/** Moves a pixel's colour away from grey by `factor`, in place. */
export function saturate(pixels: Uint8ClampedArray, at: number, factor: number): void {
  const r = pixels[at] as number;
  const g = pixels[at + 1] as number;
  const b = pixels[at + 2] as number;
  const grey = 0.299 * r + 0.587 * g + 0.114 * b;
  pixels[at] = grey + (r - grey) * factor;
  pixels[at + 1] = grey + (g - grey) * factor;
  pixels[at + 2] = grey + (b - grey) * factor;
}

/** Steps of `step` with soft risers: `softness` 0 is a stair, 1 a ramp. */
export function softStep(value: number, step: number, softness: number): number {
  const scaled = value / step;
  const floor = Math.floor(scaled);
  const inside = scaled - floor;
  const rise = (inside - 0.5) / softness + 0.5;
  return (floor + Math.min(1, Math.max(0, rise))) * step;
}
