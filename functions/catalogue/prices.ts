/** What a video costs, from the price table: in whole credits, known before anything is made, and the same for the same input. Pure. */

import {
  CLIP_PRICES,
  EXTRA_PRICES,
  type ExtraRow,
  FUNCTION_PRICES,
  type FunctionPrice,
  MULTI_TRANSITION_PRICE,
  SECOND_PRICES,
} from './price-table.ts';
import type { Quality, VideoFunction } from './video-request.ts';

/** What a price depends on. */
export interface PriceInput {
  /** A clip by its model where absent. */
  readonly function?: VideoFunction;
  readonly model: string;
  readonly quality: Quality;
  /** Of the clip; of a function that works on a video, that video's. */
  readonly durationSeconds: number;
  readonly audio: boolean;
  readonly soundEffect: boolean;
  /** A speaker over the finished clip. */
  readonly speech?: boolean;
  readonly motion: 'normal' | 'fast';
  /** Lip sync: the audio's seconds, or the text. */
  readonly voice?: { readonly seconds: number } | { readonly text: string };
}

/** A file that was cut at 5 s may end a frame or a packet later: it has not begun its sixth second. */
const GRACE_SECONDS = 0.1;
const TEXT_BYTES = 15;

/** What a video costs. Throws for a combination that the capability matrix does not allow: it has no price. */
export function priceOf(video: PriceInput): number {
  if (video.function === 'multi_transition') return multiTransition(video);
  const rows = FUNCTION_PRICES.filter(row => row.function === video.function);
  if (rows.length === 0) return clipCredits(video) + extra('soundEffect', video) + extra('speech', video);
  const unit = video.function === 'lip_sync' ? voiceUnit(video) : undefined;
  const row = rows.find(
    ({ quality, ...found }) => (quality ?? video.quality) === video.quality && (unit ?? found.unit) === found.unit,
  );
  if (!row) throw new RangeError(`no price for ${video.function} ${video.quality}`);
  return row.credits * unitsOf(row, video);
}

function unitsOf({ unit }: FunctionPrice, { durationSeconds, voice }: PriceInput): number {
  switch (unit) {
    case 'job':
      return 1;
    case 'second':
      return begun(durationSeconds);
    case 'five_seconds':
      return begun(durationSeconds, 5);
    case 'voice_second':
      return begun(voice && 'seconds' in voice ? voice.seconds : 0);
    case 'text':
      return Math.max(1, Math.ceil(Buffer.byteLength(voice && 'text' in voice ? voice.text : '') / TEXT_BYTES));
  }
}

function voiceUnit({ voice }: PriceInput): 'voice_second' | 'text' {
  return voice && 'seconds' in voice ? 'voice_second' : 'text';
}

/** How many spans of so many seconds were begun, at least one. */
function begun(seconds: number, span = 1): number {
  return Math.max(1, Math.ceil((seconds - GRACE_SECONDS) / span));
}

function clipCredits(video: PriceInput): number {
  const { model, quality, durationSeconds, audio } = video;
  const second = SECOND_PRICES.find(row => row.model === model && row.quality === quality);
  if (second) return (audio ? second.sound : second.silent) * durationSeconds;
  return clipRow(video).credits + extra('audio', video);
}

function clipRow({ model, quality, durationSeconds, motion }: Omit<PriceInput, 'audio' | 'soundEffect'>) {
  const row = CLIP_PRICES.find(
    ({ models, ...found }) =>
      models.includes(model) &&
      found.quality === quality &&
      found.motion === motion &&
      found.seconds === durationSeconds,
  );
  if (!row) throw new RangeError(`no price for ${model} ${quality} ${durationSeconds} s`);
  return row;
}

function extra(name: ExtraRow['extra'], video: PriceInput): number {
  const row = video[name] ? EXTRA_PRICES.find(found => found.extra === name) : undefined;
  if (!row) return 0;
  return row.credits * (row.perSeconds ? begun(video.durationSeconds, row.perSeconds) : 1);
}

function multiTransition({ durationSeconds, ...video }: PriceInput): number {
  const { perSeconds } = MULTI_TRANSITION_PRICE;
  return clipRow({ ...video, durationSeconds: perSeconds }).credits * begun(durationSeconds, perSeconds);
}
