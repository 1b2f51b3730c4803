/** How a camera was held: the display matrix of a track as one of the eight ways to turn and mirror a picture. */
import { AV_PKT_DATA_DISPLAYMATRIX } from 'node-av/constants';
import type { Stream } from 'node-av/lib';

export interface Orientation {
  /** Width and height change places. */
  readonly sideways: boolean;
  /** Whether columns and rows are read backwards, after the sides have changed places. */
  readonly flipX: boolean;
  readonly flipY: boolean;
}

const UPRIGHT: Orientation = { sideways: false, flipX: false, flipY: false };

/** Upright where the file does not say. A turn that is no multiple of 90 degrees is rounded to one. */
export function orientationOf(stream: Stream): Orientation {
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix === null || matrix.length < 20) return UPRIGHT;
  // Rows of three 16.16 numbers: shown x = a x + c y, shown y = b x + d y.
  const [a, b, c, d] = [0, 1, 3, 4].map(at => matrix.readInt32LE(at * 4)) as [number, number, number, number];
  return Math.abs(b) + Math.abs(c) > Math.abs(a) + Math.abs(d)
    ? { sideways: true, flipX: c < 0, flipY: b < 0 }
    : { sideways: false, flipX: a < 0, flipY: d < 0 };
}

/**
 * Copies a part of `from` (rows of `stride` pixels) into `to`, which is `width` x `height` pixels as shown, turned upright. `left` and `top`
 * are the part's corner in `from`.
 */
export function copyTurned(
  from: Uint32Array,
  stride: number,
  { left, top }: { left: number; top: number },
  to: Uint32Array,
  width: number,
  height: number,
  { sideways, flipX, flipY }: Orientation,
): void {
  // Walking right in `to` walks `across` in `from`; walking down walks `down`.
  const across = (sideways ? stride : 1) * (flipX ? -1 : 1);
  const down = (sideways ? 1 : stride) * (flipY ? -1 : 1);
  let start = top * stride + left + (flipX ? -across * (width - 1) : 0) + (flipY ? -down * (height - 1) : 0);
  for (let y = 0, at = 0; y < height; y++, start += down)
    for (let x = 0, source = start; x < width; x++, at++, source += across) to[at] = from[source] as number;
}
