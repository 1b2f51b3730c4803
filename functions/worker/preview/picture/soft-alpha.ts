/**
 * From a coarse mask to an opacity for every pixel whose edge follows the picture's own: a guided filter (He, Sun, Tang, 2010), which within
 * each window writes the mask as a straight function of brightness.
 */
import { smoothstep } from '../curves.ts';
import type { Picture } from './open-picture.ts';

/** How unlike two brightnesses must be to be an edge, squared. */
const EDGE = 0.0008;

/** Opacity 0 to 1 for each pixel of `picture`, from a mask of `columns` x `rows` cells. */
export function softAlpha(picture: Picture, mask: Float32Array, columns: number, rows: number): Float32Array {
  const { width, height } = picture;
  const guide = Float32Array.from(
    picture.pixels,
    pixel => ((pixel & 255) * 0.3 + ((pixel >>> 8) & 255) * 0.59 + ((pixel >>> 16) & 255) * 0.11) / 255,
  );
  const coarse = enlarge(mask, columns, rows, width, height);
  const radius = Math.max(2, Math.round((1.6 * Math.max(width, height)) / Math.max(columns, rows)));
  const mean = (values: Float32Array): Float32Array => boxMean(values, width, height, radius);
  const meanGuide = mean(guide);
  const meanMask = mean(coarse);
  const meanBoth = mean(guide.map((value, at) => value * (coarse[at] as number)));
  const meanSquare = mean(guide.map(value => value * value));
  const slope = new Float32Array(guide.length);
  const base = new Float32Array(guide.length);
  for (let at = 0; at < guide.length; at++) {
    const g = meanGuide[at] as number;
    slope[at] = ((meanBoth[at] as number) - g * (meanMask[at] as number)) / ((meanSquare[at] as number) - g * g + EDGE);
    base[at] = (meanMask[at] as number) - (slope[at] as number) * g;
  }
  const meanSlope = mean(slope);
  const meanBase = mean(base);
  // Drawn in a little: what is half background still has its colour.
  return guide.map((value, at) => smoothstep(0.34, 0.82, (meanSlope[at] as number) * value + (meanBase[at] as number)));
}

function enlarge(mask: Float32Array, columns: number, rows: number, width: number, height: number): Float32Array {
  const values = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const py = Math.min(rows - 1.001, Math.max(0, ((y + 0.5) * rows) / height - 0.5));
    const top = Math.floor(py) * columns;
    const fy = py - Math.floor(py);
    for (let x = 0; x < width; x++, at++) {
      const px = Math.min(columns - 1.001, Math.max(0, ((x + 0.5) * columns) / width - 0.5));
      const left = Math.floor(px);
      const fx = px - left;
      const upper = (mask[top + left] as number) * (1 - fx) + (mask[top + left + 1] as number) * fx;
      const lower = (mask[top + columns + left] as number) * (1 - fx) + (mask[top + columns + left + 1] as number) * fx;
      values[at] = upper * (1 - fy) + lower * fy;
    }
  }
  return values;
}

/** The mean over a square of `radius` to each side, the part of it that is inside. */
function boxMean(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  const across = new Float32Array(values.length);
  for (let y = 0; y < height; y++) slide(values, across, y * width, 1, width, radius);
  const both = new Float32Array(values.length);
  for (let x = 0; x < width; x++) slide(across, both, x, width, height, radius);
  return both;
}

function slide(from: Float32Array, to: Float32Array, start: number, step: number, count: number, radius: number): void {
  let sum = 0;
  let inside = 0;
  for (let index = 0; index < Math.min(radius, count); index++, inside++) sum += from[start + index * step] as number;
  for (let index = 0; index < count; index++) {
    if (index + radius < count) {
      sum += from[start + (index + radius) * step] as number;
      inside++;
    }
    if (index - radius > 0) {
      sum -= from[start + (index - radius - 1) * step] as number;
      inside--;
    }
    to[start + index * step] = sum / inside;
  }
}
