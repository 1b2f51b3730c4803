/** How a picture is lit so that it belongs where it is laid: brightness and contrast go half the way to those of the place, colours a little. */

/** Means and spreads of red, green and blue, 0 to 255. */
export interface Tone {
  readonly mean: readonly [number, number, number];
  readonly spread: number;
}

const LIGHT = 0.45;
const COLOR = 0.16;
const CONTRAST = 0.4;

/** Of `rgba` where `weight` says so: 0 leaves a pixel out. */
export function toneOf(rgba: Uint8ClampedArray, weight: (pixel: number) => number): Tone {
  const sums = [0, 0, 0];
  let [weights, light, square] = [0, 0, 0];
  for (let pixel = 0; pixel < rgba.length / 4; pixel++) {
    const own = weight(pixel);
    if (own === 0) continue;
    for (let channel = 0; channel < 3; channel++)
      sums[channel] = (sums[channel] as number) + own * (rgba[pixel * 4 + channel] as number);
    const luma = lumaOf(rgba, pixel);
    weights += own;
    light += own * luma;
    square += own * luma * luma;
  }
  if (weights === 0) return { mean: [128, 128, 128], spread: 40 };
  const [red = 0, green = 0, blue = 0] = sums.map(sum => sum / weights);
  return { mean: [red, green, blue], spread: Math.sqrt(Math.max(0, square / weights - (light / weights) ** 2)) };
}

/** Changes `rgba`, whose tone is `own`, towards `place`. */
export function light(rgba: Uint8ClampedArray, own: Tone, place: Tone): void {
  const gain = bounded(1 + CONTRAST * (place.spread / Math.max(4, own.spread) - 1), 0.65, 1.35);
  const middle = luma(own.mean);
  const lift = LIGHT * (luma(place.mean) - middle);
  for (let at = 0; at < rgba.length; at += 4)
    for (let channel = 0; channel < 3; channel++) {
      const from = own.mean[channel] as number;
      const cast = COLOR * ((place.mean[channel] as number) - luma(place.mean) - (from - middle));
      rgba[at + channel] = from + ((rgba[at + channel] as number) - from) * gain + lift + cast;
    }
}

/** Brightness of one pixel, 0 to 255. */
export function lumaOf(rgba: Uint8ClampedArray, pixel: number): number {
  const at = pixel * 4;
  return 0.299 * (rgba[at] as number) + 0.587 * (rgba[at + 1] as number) + 0.114 * (rgba[at + 2] as number);
}

function luma([red, green, blue]: readonly [number, number, number]): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

function bounded(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
