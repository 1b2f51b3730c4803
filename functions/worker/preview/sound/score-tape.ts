/** A score played onto a tape. */
import type { Random } from '../random.ts';
import { ALL_VOICES, type AnyVoice, type Levels } from './asked-sound.ts';
import type { Tape } from './instruments.ts';
import { master } from './voices.ts';

/** Peak of a finished track. AAC may overshoot by about 1 dB; with this it stays below -3 dBFS. */
export const PEAK = 10 ** (-4.5 / 20);

/** `samples` floats for each ear; `loudness` is a factor by seconds, and both ends fade over `fade` seconds. */
export function playScore(
  levels: Levels,
  random: Random,
  { rate, samples, fade }: { rate: number; samples: number; fade: number },
  loudness: (seconds: number) => number = () => 1,
): readonly [Float32Array, Float32Array] {
  const tape: Tape = { rate, left: new Float32Array(samples), right: new Float32Array(samples) };
  for (const [voice, level] of Object.entries(levels) as [AnyVoice, number][])
    ALL_VOICES[voice](tape, random.fork(voice), level);
  for (const channel of [tape.left, tape.right])
    for (let at = 0; at < samples; at++) channel[at] = (channel[at] as number) * loudness(at / rate);
  master(tape, PEAK, fade);
  return [tape.left, tape.right];
}

/** The sum of two tracks, each at its level, turned down as a whole where it would be louder than `PEAK`. */
export function mixTracks(
  first: readonly [Float32Array, Float32Array],
  firstLevel: number,
  second: readonly [Float32Array, Float32Array],
  secondLevel: number,
): readonly [Float32Array, Float32Array] {
  const sum = (a: Float32Array, b: Float32Array): Float32Array =>
    a.map((value, at) => value * firstLevel + (b[at] ?? 0) * secondLevel);
  const mixed = [sum(first[0], second[0]), sum(first[1], second[1])] as const;
  let most = PEAK;
  for (const channel of mixed) for (const value of channel) most = Math.max(most, Math.abs(value));
  if (most > PEAK)
    for (const channel of mixed)
      for (let at = 0; at < channel.length; at++) channel[at] = ((channel[at] as number) * PEAK) / most;
  return mixed;
}
