/**
 * How high and how fast somebody speaks in a recording: all that the preview takes from it for a custom voice, so the result
 * is a voice of similar pitch and pace and nobody's copy. Pure.
 */
import { hear, LOOKS_PER_SECOND } from './hearing.ts';

export interface VoiceEstimate {
  /** Median pitch of the voiced parts. */
  readonly hertz: number;
  /** While it is speaking. */
  readonly syllablesPerSecond: number;
}

/** For a recording in which no voice is heard. */
const UNHEARD: VoiceEstimate = { hertz: 130, syllablesPerSecond: 4 };
const LOWEST_HERTZ = 60;
const HIGHEST_HERTZ = 420;
/** Pitch is sought at this rate at most: it is far above the pitch and makes the search cheap. */
const SEARCH_RATE = 8_000;
const FRAME_SECONDS = 0.05;
const MOST_FRAMES = 400;
const VOICED = 0.55;

/** Of mono `samples` at `rate` hertz; a recording without a voice gives a middling estimate. */
export function estimateVoice(samples: Float32Array, rate: number): VoiceEstimate {
  const pitches = pitchesOf(samples, rate).sort((a, b) => a - b);
  const hertz = pitches[Math.floor(pitches.length / 2)];
  if (hertz === undefined) return UNHEARD;
  return { hertz, syllablesPerSecond: paceOf(samples, rate) };
}

function pitchesOf(samples: Float32Array, rate: number): number[] {
  const { low, lowRate } = thin(samples, rate);
  const length = Math.round(FRAME_SECONDS * lowRate);
  const hop = Math.max(length >> 1, Math.floor(low.length / MOST_FRAMES));
  const loudest = low.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const pitches: number[] = [];
  for (let start = 0; start + length <= low.length; start += hop) {
    const frame = low.subarray(start, start + length);
    const pitch = pitchOf(frame, lowRate, loudest);
    if (pitch !== undefined) pitches.push(pitch);
  }
  return pitches;
}

/** The first strong peak of the normalised autocorrelation; undefined where there is none. */
function pitchOf(frame: Float32Array, rate: number, loudest: number): number | undefined {
  const power = frame.reduce((sum, sample) => sum + sample * sample, 0);
  if (Math.sqrt(power / frame.length) < Math.max(0.002, loudest * 0.06)) return undefined;
  const shortest = Math.floor(rate / HIGHEST_HERTZ);
  const longest = Math.min(Math.ceil(rate / LOWEST_HERTZ), Math.floor(frame.length * 0.7));
  const likeness = new Float32Array(longest + 2);
  for (let lag = shortest - 1; lag <= longest + 1; lag++) {
    let [both, one, other] = [0, 0, 0];
    for (let at = lag; at < frame.length; at++) {
      const a = frame[at] as number;
      const b = frame[at - lag] as number;
      both += a * b;
      one += a * a;
      other += b * b;
    }
    likeness[lag] = both / Math.sqrt(one * other + 1e-12);
  }
  const best = likeness.reduce((most, value) => Math.max(most, value), 0);
  if (best < VOICED) return undefined;
  for (let lag = shortest; lag <= longest; lag++) {
    const here = likeness[lag] as number;
    // The first peak nearly as high as the highest: a later one is a multiple of the period.
    if (here >= best * 0.9 && here >= (likeness[lag - 1] as number) && here >= (likeness[lag + 1] as number)) {
      const bend = (likeness[lag - 1] as number) - 2 * here + (likeness[lag + 1] as number);
      const off = bend < 0 ? ((likeness[lag - 1] as number) - (likeness[lag + 1] as number)) / (2 * bend) : 0;
      return rate / (lag + off);
    }
  }
  return undefined;
}

function thin(samples: Float32Array, rate: number): { low: Float32Array; lowRate: number } {
  const by = Math.max(1, Math.floor(rate / SEARCH_RATE));
  const low = new Float32Array(Math.floor(samples.length / by));
  for (let at = 0; at < low.length; at++) {
    let sum = 0;
    for (let part = 0; part < by; part++) sum += samples[at * by + part] as number;
    low[at] = sum / by;
  }
  return { low, lowRate: rate / by };
}

/** Humps of loudness among the looks in which somebody speaks. */
function paceOf(samples: Float32Array, rate: number): number {
  const { loudness } = hear(samples, rate);
  const smooth = loudness.map((_, at) => {
    let sum = 0;
    for (let near = at - 4; near <= at + 4; near++) sum += loudness[near] ?? 0;
    return sum / 9;
  });
  const speaking = smooth.filter(value => value > 0.35).length;
  let humps = 0;
  for (let at = 6; at < smooth.length - 6; at++) {
    const here = smooth[at] as number;
    const peak = here > 0.45 && here > (smooth[at - 1] as number) && here >= (smooth[at + 1] as number);
    if (peak && here - Math.min(smooth[at - 6] as number, smooth[at + 6] as number) > 0.03) humps++;
  }
  if (speaking < LOOKS_PER_SECOND / 4 || humps === 0) return UNHEARD.syllablesPerSecond;
  return Math.min(7, Math.max(2, (humps * LOOKS_PER_SECOND) / speaking));
}
