/**
 * From a mask found in a small frame to an opacity for every pixel of the frame itself, with the frame's own edges: a guided filter
 * (He, Sun, Tang, 2010) worked out on the small frame.
 */
import { smoothstep } from '../drawing/curves.ts';
import { boxBlur } from '../drawing/planes.ts';

/** Pixels on the longer side of a small frame. It depends on the video alone: the masks found in it are the same whatever is made of them. */
const SMALL = 240;
const RADIUS = 3;
/** How unlike two sides must be to be an edge, squared: 1 is the whole step from outside to inside. */
const EDGE = 0.015;

/** Where the pixels of a frame lie in its small view. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly smallWidth: number;
  readonly smallHeight: number;
  /** In small pixels from the middle of the first one, for each column. */
  readonly smallX: Float32Array;
  smallY(row: number): number;
  /** The frame's pixels to one of the small view. */
  readonly scale: number;
}

export function smallSize(width: number, height: number): { width: number; height: number } {
  const scale = SMALL / Math.max(width, height);
  return { width: Math.max(16, Math.round(width * scale)), height: Math.max(16, Math.round(height * scale)) };
}

/** For frames of `width` x `height` pixels that a video of `ownWidth` x `ownHeight` covers around the middle. */
export function viewOf(width: number, height: number, ownWidth: number, ownHeight: number): View {
  const small = smallSize(ownWidth, ownHeight);
  const cover = Math.max(width / ownWidth, height / ownHeight);
  const stepX = small.width / (ownWidth * cover);
  const stepY = small.height / (ownHeight * cover);
  const left = ((ownWidth * cover - width) / 2) * stepX;
  const top = ((ownHeight * cover - height) / 2) * stepY;
  return {
    width,
    height,
    smallWidth: small.width,
    smallHeight: small.height,
    smallX: Float32Array.from({ length: width }, (_, column) => left + (column + 0.5) * stepX - 0.5),
    smallY: row => top + (row + 0.5) * stepY - 0.5,
    scale: 1 / stepX,
  };
}

/** Writes 0 to 255 for each pixel of the frame. `chosen` is 1 where selected in `small`, the RGBA of the small frame. */
export function alphaOf(
  view: View,
  chosen: Uint8Array,
  small: Uint8ClampedArray,
  pixels: Uint8ClampedArray,
  out: Uint8Array,
): Uint8Array {
  const size = { width: view.smallWidth, height: view.smallHeight };
  const scratch = new Float32Array(chosen.length);
  const mean = (values: Float32Array): Float32Array =>
    boxBlur(values, size, RADIUS, new Float32Array(values.length), scratch);
  const mask = Float32Array.from(chosen);
  const share = mean(mask);
  const axis = axisOf(chosen, share, small);
  const guideAt = (rgba: Uint8ClampedArray, at: number): number =>
    (rgba[at] as number) * axis[0] + (rgba[at + 1] as number) * axis[1] + (rgba[at + 2] as number) * axis[2];
  const guide = mask.map((_, at) => guideAt(small, at * 4));
  const meanGuide = mean(guide);
  const meanBoth = mean(guide.map((value, at) => value * (mask[at] as number)));
  const meanSquare = mean(guide.map(value => value * value));
  const slope = guide.map((_, at) => {
    const g = meanGuide[at] as number;
    return ((meanBoth[at] as number) - g * (share[at] as number)) / ((meanSquare[at] as number) - g * g + EDGE);
  });
  const base = slope.map((value, at) => (share[at] as number) - value * (meanGuide[at] as number));
  const [slopes, bases] = [mean(slope), mean(base)];
  const { smallWidth, smallHeight } = view;
  for (let y = 0, at = 0; y < view.height; y++) {
    const py = Math.min(smallHeight - 1.001, Math.max(0, view.smallY(y)));
    const row = Math.floor(py) * smallWidth;
    const fy = py % 1;
    for (let x = 0; x < view.width; x++, at++) {
      const px = Math.min(smallWidth - 1.001, Math.max(0, view.smallX[x] as number));
      const from = row + (px | 0);
      const near = share[from] as number;
      if (near === 0 || near > 0.9999) {
        out[at] = near === 0 ? 0 : 255;
        continue;
      }
      const value = between(slopes, from, smallWidth, px % 1, fy) * guideAt(pixels, at * 4);
      out[at] = 255 * smoothstep(0.25, 0.75, value + between(bases, from, smallWidth, px % 1, fy));
    }
  }
  return out;
}

/** Straight between four neighbours. */
export function between(values: ArrayLike<number>, from: number, width: number, fx: number, fy: number): number {
  const upper = (values[from] as number) + ((values[from + 1] as number) - (values[from] as number)) * fx;
  const below = from + width;
  const lower = (values[below] as number) + ((values[below + 1] as number) - (values[below] as number)) * fx;
  return upper + (lower - upper) * fy;
}

/** The direction from the colours just outside the border to those just inside, so long that the step between them is 1. */
function axisOf(chosen: Uint8Array, share: Float32Array, small: Uint8ClampedArray): [number, number, number] {
  const sums = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < chosen.length; at++) {
    if (share[at] === 0 || share[at] === 1) continue;
    const side = (chosen[at] as number) * 4;
    for (let channel = 0; channel < 3; channel++)
      sums[side + channel] = (sums[side + channel] as number) + (small[at * 4 + channel] as number);
    sums[side + 3] = (sums[side + 3] as number) + 1;
  }
  const step = [0, 1, 2].map(
    channel =>
      (sums[4 + channel] as number) / Math.max(1, sums[7] as number) -
      (sums[channel] as number) / Math.max(1, sums[3] as number),
  ) as [number, number, number];
  const square = Math.max(64, step[0] ** 2 + step[1] ** 2 + step[2] ** 2);
  return [step[0] / square, step[1] / square, step[2] / square];
}
