/**
 * The price table, in whole credits. 100 credits are one US dollar, pay as you go. Sources: [P] the official pricing
 * page, late 2025; [U] useapi.net's comparison, 2025 to 2026; [F], [A], [C] three integrators' notes, 2026; [M] set by
 * us: no source gave a number, so the row stands between its neighbours.
 */
import type { Quality } from '../generation/job.ts';

/** What a price depends on. */
export interface Priced {
  readonly model: string;
  readonly quality: Quality;
  readonly durationSeconds: number;
  readonly audio: boolean;
  readonly soundEffect: boolean;
  readonly motion: 'normal' | 'fast';
}

/** Credits for a clip of so many seconds. */
type ClipPrices = Readonly<Record<number, number>>;

/** v3.5, v4, v4.5: [P], normal motion; 1080p is offered at 5 s only. */
const UP_TO_V45: Readonly<Record<Quality, ClipPrices>> = {
  '360p': { 5: 45, 8: 90 },
  '540p': { 5: 45, 8: 90 },
  '720p': { 5: 60, 8: 120 },
  '1080p': { 5: 120 },
};
/** Fast motion costs what eight seconds cost: [P]. */
const FAST_FIVE_SECONDS: Readonly<Record<Quality, number>> = { '360p': 90, '540p': 90, '720p': 120, '1080p': 240 };
/** v5: [P]. */
const V5: Readonly<Record<Quality, ClipPrices>> = { ...UP_TO_V45, '1080p': { 5: 120, 8: 240 } };
/** v5.5: 360p and 540p [U]; 720p, 1080p [M]: v5's prices, and 10 s at 8 s plus a tenth as in [U]. v5.6 as v5.5 [M]. */
const V55: Readonly<Record<Quality, ClipPrices>> = {
  '360p': { 5: 45, 8: 90, 10: 99 },
  '540p': { 5: 45, 8: 90, 10: 99 },
  '720p': { 5: 60, 8: 120, 10: 132 },
  '1080p': { 5: 120, 8: 240 },
};
/** Sound of its own adds 10 to a v5.5 clip: [U]. */
const V55_AUDIO = 10;

/** Credits a second, silent and with sound. v6: 720p, 1080p [F][A]; 360p, 540p [M] in c1's proportions. c1: [C][F]. */
const PER_SECOND: Readonly<Record<string, Readonly<Record<Quality, readonly [silent: number, sound: number]>>>> = {
  v6: { '360p': [5, 7], '540p': [7, 9], '720p': [9, 12], '1080p': [18, 23] },
  c1: { '360p': [6, 8], '540p': [8, 10], '720p': [10, 13], '1080p': [19, 24] },
};

/** A sound effect costs 10 for each 5 seconds begun: [P]. */
const SOUND_EFFECT_CREDITS = 10;
const SOUND_EFFECT_SECONDS = 5;

const CLIPS: Readonly<Record<string, Readonly<Record<Quality, ClipPrices>>>> = {
  'v3.5': UP_TO_V45,
  v4: UP_TO_V45,
  'v4.5': UP_TO_V45,
  v5: V5,
  'v5.5': V55,
  'v5.6': V55,
};

/** What a video costs that the capability matrix allows; throws where the table has no price for it. */
export function priceOf(video: Priced): number {
  const effect = video.soundEffect ? SOUND_EFFECT_CREDITS * Math.ceil(video.durationSeconds / SOUND_EFFECT_SECONDS) : 0;
  return pictureCredits(video) + effect;
}

function pictureCredits({ model, quality, durationSeconds, audio, motion }: Priced): number {
  const perSecond = PER_SECOND[model]?.[quality];
  if (perSecond) return perSecond[audio ? 1 : 0] * durationSeconds;
  const clip = motion === 'fast' ? FAST_FIVE_SECONDS[quality] : CLIPS[model]?.[quality]?.[durationSeconds];
  if (clip === undefined) throw new RangeError(`no price for ${model} ${quality} ${durationSeconds} s`);
  return clip + (audio ? V55_AUDIO : 0);
}
