/** Finds in a recording when each of its known sounds is said: the cheapest walk through both, always forwards. Pure. */
import type { Hearing } from './hearing.ts';
import type { Manner, Viseme } from './visemes.ts';

/** How badly a moment fits a manner of sound, 0 and up. */
const MISFIT: Readonly<Record<Manner, (loud: number, hiss: number) => number>> = {
  pause: loud => loud * 2.2,
  vowel: (loud, hiss) => (1 - loud) * 1.6 + hiss * 0.9,
  voiced: (loud, hiss) => Math.abs(0.72 - loud) + hiss * 0.8,
  stop: (loud, hiss) => Math.abs(0.42 - loud) * 0.9 + hiss * 0.25,
  hiss: (loud, hiss) => (1 - hiss) * 0.7 + Math.abs(0.6 - loud) * 0.4,
};
/** Passing over a sound costs this much; a pause between clauses may be absent. */
const SKIP = 2.4;
/** Each sound is given this many looks before going on is free. */
const LEAST: Readonly<Record<Manner, number>> = { pause: 1, vowel: 5, voiced: 4, stop: 4, hiss: 5 };
const HURRY = 0.25;
/** More cells than this (looks x sounds) are not worth the wait: 30 s of fast speech are 1.5 million. */
const MOST_CELLS = 6_000_000;

/** For each look of `hearing`, the index of the sound that is said; undefined where the two are too long to compare. */
export function align(hearing: Hearing, sounds: readonly Viseme[]): Uint16Array | undefined {
  const looks = hearing.loudness.length;
  const count = sounds.length;
  if (looks === 0 || count === 0 || looks * count > MOST_CELLS) return undefined;
  // How each cell was come to: 0 the same sound, 1 the one before, 2 the one before that.
  const steps = new Uint8Array(looks * count);
  let costs = new Float32Array(count).fill(Number.POSITIVE_INFINITY);
  let since = new Uint16Array(count);
  costs[0] = 0;
  for (let look = 0; look < looks; look++) {
    const loud = hearing.loudness[look] as number;
    const hiss = hearing.hiss[look] as number;
    const next = new Float32Array(count);
    const nextSince = new Uint16Array(count);
    for (let at = 0; at < count; at++) {
      const { manner } = sounds[at] as Viseme;
      const stay = costs[at] as number;
      const enter = at > 0 ? (costs[at - 1] as number) + hurry(sounds, since, at - 1) : Number.POSITIVE_INFINITY;
      const skip = at > 1 ? (costs[at - 2] as number) + hurry(sounds, since, at - 2) + SKIP : Number.POSITIVE_INFINITY;
      const step = stay <= enter && stay <= skip ? 0 : enter <= skip ? 1 : 2;
      steps[look * count + at] = step;
      next[at] = (step === 0 ? stay : step === 1 ? enter : skip) + MISFIT[manner](loud, hiss);
      nextSince[at] = step === 0 ? (since[at] as number) + 1 : 1;
    }
    costs = next;
    since = nextSince;
  }
  const path = new Uint16Array(looks);
  let at = count - 1;
  for (let look = looks - 1; look >= 0; look--) {
    path[look] = at;
    at -= steps[look * count + at] as number;
  }
  return path;
}

function hurry(sounds: readonly Viseme[], since: Uint16Array, at: number): number {
  return Math.max(0, LEAST[(sounds[at] as Viseme).manner] - (since[at] as number)) * HURRY;
}
