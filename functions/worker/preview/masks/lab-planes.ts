/** A small frame in OKLab, where equal distances look equally far: lightness 0 to 100, and two colour axes of about the same step. */

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

/** How far apart two colours look: 1 is next to nothing, 10 is plain, 100 is black and white. */
export function colorDistance(l: number, a: number, b: number): number {
  return Math.sqrt(l * l + a * a + b * b);
}

function root(value: number): number {
  return ROOTS[(value * ROOT_STEPS) | 0] as number;
}
