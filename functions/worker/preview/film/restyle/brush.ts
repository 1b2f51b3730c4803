/** Brush strokes: each pixel becomes the mean of the calmest of the four squares that meet in it (Kuwahara), so flats merge and edges stay. */
import { boxBlur, lumaOf, type Size } from '../../planes.ts';

export class Brush {
  private readonly size: Size;
  private readonly planes: readonly Float32Array[];
  private readonly scratch: Float32Array;

  constructor(size: Size) {
    this.size = size;
    const count = size.width * size.height;
    this.planes = Array.from({ length: 5 }, () => new Float32Array(count));
    this.scratch = new Float32Array(count);
  }

  /** Paints over `pixels` in place, with squares of `2 reach + 1` pixels. */
  paint(pixels: Uint8ClampedArray, reach: number): void {
    const { size, scratch } = this;
    const { width, height } = size;
    const [red, green, blue, luma, square] = this.planes as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    lumaOf(pixels, luma);
    for (let at = 0, from = 0; at < luma.length; at++, from += 4) {
      red[at] = pixels[from] as number;
      green[at] = pixels[from + 1] as number;
      blue[at] = pixels[from + 2] as number;
      square[at] = (luma[at] as number) ** 2;
    }
    for (const plane of this.planes) boxBlur(plane, size, reach, plane, scratch);
    for (let at = 0; at < luma.length; at++) scratch[at] = (square[at] as number) - (luma[at] as number) ** 2;
    for (let y = 0, to = 0; y < height; y++) {
      const above = Math.max(0, y - reach) * width;
      const below = Math.min(height - 1, y + reach) * width;
      for (let x = 0; x < width; x++, to += 4) {
        const left = x < reach ? 0 : x - reach;
        const right = x + reach >= width ? width - 1 : x + reach;
        let best = above + left;
        if ((scratch[above + right] as number) < (scratch[best] as number)) best = above + right;
        if ((scratch[below + left] as number) < (scratch[best] as number)) best = below + left;
        if ((scratch[below + right] as number) < (scratch[best] as number)) best = below + right;
        pixels[to] = red[best] as number;
        pixels[to + 1] = green[best] as number;
        pixels[to + 2] = blue[best] as number;
      }
    }
  }
}
