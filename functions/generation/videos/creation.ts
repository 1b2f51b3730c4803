/**
 * From a creation of this dialect to what is to be made, and its price. Pure. Throws a Refusal that names the member as
 * this dialect spells it.
 */
import type { z } from 'zod';
import { type Ask, type Breach, checkCapability, MODELS } from '../../catalogue/models.ts';
import { priceOf } from '../../catalogue/prices.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import type { VideoRequest } from '../../catalogue/video-request.ts';
import type { createVideo, extendVideo } from './contract.ts';
import { DEFAULT_SIZE, type Format, SIZES } from './sizes.ts';
import type { SourceVideo } from './source.ts';

export interface Plan {
  readonly request: VideoRequest;
  /** Credits. */
  readonly credits: number;
}

/** The original's names stand for the model that is offered in their place; the answer names the latter. */
const STAND_IN = 'v6';
const ORIGINALS = /^sora-2(-pro)?(-\d{4}-\d{2}-\d{2})?$/;
/** The original's default, or the next that the model makes. */
const DEFAULT_SECONDS = 4;

/** A video from words, and from a picture where there is one; its image is added once it is stored. */
export function planVideo(body: z.output<typeof createVideo.input>, drawnSeed: number): Plan {
  const format = readSize(body.size ?? DEFAULT_SIZE);
  const pictured = body.input_reference !== undefined;
  const model = modelOf(body.model);
  return plan({
    ...base(body, drawnSeed, model),
    ...format,
    function: pictured ? 'image_to_video' : 'text_to_video',
    durationSeconds: body.seconds ?? defaultSeconds(model, format),
    negativePrompt: body.negative_prompt ?? '',
  });
}

/** The source continued: its own quality, and its own model where that can. */
export function planExtension(body: z.output<typeof extendVideo.input>, source: SourceVideo, drawnSeed: number): Plan {
  const own = MODELS.find(({ name, functions }) => name === source.model && functions.includes('extend'));
  return plan({
    ...base(body, drawnSeed, modelOf(body.model ?? own?.name)),
    function: 'extend',
    quality: source.quality,
    durationSeconds: body.seconds,
    ...(source.reference && { source: source.reference }),
  });
}

/** The source changed as the prompt says: remix and edit are the same to what makes them. Modifying goes up to 720p. */
export function planChange(
  body: { prompt: string; seed?: number | undefined },
  source: SourceVideo,
  drawnSeed: number,
): Plan {
  const request: VideoRequest = {
    ...base(body, drawnSeed, ''),
    function: 'modify',
    quality: source.quality === '1080p' ? '720p' : source.quality,
    durationSeconds: source.durationSeconds,
    // Its sound is the source's.
    audio: source.hasAudio,
    ...(source.reference && { source: source.reference }),
  };
  return { request, credits: creditsOf(request) };
}

function plan(request: VideoRequest): Plan {
  const found = checkCapability({
    function: request.function as NonNullable<Ask['function']>,
    model: request.model,
    quality: request.quality,
    duration: request.durationSeconds,
    aspectRatio: request.aspectRatio,
    audio: request.audio,
    soundEffect: false,
    motion: 'normal',
    camera: '',
    style: '',
  });
  if ('rule' in found) throw refuse(found);
  return { request, credits: creditsOf(request) };
}

function creditsOf({ function: made, model, quality, durationSeconds, audio, motion }: VideoRequest): number {
  return priceOf({ function: made, model, quality, durationSeconds, audio, motion, soundEffect: false });
}

function base(
  body: { prompt: string; seed?: number | undefined; audio?: boolean | undefined },
  drawnSeed: number,
  model: string,
) {
  return {
    model,
    prompt: body.prompt,
    negativePrompt: '',
    seed: body.seed ?? drawnSeed,
    // The original always had sound.
    audio: body.audio ?? MODELS.find(({ name }) => name === model)?.audio ?? false,
    style: '',
    cameraMovement: '',
    motion: 'normal',
  } as const;
}

function modelOf(asked = STAND_IN): string {
  return ORIGINALS.test(asked) ? STAND_IN : asked;
}

function defaultSeconds(model: string, { quality }: Format): number {
  const offered = MODELS.find(({ name }) => name === model)?.durations[quality] ?? [];
  return offered.find(seconds => seconds >= DEFAULT_SECONDS) ?? DEFAULT_SECONDS;
}

function readSize(size: string): Format {
  const format = SIZES.get(size);
  if (format) return format;
  throw new Refusal('invalid_parameter', `size must be one of ${[...SIZES.keys()].join(', ')}`, 'size');
}

/** How the matrix names members, and how this dialect does. */
const MEMBERS: Readonly<Record<string, string>> = {
  duration: 'seconds',
  quality: 'size',
  aspect_ratio: 'size',
  generate_audio_switch: 'audio',
};

function refuse({ field, rule }: Breach): Refusal {
  const member = MEMBERS[field] ?? field;
  // Aspects and qualities are not members here: the rule says which of the two it is about.
  const about = member === 'size' ? `the ${field.replace('_', ' ')} of size` : member;
  return new Refusal('invalid_parameter', `${about} ${rule}`, member);
}
