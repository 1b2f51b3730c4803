/** Colours as they look: a small frame in OKLab, where equal distances look equally far, and the few colours that a part of it is made of. */

export interface LabPlanes {
  readonly width: number;
  readonly height: number;
  readonly l: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/** OKLab's colour axes are a third as long as its lightness; eyes weigh them alike. */
const CHROMA = 250;
const LINEAR = Float32Array.from({ length: 256 }, (_, value) => {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});
const ROOT_STEPS = 1 << 15;
const ROOTS = Float32Array.from({ length: ROOT_STEPS + 1 }, (_, step) => Math.cbrt(step / ROOT_STEPS));

/** `rgba` holds `width` x `height` pixels. */
export function labPlanes(rgba: Uint8ClampedArray, width: number, height: number): LabPlanes {
  const count = width * height;
  const planes = { l: new Float32Array(count), a: new Float32Array(count), b: new Float32Array(count) };
  for (let at = 0; at < count; at++) {
    const red = LINEAR[rgba[at * 4] as number] as number;
    const green = LINEAR[rgba[at * 4 + 1] as number] as number;
    const blue = LINEAR[rgba[at * 4 + 2] as number] as number;
    const l = root(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const m = root(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const s = root(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    planes.l[at] = 100 * (0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s);
    planes.a[at] = CHROMA * (1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s);
    planes.b[at] = CHROMA * (0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s);
  }
  return { width, height, ...planes };
}

function root(value: number): number {
  return ROOTS[(value * ROOT_STEPS) | 0] as number;
}

/** A few colours, three numbers each; empty for no pixels. */
export type Palette = Float32Array;

const ROUNDS = 6;

/** The `count` colours of the pixels that `belongs` names, by k-means. The same pixels always give the same colours. */
export function paletteOf(planes: LabPlanes, belongs: (pixel: number) => boolean, count: number): Palette {
  const { l, a, b } = planes;
  const own: number[] = [];
  for (let at = 0; at < l.length; at++) if (belongs(at)) own.push(at);
  if (own.length === 0) return new Float32Array(0);
  // Seeds spread over the brightness.
  own.sort((one, other) => (l[one] as number) - (l[other] as number) || one - other);
  const palette = new Float32Array(count * 3);
  for (let color = 0; color < count; color++) {
    const at = own[Math.floor(((color + 0.5) / count) * own.length)] as number;
    palette.set([l[at] as number, a[at] as number, b[at] as number], color * 3);
  }
  const step = Math.max(1, Math.floor(own.length / 3000));
  for (let round = 0; round < ROUNDS; round++) {
    const sums = new Float64Array(count * 4);
    for (let index = 0; index < own.length; index += step) {
      const at = own[index] as number;
      const value = [l[at] as number, a[at] as number, b[at] as number, 1];
      const color = nearest(palette, value[0] as number, value[1] as number, value[2] as number).color;
      for (let axis = 0; axis < 4; axis++)
        sums[color * 4 + axis] = (sums[color * 4 + axis] as number) + (value[axis] as number);
    }
    for (let color = 0; color < count; color++) {
      const size = sums[color * 4 + 3] as number;
      if (size === 0) continue;
      for (let axis = 0; axis < 3; axis++) palette[color * 3 + axis] = (sums[color * 4 + axis] as number) / size;
    }
  }
  return palette;
}

function nearest(palette: Palette, l: number, a: number, b: number): { color: number; square: number } {
  let [color, square] = [0, Number.POSITIVE_INFINITY];
  for (let at = 0; at < palette.length; at += 3) {
    const distance =
      (l - (palette[at] as number)) ** 2 +
      (a - (palette[at + 1] as number)) ** 2 +
      (b - (palette[at + 2] as number)) ** 2;
    if (distance >= square) continue;
    square = distance;
    color = at / 3;
  }
  return { color, square };
}

/** From pixel `at` to the nearest colour of the palette; endless for an empty one. */
export function distanceTo(palette: Palette, { l, a, b }: LabPlanes, at: number): number {
  return Math.sqrt(nearest(palette, l[at] as number, a[at] as number, b[at] as number).square);
}
