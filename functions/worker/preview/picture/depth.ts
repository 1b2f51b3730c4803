/**
 * A guess at depth from one picture: what is low in the frame is near, and so is what is full of detail; sky and walls are far. Blurred
 * until it is smooth everywhere, because a warp may only bend a picture, never tear it.
 */

import { clamp } from '../curves.ts';
import { boxBlur } from '../planes.ts';
import type { Picture } from './open-picture.ts';

/** A coarse map of depth, 0 far to 1 near, with bilinear lookup by fractions of the frame. */
export class DepthMap {
  readonly columns: number;
  readonly rows: number;
  private readonly values: Float32Array;

  constructor(columns: number, rows: number, values: Float32Array) {
    this.columns = columns;
    this.rows = rows;
    this.values = values;
  }

  at(x: number, y: number): number {
    const px = clamp(x) * (this.columns - 1);
    const py = clamp(y) * (this.rows - 1);
    const left = Math.min(this.columns - 2, Math.floor(px));
    const top = Math.min(this.rows - 2, Math.floor(py));
    const at = top * this.columns + left;
    const { values, columns } = this;
    const upper = (values[at] as number) + ((values[at + 1] as number) - (values[at] as number)) * (px - left);
    const lower =
      (values[at + columns] as number) +
      ((values[at + columns + 1] as number) - (values[at + columns] as number)) * (px - left);
    return upper + (lower - upper) * (py - top);
  }
}

const COLUMNS = 96;

export function guessDepth(picture: Picture): DepthMap {
  const rows = Math.max(24, Math.round((COLUMNS * picture.height) / picture.width));
  const luma = shrink(picture, COLUMNS, rows);
  const energy = new Float32Array(COLUMNS * rows);
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < COLUMNS - 1; x++) {
      const at = y * COLUMNS + x;
      energy[at] =
        Math.abs((luma[at + 1] as number) - (luma[at - 1] as number)) +
        Math.abs((luma[at + COLUMNS] as number) - (luma[at - COLUMNS] as number));
    }
  }
  blur(energy, rows, 5);
  const most = Math.max(1e-6, ...energy);
  const values = new Float32Array(COLUMNS * rows);
  for (let y = 0, at = 0; y < rows; y++) {
    const low = y / (rows - 1);
    for (let x = 0; x < COLUMNS; x++, at++) {
      const middle = 1 - Math.abs(x / (COLUMNS - 1) - 0.5) * 1.2;
      values[at] = clamp(
        0.5 * low ** 1.3 + 0.42 * Math.sqrt((energy[at] as number) / most) * (0.4 + 0.6 * middle) + 0.08 * middle,
      );
    }
  }
  blur(values, rows, 4);
  return new DepthMap(COLUMNS, rows, values);
}

/** Mean brightness of each cell, 0 to 1. */
function shrink(picture: Picture, columns: number, rows: number): Float32Array {
  const cells = new Float32Array(columns * rows);
  const counts = new Float32Array(columns * rows);
  for (let y = 0; y < picture.height; y += 2) {
    const row = Math.floor((y * rows) / picture.height) * columns;
    for (let x = 0; x < picture.width; x += 2) {
      const pixel = picture.pixels[y * picture.width + x] as number;
      const cell = row + Math.floor((x * columns) / picture.width);
      cells[cell] =
        (cells[cell] as number) +
        ((pixel & 255) * 0.3 + ((pixel >>> 8) & 255) * 0.59 + ((pixel >>> 16) & 255) * 0.11) / 255;
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  return cells.map((sum, cell) => sum / Math.max(1, counts[cell] as number));
}

/** Three box blurs, which together are close to a bell. */
function blur(values: Float32Array, rows: number, radius: number): void {
  const scratch = new Float32Array(values.length);
  for (let pass = 0; pass < 3; pass++) boxBlur(values, { width: COLUMNS, height: rows }, radius, values, scratch);
}
