/** Which of espeak-ng's voices reads for each speaker. Every row sounds unlike every other: throat, pitch and pace differ. */
import { findSpeaker, type SpeakerId } from '../../../catalogue/speakers.ts';
import type { VoiceEstimate } from './estimate-voice.ts';

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
