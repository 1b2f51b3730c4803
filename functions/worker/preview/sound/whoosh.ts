/** The rush of air in which one picture gives way to another: noise that rises in pitch and strength, crosses the ears, and falls. */
import { clamp } from '../curves.ts';
import { Random } from '../random.ts';

const LEVEL = 0.42;
const TAU = Math.PI * 2;
/** Louder than this would clip once AAC overshoots. */
const PEAK = 10 ** (-4.5 / 20);

/** Adds a whoosh from `at` for `seconds` for each of `moments`, then turns the track down where it has become too loud. */
export function addWhooshes(
  [left, right]: readonly [Float32Array, Float32Array],
  rate: number,
  moments: readonly { readonly at: number; readonly seconds: number }[],
  seed: number,
): void {
  for (const [index, { at, seconds }] of moments.entries()) {
    const random = new Random(seed, `whoosh ${index}`);
    const start = Math.round(at * rate);
    const count = Math.min(Math.round(seconds * rate), left.length - start);
    let low = 0;
    let floor = 0;
    for (let step = 0; step < count; step++) {
      const progress = step / count;
      const swell = Math.sin(Math.PI * progress) ** 2;
      const keep = 1 - Math.exp((-TAU * (180 + 2_600 * swell)) / rate);
      low += (random.range(-1, 1) - low) * keep;
      floor += (low - floor) * 0.012;
      const value = ((low - floor) * swell * LEVEL) / Math.sqrt(0.04 + keep);
      left[start + step] = (left[start + step] ?? 0) + value * (1 - 0.7 * progress);
      right[start + step] = (right[start + step] ?? 0) + value * (0.3 + 0.7 * progress);
    }
  }
  for (const channel of [left, right])
    for (let at = 0; at < channel.length; at++) channel[at] = clamp(channel[at] ?? 0, -PEAK, PEAK);
}
