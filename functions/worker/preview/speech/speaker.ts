/** Which of espeak-ng's voices reads for each speaker. Every row sounds unlike every other: throat, pitch and pace differ. */
import { findSpeaker, type SpeakerId } from '../../../catalogue/speakers.ts';
import { hear, LOOKS_PER_SECOND } from './mouth-track.ts';

/** How espeak-ng is asked to sound. */
export interface Delivery {
  /** A variant of espeak-ng: the shape of the throat. Empty for its own voice. */
  readonly throat: string;
  /** 0 to 99, 50 in the middle. */
  readonly pitch: number;
  /** Words a minute. */
  readonly pace: number;
}

const CAST: Readonly<Record<SpeakerId, Delivery>> = {
  '1': { throat: 'f2', pitch: 52, pace: 165 },
  '2': { throat: 'm3', pitch: 40, pace: 158 },
  '3': { throat: 'f3', pitch: 30, pace: 150 },
  '4': { throat: 'm1', pitch: 70, pace: 172 },
  '5': { throat: 'f5', pitch: 78, pace: 178 },
  '6': { throat: 'm7', pitch: 22, pace: 146 },
  '7': { throat: 'f1', pitch: 72, pace: 170 },
  '8': { throat: 'Annie', pitch: 60, pace: 162 },
  '9': { throat: 'f4', pitch: 34, pace: 152 },
  '10': { throat: 'belinda', pitch: 54, pace: 160 },
  '11': { throat: 'm4', pitch: 12, pace: 150 },
  '12': { throat: 'm6', pitch: 80, pace: 180 },
  '13': { throat: 'm2', pitch: 34, pace: 156 },
  '14': { throat: 'Denis', pitch: 72, pace: 168 },
  Auto: { throat: '', pitch: 50, pace: 165 },
};

/** How the speaker of that id delivers a text; who is not listed speaks as `Auto` does. */
export function castSpeaker(speakerId: string): Delivery {
  return CAST[findSpeaker(speakerId)?.speakerId ?? 'Auto'];
}

interface Range {
  readonly throat: string;
  /** Median pitch in hertz at espeak's pitch 0, 25, 50, 75 and 99, measured. */
  readonly hertz: readonly [number, number, number, number, number];
}

const STEPS = [0, 25, 50, 75, 99] as const;
const LOW: Range = { throat: 'm3', hertz: [71, 84, 102, 131, 170] };
const HIGH: Range = { throat: 'f2', hertz: [127, 154, 190, 242, 320] };
const BETWEEN_HERTZ = 145;
/** espeak's own reading at this pace is heard as this many syllables a second; a voice twice as fast is heard as half again as many. */
const USUAL = { pace: 165, syllablesPerSecond: 4.3 } as const;
const PACE_POWER = 2;

/** A delivery with the pitch and pace of a recording. Its timbre is espeak's: a voice of similar pitch, not a copy of anybody's. */
export function castLike({ hertz, syllablesPerSecond }: VoiceEstimate): Delivery {
  const range = hertz < BETWEEN_HERTZ ? LOW : HIGH;
  const pace = USUAL.pace * (syllablesPerSecond / USUAL.syllablesPerSecond) ** PACE_POWER;
  return { throat: range.throat, pitch: pitchFor(range, hertz), pace: Math.round(Math.min(230, Math.max(110, pace))) };
}

/** Between the measured pitches; whoever is higher or lower than all of them gets the end. */
function pitchFor({ hertz: measured }: Range, hertz: number): number {
  const above = measured.findIndex(step => step >= hertz);
  if (above <= 0) return above === 0 ? STEPS[0] : STEPS[4];
  const low = measured[above - 1] as number;
  const high = measured[above] as number;
  const from = STEPS[above - 1] as number;
  return Math.round(from + (((STEPS[above] as number) - from) * (hertz - low)) / (high - low));
}

// How high and how fast somebody speaks in a recording: all that the preview takes from it for a custom voice, so the result
// is a voice of similar pitch and pace and nobody's copy. Pure.

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

// Which language a text is in, by its script and, for Latin letters, by its commonest words. A guess: English when nothing speaks against it.

/** A language as espeak-ng names its voices. */
export type Tongue = string;

/** Kana before Han: Japanese is written with both, Chinese without the first. */
const SCRIPTS: readonly (readonly [RegExp, Tongue])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Han}/gu, 'cmn'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Cyrillic}/gu, 'ru'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Arabic}/gu, 'ar'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Devanagari}/gu, 'hi'],
];

const WORDS: Readonly<Record<string, string>> = {
  'en-us': 'the and is are was of to you in it that this with for my we have hello what how not',
  es: 'el los las una que y es está con para por hola cómo qué muy pero mi del buenos buenas gracias no',
  de: 'der die das und ist nicht ich du wir ein eine mit auf von zu für guten hallo wie sind es dem den',
  'fr-fr': "le les une des et est vous nous je c'est avec pour dans bonjour merci pas sur qui mais du au",
  it: 'il gli una che è sono con per ciao non di della buongiorno grazie come mi questo',
  pt: 'o os uma que é são com para olá não você do da em muito obrigado bom dia',
};
const LETTERS: readonly (readonly [RegExp, Tongue])[] = [
  [/[ñ¿¡]/giu, 'es'],
  [/[ß]|[äöü]/giu, 'de'],
  [/[çœèêàùî]/giu, 'fr-fr'],
  [/[ãõ]/giu, 'pt'],
];

/** The voice's language for `text`. */
export function guessTongue(text: string): Tongue {
  const letters = count(text, /\p{L}/gu);
  for (const [script, tongue] of SCRIPTS) if (count(text, script) > letters * 0.2) return tongue;
  const words = text.toLowerCase().split(/[^\p{L}']+/u);
  let best: Tongue = 'en-us';
  let most = 0;
  for (const [tongue, list] of Object.entries(WORDS)) {
    const known = new Set(list.split(' '));
    const marks = LETTERS.filter(([, of]) => of === tongue).reduce((sum, [mark]) => sum + count(text, mark), 0);
    const votes = words.filter(word => known.has(word)).length + marks * 0.8;
    if (votes > most) [best, most] = [tongue, votes];
  }
  return best;
}

function count(text: string, kind: RegExp): number {
  return text.match(kind)?.length ?? 0;
}
