/** What every style paints with: the frame's brightness and outlines, brush strokes, paper. */
import { smoothstep } from '../drawing/curves.ts';
import { boxBlur, edgesOf, lumaOf, type Size } from '../drawing/planes.ts';
import { makeNoises, type Noises, type Random } from '../drawing/random.ts';

/** Paints over RGBA pixels in place. Frames come in order; what stands still in the video must stand still in the style. */
export type StylePainter = (pixels: Uint8ClampedArray, index: number) => void;
export type Style = (easel: Easel) => StylePainter;

export class Easel implements Size {
  readonly width: number;
  readonly height: number;
  /** The shortest side over 360: strokes and dots are sized by it. */
  readonly unit: number;
  readonly random: Random;
  readonly noises: Noises;
  /** Brightness and outlines of the frame that `look` was last shown. */
  readonly luma: Float32Array;
  readonly edges: Float32Array;
  private readonly scratch: Float32Array;
  private readonly strokes: readonly Float32Array[];

  constructor(width: number, height: number, random: Random) {
    this.width = width;
    this.height = height;
    this.unit = Math.min(width, height) / 360;
    this.random = random;
    this.noises = makeNoises(random.fork('noises'));
    this.luma = new Float32Array(width * height);
    this.edges = this.luma.slice();
    this.scratch = this.luma.slice();
    this.strokes = Array.from({ length: 4 }, () => this.luma.slice());
  }

  /** Takes brightness and, after a blur of `soft` pixels, outlines (0 to about 1000). Brightness itself stays sharp. */
  look(pixels: Uint8ClampedArray, soft = 0): void {
    lumaOf(pixels, this.luma);
    if (soft <= 0) return;
    const blurred = boxBlur(this.luma, this, Math.max(1, Math.round(soft)), this.scratch.slice(), this.scratch);
    edgesOf(blurred, this, this.edges);
  }

  /** Blurs a plane in place, `times` times. */
  blur(plane: Float32Array, radius: number, times = 1): Float32Array {
    for (let time = 0; time < times; time++) boxBlur(plane, this, Math.max(1, Math.round(radius)), plane, this.scratch);
    return plane;
  }

  /** A plane from a function of the pixel. */
  plane(of: (x: number, y: number) => number): Float32Array {
    return this.luma.map((_, at) => of(at % this.width, Math.floor(at / this.width)));
  }

  /** 0 to 1, the same in every frame: paper whose bumps are `fine` to a unit. */
  paper(fine: number): Float32Array {
    const { noises, unit } = this;
    return this.plane((x, y) => 0.5 + 0.5 * noises.fine.at((x * fine) / unit, (y * fine) / unit));
  }

  /** 1 in the middle to `1 - depth` in the corners. */
  vignette(depth: number): Float32Array {
    const { width, height } = this;
    return this.plane(
      (x, y) => 1 - depth * smoothstep(0.35, 1.05, Math.hypot(x / width - 0.5, y / height - 0.5) * 1.5),
    );
  }

  /**
   * Brush strokes with squares of `2 reach + 1` pixels: each pixel becomes the mean of the calmest of the four squares that meet in it
   * (Kuwahara), so flats merge and edges stay.
   */
  brush(pixels: Uint8ClampedArray, reach: number): void {
    const { width, height, luma, scratch } = this;
    const [red, green, blue, square] = this.strokes as [Float32Array, Float32Array, Float32Array, Float32Array];
    lumaOf(pixels, luma);
    for (let at = 0, from = 0; at < luma.length; at++, from += 4) {
      red[at] = pixels[from] as number;
      green[at] = pixels[from + 1] as number;
      blue[at] = pixels[from + 2] as number;
      square[at] = (luma[at] as number) ** 2;
    }
    for (const plane of [red, green, blue, square, luma]) boxBlur(plane, this, reach, plane, scratch);
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

/** Moves a pixel's colour away from grey by `factor`, in place. */
export function saturate(pixels: Uint8ClampedArray, at: number, factor: number): void {
  const grey = 0.299 * (pixels[at] as number) + 0.587 * (pixels[at + 1] as number) + 0.114 * (pixels[at + 2] as number);
  for (let to = at; to < at + 3; to++) pixels[to] = grey + ((pixels[to] as number) - grey) * factor;
}

/** Steps of `step` with soft risers: `softness` 0 is a stair, 1 a ramp. */
export function softStep(value: number, step: number, softness: number): number {
  const floor = Math.floor(value / step);
  const rise = (value / step - floor - 0.5) / softness + 0.5;
  return (floor + Math.min(1, Math.max(0, rise))) * step;
}

/** Levels of change from which a pixel is moving, and how much of a smaller change is let through at once. */
const MOTION = 22;
const SLOW = 0.28;

/** Coding noise held still: a style that counts in steps would turn a flicker of two levels into one of a whole step. */
export class Steady {
  private held: Float32Array | undefined;

  /** Steadies `pixels` (RGBA) in place. Frames must come in order. */
  hold(pixels: Uint8ClampedArray): void {
    this.held ??= Float32Array.from(pixels);
    const { held } = this;
    for (let at = 0; at < pixels.length; at += 4) {
      let most = 0;
      for (let to = at; to < at + 3; to++)
        most = Math.max(most, Math.abs((pixels[to] as number) - (held[to] as number)));
      const change = most / MOTION;
      const share = change >= 1 ? 1 : SLOW + (1 - SLOW) * change * change;
      for (let to = at; to < at + 3; to++) {
        held[to] = (held[to] as number) + ((pixels[to] as number) - (held[to] as number)) * share;
        pixels[to] = held[to] as number;
      }
    }
  }
}
