/**
 * Bends a picture by a displacement field. The field is worked out at the nodes of a coarse grid and runs straight between them, so a pixel
 * costs two additions and one bilinear lookup in whole numbers; because the field is continuous, the picture cannot tear.
 */
import type { Picture } from './open-picture.ts';

const CELL = 16;
/** Fixed point: 8 bits of fraction are finer than anybody sees, and four weights still fit beside two channels in 32 bits. */
const ONE = 256;
const RED_BLUE = 0x00ff00ff;

/** Where the output fraction `x`, `y` (0..1) is looked up in the picture: writes the source fractions to `out`. */
export type Field = (x: number, y: number, out: { x: number; y: number }) => void;

/** A reusable warp from `picture` to frames of `width` x `height` pixels. */
export class Warp {
  private readonly picture: Picture;
  private readonly width: number;
  private readonly height: number;
  private readonly columns: number;
  private readonly nodesX: Float32Array;
  private readonly nodesY: Float32Array;

  constructor(picture: Picture, width: number, height: number) {
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
