/**
 * A small mask brought up to a frame's own pixels. Inside and outside are plain; along the border each pixel is weighed between the colours
 * that the mask has there and those beside it, which gives edges as fine and as soft as the frame's own.
 */
import { boxBlur } from '../film/restyle/planes.ts';
import { meansAbout } from './means-about.ts';
import type { View } from './view.ts';

/** Small pixels about a border pixel whose colours count. */
const RADIUS = 3;
/** Colours (0 to 255 a channel) that differ less than the first cannot tell a border; the second plainly do. */
const TELLING = [14, 46] as const;

/** `chosen` (0 or 1) and `small` (RGBA) are of the view's small size; `pixels` (RGBA) and the answer (0 to 255, in `out`) of its frame. */
export function lift(
  view: View,
  chosen: Uint8Array,
  small: Uint8ClampedArray,
  pixels: Uint8ClampedArray,
  out = new Uint8Array(view.width * view.height),
): Uint8Array {
  const { width, height, smallWidth, smallHeight } = view;
  const soft = meansAbout(Float32Array.from(chosen), smallWidth, smallHeight, 1);
  const sides = sidesOf(chosen, small, smallWidth, smallHeight);
  out.fill(0);
  for (let y = 0, at = 0; y < height; y++) {
    const py = view.smallY(y);
    const top = Math.min(smallHeight - 2, Math.max(0, Math.floor(py)));
    const fy = Math.min(1, Math.max(0, py - top));
    for (let x = 0; x < width; x++, at++) {
      const px = view.smallX[x] as number;
      const left = Math.min(smallWidth - 2, Math.max(0, px | 0));
      const from = top * smallWidth + left;
      const a = soft[from] as number;
      const b = soft[from + 1] as number;
      const c = soft[from + smallWidth] as number;
      const d = soft[from + smallWidth + 1] as number;
      if (a + b + c + d < 1e-4) continue;
      if (a + b + c + d > 3.9999) {
        out[at] = 255;
        continue;
      }
      const fx = Math.min(1, Math.max(0, px - left));
      const plain = (a + (b - a) * fx) * (1 - fy) + (c + (d - c) * fx) * fy;
      const nearest = from + (fx > 0.5 ? 1 : 0) + (fy > 0.5 ? smallWidth : 0);
      out[at] = 255 * weigh(sides, nearest, pixels, at * 4, plain);
    }
  }
  return out;
}

interface Sides {
  readonly inside: readonly Float32Array[];
  readonly outside: readonly Float32Array[];
}

/** The mean colour of what is chosen, and of what is not, about each small pixel. */
function sidesOf(chosen: Uint8Array, small: Uint8ClampedArray, width: number, height: number): Sides {
  const size = { width, height };
  const count = chosen.length;
  const scratch = new Float32Array(count);
  const share = boxBlur(Float32Array.from(chosen), size, RADIUS, new Float32Array(count), scratch);
  const sides = { inside: planes(count), outside: planes(count) };
  for (let channel = 0; channel < 3; channel++) {
    const inside = sides.inside[channel] as Float32Array;
    const outside = sides.outside[channel] as Float32Array;
    for (let at = 0; at < count; at++) {
      const value = small[at * 4 + channel] as number;
      inside[at] = value * (chosen[at] as number);
      outside[at] = value - (inside[at] as number);
    }
    boxBlur(inside, size, RADIUS, inside, scratch);
    boxBlur(outside, size, RADIUS, outside, scratch);
    for (let at = 0; at < count; at++) {
      const own = share[at] as number;
      inside[at] = (inside[at] as number) / Math.max(1e-4, own);
      outside[at] = (outside[at] as number) / Math.max(1e-4, 1 - own);
    }
  }
  return sides;
}

function planes(count: number): Float32Array[] {
  return [new Float32Array(count), new Float32Array(count), new Float32Array(count)];
}

function weigh({ inside, outside }: Sides, near: number, pixels: Uint8ClampedArray, at: number, plain: number): number {
  let [dot, square] = [0, 0];
  for (let channel = 0; channel < 3; channel++) {
    const base = outside[channel]?.[near] as number;
    const step = (inside[channel]?.[near] as number) - base;
    dot += ((pixels[at + channel] as number) - base) * step;
    square += step * step;
  }
  const telling = Math.min(1, Math.max(0, (Math.sqrt(square) - TELLING[0]) / (TELLING[1] - TELLING[0])));
  const told = Math.min(1, Math.max(0, (dot / Math.max(1, square) - 0.15) / 0.7));
  // Where colours do not tell, the small border is made about a third as wide as its blur.
  const sharp = Math.min(1, Math.max(0, (plain - 0.5) * 2.2 + 0.5));
  // Far from the border a colour that happens to be the other side's proves nothing.
  const sure = 1 - Math.abs(plain - 0.5) * 2;
  const share = telling * Math.min(1, sure * 3);
  return sharp + (told - sharp) * share;
}
