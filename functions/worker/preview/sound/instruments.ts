/** What every voice is made of: shaped noise and gliding tones, added to a stereo buffer. */

import { clamp } from '../drawing/curves.ts';
import { Random } from '../drawing/random.ts';

export interface Tape {
  readonly rate: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
}

export const TAU = Math.PI * 2;

/** Noise through a low-pass and a high-pass of one pole each, with a slow swell, apart in the two ears. */
export function hiss(
  tape: Tape,
  random: Random,
  level: number,
  shape: { low: number; high: number; swell: (seconds: number, ear: number) => number },
): void {
  for (const [ear, channel] of [tape.left, tape.right].entries()) {
    const noise = whiteNoise(random.whole(1, 2 ** 30));
    const keep = 1 - Math.exp((-TAU * shape.low) / tape.rate);
    const drop = 1 - Math.exp((-TAU * shape.high) / tape.rate);
    const gain = level * Math.min(7, 0.9 / Math.sqrt(keep));
    let smooth = 0;
    let floor = 0;
    let swell = 0;
    for (let at = 0; at < channel.length; at++) {
      if ((at & 127) === 0) swell = gain * shape.swell(at / tape.rate, ear);
      smooth += (noise() - smooth) * keep;
      floor += (smooth - floor) * drop;
      channel[at] = (channel[at] as number) + (smooth - floor) * swell;
    }
  }
}

/** A tone that glides from `from` to `to` hertz and dies away, placed between the ears by `pan` (-1 to 1). */
export function chirp(
  tape: Tape,
  start: number,
  long: number,
  from: number,
  to: number,
  level: number,
  pan: number,
  wobble = 0,
): void {
  const first = Math.max(0, Math.floor(start * tape.rate));
  const count = Math.floor(long * tape.rate);
  const left = level * Math.sqrt(0.5 - pan * 0.45);
  const right = level * Math.sqrt(0.5 + pan * 0.45);
  let phase = 0;
  for (let step = 0; step < count && first + step < tape.left.length; step++) {
    const p = step / count;
    phase += (TAU * (from + (to - from) * p + wobble * Math.sin(p * 40))) / tape.rate;
    const value = Math.sin(phase) * Math.sin(Math.PI * Math.min(1, p * 8) * 0.5) * (1 - p) ** 2;
    tape.left[first + step] = (tape.left[first + step] as number) + value * left;
    tape.right[first + step] = (tape.right[first + step] as number) + value * right;
  }
}

export const seconds = (tape: Tape): number => tape.left.length / tape.rate;

/** Calls `play` about `perSecond` times a second, at random. */
export function scatter(tape: Tape, random: Random, perSecond: number, play: (start: number) => void): void {
  const count = Math.max(1, Math.round(seconds(tape) * perSecond));
  for (let index = 0; index < count; index++) play(((index + random.next()) / count) * seconds(tape));
}

/** A short burst of noise between about `high` and `low` hertz that dies away within `long` seconds. */
export function burst(
  tape: Tape,
  random: Random,
  start: number,
  shape: { low: number; high: number; long: number; level: number; pan: number },
): void {
  const noise = whiteNoise(random.whole(1, 2 ** 30));
  const first = Math.max(0, Math.floor(start * tape.rate));
  const count = Math.min(Math.floor(shape.long * tape.rate), tape.left.length - first);
  const keep = 1 - Math.exp((-TAU * shape.low) / tape.rate);
  const drop = 1 - Math.exp((-TAU * shape.high) / tape.rate);
  const gain = shape.level * Math.min(7, 0.9 / Math.sqrt(keep));
  const left = gain * Math.sqrt(0.5 - shape.pan * 0.45);
  const right = gain * Math.sqrt(0.5 + shape.pan * 0.45);
  let smooth = 0;
  let floor = 0;
  for (let step = 0; step < count; step++) {
    const p = step / (shape.long * tape.rate);
    smooth += (noise() - smooth) * keep;
    floor += (smooth - floor) * drop;
    const value = (smooth - floor) * Math.min(1, p * 40) * (1 - p) ** 3;
    tape.left[first + step] = (tape.left[first + step] as number) + value * left;
    tape.right[first + step] = (tape.right[first + step] as number) + value * right;
  }
}

/** A tone of several partials, each `[ratio to pitch, level, seconds until it is gone]`, struck at `start`. */
export function strike(
  tape: Tape,
  start: number,
  pitch: number,
  partials: readonly (readonly [ratio: number, level: number, seconds: number])[],
  pan: number,
): void {
  const first = Math.max(0, Math.floor(start * tape.rate));
  const left = Math.sqrt(0.5 - pan * 0.45);
  const right = Math.sqrt(0.5 + pan * 0.45);
  for (const [ratio, level, long] of partials) {
    const count = Math.min(Math.floor(long * tape.rate), tape.left.length - first);
    const step = (TAU * pitch * ratio) / tape.rate;
    for (let at = 0; at < count; at++) {
      const gone = at / (long * tape.rate);
      const value = Math.sin(step * at) * level * Math.min(1, at / 60) * (1 - gone) ** 4;
      tape.left[first + at] = (tape.left[first + at] as number) + value * left;
      tape.right[first + at] = (tape.right[first + at] as number) + value * right;
    }
  }
}

/** A fast generator for noise: xorshift, -1 to 1. */
export function whiteNoise(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 2147483648;
  };
}

// The rush of air in which one picture gives way to another: noise that rises in pitch and strength, crosses the ears, and falls.

const LEVEL = 0.42;
const WHOOSH_TAU = Math.PI * 2;
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
      const keep = 1 - Math.exp((-WHOOSH_TAU * (180 + 2_600 * swell)) / rate);
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
