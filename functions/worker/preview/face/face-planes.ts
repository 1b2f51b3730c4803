/** A small picture taken apart for the search for a face: brightness, likeness to skin, redness. Sums over boxes cost four lookups. */
import { smoothstep } from '../drawing/curves.ts';

/** A box in pixels of the small picture; x, y its top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Planes {
  readonly width: number;
  readonly height: number;
  /** 0 to 255. */
  readonly luma: Plane;
  /** 0 to 1. */
  readonly skin: Plane;
  /** Cr less 128: lips have more of it than the skin about them. */
  readonly red: Plane;
  /** How much brightness changes from pixel to pixel. */
  readonly detail: Plane;
}

/** Takes RGBA `pixels` of `width` x `height` apart, shrunk so that the longer side is `side`. */
export function planesOf(
  { pixels, width, height }: { pixels: ArrayLike<number>; width: number; height: number },
  side: number,
): Planes {
  const scale = Math.min(1, side / Math.max(width, height));
  const w = Math.max(8, Math.round(width * scale));
  const h = Math.max(8, Math.round(height * scale));
  const values = { luma: new Float32Array(w * h), skin: new Float32Array(w * h), red: new Float32Array(w * h) };
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [r, g, b] = meanOf(pixels, width, [x / w, (x + 1) / w], [y / h, (y + 1) / h], height);
      const luma = 0.299 * r + 0.587 * g + 0.114 * b;
      const cr = 0.713 * (r - luma);
      const cb = 0.564 * (b - luma);
      const at = y * w + x;
      values.luma[at] = luma;
      values.red[at] = cr;
      // The cluster of skin in Cb and Cr, whatever its brightness, with soft edges.
      values.skin[at] =
        smoothstep(4, 13, cr) *
        smoothstep(58, 42, cr) *
        smoothstep(-58, -44, cb) *
        smoothstep(3, -6, cb) *
        smoothstep(25, 55, luma);
    }
  }
  return {
    width: w,
    height: h,
    luma: new Plane(values.luma, w, h),
    skin: new Plane(values.skin, w, h),
    red: new Plane(values.red, w, h),
    detail: new Plane(detailOf(values.luma, w), w, h),
  };
}

function detailOf(luma: Float32Array, width: number): Float32Array {
  return luma.map((value, at) => {
    const across = at % width === 0 ? 0 : value - (luma[at - 1] as number);
    const down = at < width ? 0 : value - (luma[at - width] as number);
    return Math.abs(across) + Math.abs(down);
  });
}

function meanOf(
  pixels: ArrayLike<number>,
  width: number,
  [left, right]: readonly [number, number],
  [top, bottom]: readonly [number, number],
  height: number,
): [number, number, number] {
  const x0 = Math.floor(left * width);
  const x1 = Math.max(x0 + 1, Math.floor(right * width));
  const y0 = Math.floor(top * height);
  const y1 = Math.max(y0 + 1, Math.floor(bottom * height));
  const stepX = Math.max(1, (x1 - x0) >> 2);
  const stepY = Math.max(1, (y1 - y0) >> 2);
  let [r, g, b, count] = [0, 0, 0, 0];
  for (let y = y0; y < y1; y += stepY) {
    for (let x = x0; x < x1; x += stepX, count++) {
      const at = (y * width + x) * 4;
      r += pixels[at] as number;
      g += pixels[at + 1] as number;
      b += pixels[at + 2] as number;
    }
  }
  return [r / count, g / count, b / count];
}

export class Plane {
  readonly values: Float32Array;
  private readonly sums: Float64Array;
  private readonly width: number;
  private readonly height: number;

  constructor(values: Float32Array, width: number, height: number) {
    this.values = values;
    this.width = width;
    this.height = height;
    const stride = width + 1;
    this.sums = new Float64Array(stride * (height + 1));
    for (let y = 0; y < height; y++) {
      let row = 0;
      for (let x = 0; x < width; x++) {
        row += values[y * width + x] as number;
        this.sums[(y + 1) * stride + x + 1] = (this.sums[y * stride + x + 1] as number) + row;
      }
    }
  }

  at(x: number, y: number): number {
    const column = Math.min(this.width - 1, Math.max(0, Math.round(x)));
    const row = Math.min(this.height - 1, Math.max(0, Math.round(y)));
    return this.values[row * this.width + column] as number;
  }

  /** Of the box as far as it lies inside; 0 where it lies outside. */
  mean({ x, y, width, height }: Box): number {
    const { sum, area } = this.total({ x, y, width, height });
    return area > 0 ? sum / area : 0;
  }

  /** Of what lies in `outer` and not in `inner`. */
  meanAround(inner: Box, outer: Box): number {
    const all = this.total(outer);
    const hole = this.total(inner);
    return all.area > hole.area ? (all.sum - hole.sum) / (all.area - hole.area) : 0;
  }

  private total({ x, y, width, height }: Box): { sum: number; area: number } {
    const left = clip(x, this.width);
    const right = clip(x + width, this.width);
    const top = clip(y, this.height) * (this.width + 1);
    const bottom = clip(y + height, this.height) * (this.width + 1);
    const { sums } = this;
    const sum =
      (sums[bottom + right] as number) -
      (sums[bottom + left] as number) -
      (sums[top + right] as number) +
      (sums[top + left] as number);
    return { sum, area: ((right - left) * (bottom - top)) / (this.width + 1) };
  }
}

function clip(value: number, end: number): number {
  return Math.min(end, Math.max(0, Math.round(value)));
}
