/**
 * Bends a picture by a displacement field. The field is worked out at the nodes of a coarse grid and runs straight between them, so a pixel
 * costs two additions and one bilinear lookup in whole numbers; because the field is continuous, the picture cannot tear.
 */

import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import { canvasOf, type DecodedImage, openImage } from '../../media/open-image.ts';
import { clamp } from '../drawing/curves.ts';
import { boxBlur } from '../drawing/planes.ts';

const CELL = 16;
/** Fixed point: 8 bits of fraction are finer than anybody sees, and four weights still fit beside two channels in 32 bits. */
const ONE = 256;
const RED_BLUE = 0x00ff00ff;

/** Where the output fraction `x`, `y` (0..1) is looked up in the picture: writes the source fractions to `out`. */
export type Field = (x: number, y: number, out: { x: number; y: number }) => void;

/** A reusable warp from `picture` to frames of `width` x `height` pixels. */
export class Warp {
  private readonly picture: DecodedImage;
  private readonly width: number;
  private readonly height: number;
  private readonly columns: number;
  private readonly nodesX: Float32Array;
  private readonly nodesY: Float32Array;

  constructor(picture: DecodedImage, width: number, height: number) {
    this.picture = picture;
    this.width = width;
    this.height = height;
    this.columns = Math.ceil(width / CELL) + 1;
    const rows = Math.ceil(height / CELL) + 1;
    this.nodesX = new Float32Array(this.columns * rows);
    this.nodesY = new Float32Array(this.columns * rows);
  }

  /** Fills `target` (one 32-bit pixel per element). */
  render(field: Field, target: Uint32Array): void {
    this.placeNodes(field);
    const { picture, width, height, columns, nodesX, nodesY } = this;
    const source = picture.pixels;
    const stride = picture.width;
    for (let y = 0; y < height; y++) {
      const row = (y / CELL) | 0;
      const down = (y - row * CELL) / CELL;
      for (let column = 0; column < columns - 1; column++) {
        const at = row * columns + column;
        const fromX = lerp(nodesX, at, at + columns, down);
        const fromY = lerp(nodesY, at, at + columns, down);
        const stepX = (lerp(nodesX, at + 1, at + columns + 1, down) - fromX) / CELL;
        const stepY = (lerp(nodesY, at + 1, at + columns + 1, down) - fromY) / CELL;
        const start = column * CELL;
        const end = Math.min(width, start + CELL);
        let sx = fromX;
        let sy = fromY;
        for (let x = start; x < end; x++, sx += stepX, sy += stepY) {
          const ix = sx | 0;
          const iy = sy | 0;
          const left = ix >> 8;
          const fx = ix & 255;
          const fy = iy & 255;
          const p = (iy >> 8) * stride + left;
          const a = source[p] as number;
          const b = source[p + 1] as number;
          const c = source[p + stride] as number;
          const d = source[p + stride + 1] as number;
          const wd = (fx * fy) >> 8;
          const wc = fy - wd;
          const wb = fx - wd;
          const wa = ONE - fx - fy + wd;
          const redBlue =
            (Math.imul(a & RED_BLUE, wa) +
              Math.imul(b & RED_BLUE, wb) +
              Math.imul(c & RED_BLUE, wc) +
              Math.imul(d & RED_BLUE, wd) +
              0x800080) >>>
            8;
          const green =
            (((a >>> 8) & 255) * wa + ((b >>> 8) & 255) * wb + ((c >>> 8) & 255) * wc + ((d >>> 8) & 255) * wd + 128) &
            0xff00;
          target[y * width + x] = (redBlue & RED_BLUE) | green | 0xff000000;
        }
      }
    }
  }

  private placeNodes(field: Field): void {
    const { picture, columns, nodesX, nodesY } = this;
    const point = { x: 0, y: 0 };
    const right = (picture.width - 2) * ONE;
    const bottom = (picture.height - 2) * ONE;
    for (let at = 0; at < nodesX.length; at++) {
      const x = ((at % columns) * CELL) / this.width;
      const y = (Math.floor(at / columns) * CELL) / this.height;
      field(x, y, point);
      nodesX[at] = Math.min(right, Math.max(0, point.x * (picture.width - 1) * ONE));
      nodesY[at] = Math.min(bottom, Math.max(0, point.y * (picture.height - 1) * ONE));
    }
  }
}

function lerp(values: Float32Array, from: number, to: number, amount: number): number {
  const low = values[from] as number;
  return low + ((values[to] as number) - low) * amount;
}

// A guess at depth from one picture: what is low in the frame is near, and so is what is full of detail; sky and walls are far. Blurred
// until it is smooth everywhere, because a warp may only bend a picture, never tear it.

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

export function guessDepth(picture: DecodedImage): DepthMap {
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
function shrink(picture: DecodedImage, columns: number, rows: number): Float32Array {
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

// The caller's picture at the size of the frame, and the camera moving in it. With no drift it is the picture itself, pixel for pixel, so
// a clip can begin or end on it; with some, the camera moves in far enough that the picture's edge never shows.

/** Where the camera is in a still. All zero is the picture as it came. */
export interface Drift {
  /** How far it has moved in: 0.1 is about a tenth larger, near things more and far ones less. */
  readonly push: number;
  /** Sideways and down, in fractions of the frame; up to a third of `push` shows no edge. */
  readonly x: number;
  readonly y: number;
}

/** Moves the place where `x`, `y` (fractions of the frame) is looked up; writes the distance to `out`. */
export type Bend = (x: number, y: number, out: { x: number; y: number }) => void;

export class Still {
  readonly picture: DecodedImage;
  readonly depth: DepthMap;
  private readonly plain: Canvas;
  private readonly moved: Canvas;
  private readonly image: ImageData;
  private readonly warp: Warp;

  /** `picture` has the size of the frame. */
  constructor(picture: DecodedImage) {
    const { width, height } = picture;
    this.picture = picture;
    this.depth = guessDepth(picture);
    this.plain = canvasOf(picture);
    this.moved = createCanvas(width, height);
    this.image = new ImageData(width, height);
    this.warp = new Warp(picture, width, height);
  }

  /** Covers `width` x `height` pixels with the file. Throws MediaError `bad_image`. */
  static async open(path: string, width: number, height: number): Promise<Still> {
    return new Still(await openImage(path, width, height));
  }

  /** The picture with the camera at `drift`; the canvas is drawn anew by the next call. */
  at({ push, x: right, y: down }: Drift, bend?: Bend): Canvas {
    if (push === 0 && right === 0 && down === 0 && bend === undefined) return this.plain;
    const { depth, image, moved } = this;
    const { width, height } = moved;
    // The warp counts its picture from centre to centre of the pixels at its edges, and the frame from edge to edge.
    const fitX = width / (width - 1);
    const fitY = height / (height - 1);
    const bent = { x: 0, y: 0 };
    this.warp.render(
      (x, y, out) => {
        const near = depth.at(x, y) - 0.4;
        const zoom = 1 + push * (1 + near * 0.8);
        const share = 0.25 + near * 0.8;
        if (bend !== undefined) bend(x, y, bent);
        out.x = (0.5 + (x - 0.5) / zoom + right * share + bent.x) * fitX;
        out.y = (0.5 + (y - 0.5) / zoom + down * share + bent.y) * fitY;
      },
      new Uint32Array(image.data.buffer, image.data.byteOffset, width * height),
    );
    moved.getContext('2d').putImageData(image, 0, 0);
    return moved;
  }
}
