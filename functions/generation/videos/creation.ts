/**
 * From a call of this dialect to what is to be made, and its price; and what a creation says in headers. Pure. Throws a
 * Refusal that names the member as this dialect spells it.
 */
import type { z } from 'zod';
import { DEFAULT_SIZE, type Format, SIZES } from '../../catalogue/frame-size.ts';
import { FUNCTIONS, LONGEST_SOURCE_SECONDS, qualityOf, SOURCE_GRACE_SECONDS } from '../../catalogue/functions.ts';
import { isOpen } from '../../catalogue/job-states.ts';
import { type Breach, type CapabilityQuery, checkCapability, MODEL_FUNCTIONS, MODELS } from '../../catalogue/models.ts';
import { priceOf } from '../../catalogue/prices.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import type { Quality, SourceReference, VideoRequest } from '../../catalogue/video-request.ts';
import type { MediaFacts } from '../../uploads/media-inspection.ts';
import { type Job, makesImage } from '../job.ts';
import type { createVideo, extendVideo } from './contract.ts';
import { shownJob } from './video-object.ts';

/** The video that another starts from, as far as that other needs it. */
export interface SourceVideo {
  /** Where it lies; absent for a file that is not stored yet. */
  readonly reference?: SourceReference;
  /** What made it; empty where that is not known. */
  readonly model: string;
  readonly quality: Quality;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
}

/** What is to be made. */
export interface Creation {
  readonly request: VideoRequest;
  /** Credits. */
  readonly credits: number;
}

/** The original's names stand for the model that is offered in their place; the response names the latter. */
const STAND_IN = 'v6';
const ORIGINALS = /^sora-2(-pro)?(-\d{4}-\d{2}-\d{2})?$/;
/** What responses say while the source decides; clients send back what they were told. */
const UNDECIDED_SIZE = 'auto';
/** The original's default, or the next that the model makes. */
const DEFAULT_SECONDS = 4;

/** A video from a prompt, and from an image where there is one; the image's id is added once it is stored. */
export function creationOf(body: z.output<typeof createVideo.input>, drawnSeed: number): Creation {
  const format = readSize(body.size === undefined || body.size === UNDECIDED_SIZE ? DEFAULT_SIZE : body.size);
  const hasImage = body.input_reference !== undefined;
  const model = modelOf(body.model);
  return priced({
    ...base(body, drawnSeed, model),
    ...format,
    function: hasImage ? 'image_to_video' : 'text_to_video',
    durationSeconds: body.seconds ?? defaultSeconds(model, format),
    negativePrompt: body.negative_prompt ?? '',
  });
}

/** The source continued: its own quality, and its own model where that can. */
export function extensionOf(
  body: z.output<typeof extendVideo.input>,
  source: SourceVideo,
  drawnSeed: number,
): Creation {
  const own = MODELS.find(({ name, functions }) => name === source.model && functions.includes('extend'));
  return priced({
    ...base(body, drawnSeed, modelOf(body.model ?? own?.name)),
    function: 'extend',
    quality: source.quality,
    durationSeconds: body.seconds,
    ...(source.reference && { source: source.reference }),
  });
}

/** The source changed as the prompt says: remix and edit are the same to what makes them. Modifying goes up to 720p. */
export function changeOf(
  body: { prompt: string; seed?: number | undefined },
  source: SourceVideo,
  drawnSeed: number,
): Creation {
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

function priced(request: VideoRequest): Creation {
  const found = checkCapability({
    function: request.function as NonNullable<CapabilityQuery['function']>,
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

/**
 * The model that is meant by a name; the one that stands in where there is none. What no model makes is called by its
 * function, also in responses, and clients send back what they were told.
 */
export function modelOf(name = STAND_IN): string {
  const isUnmodelled = Object.hasOwn(FUNCTIONS, name) && !(MODEL_FUNCTIONS as readonly string[]).includes(name);
  return isUnmodelled || ORIGINALS.test(name) ? STAND_IN : name;
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

/** Throws `not_found` where there is none, `video_deleted` where it is no more, and `wrong_state` where it is not a finished video. `id` and `field` as the caller gave them. */
export function sourceOf(job: Job | undefined, id: string, field: string): SourceVideo {
  const { jobId, state, request, deliverable } = shownJob(job, id, field);
  if (state !== 'succeeded' || !deliverable) {
    const why = isOpen(state) ? 'is not finished yet' : `has ${state}`;
    throw new Refusal('wrong_state', `video ${id} ${why}: start from a completed one`, field);
  }
  if (makesImage(request)) {
    throw new Refusal('invalid_parameter', `${id} is a picture: start from a video`, field);
  }
  const { durationSeconds, hasAudio } = deliverable;
  if (durationSeconds > LONGEST_SOURCE_SECONDS + SOURCE_GRACE_SECONDS) {
    const message = `video ${id} lasts ${durationSeconds.toFixed(1)} seconds: at most ${LONGEST_SOURCE_SECONDS} are taken`;
    throw new Refusal('invalid_parameter', message, field);
  }
  return {
    reference: { kind: 'video', id: jobId },
    model: request.model,
    quality: request.quality,
    durationSeconds,
    hasAudio,
  };
}

/** A file that was inspected. */
export function sourceOfFile(
  { mediaType, durationSeconds, hasAudio, width = 0, height = 0 }: MediaFacts,
  field: string,
): SourceVideo {
  if (mediaType !== 'video') throw new Refusal('invalid_parameter', `${field} is sound: it must be a video`, field);
  return { model: '', quality: qualityOf({ width, height }), durationSeconds, hasAudio };
}

const SHORTEST_SECONDS = 10;
const LONGEST_SECONDS = 3600;

/** The member, also as `?dry_run=true`, or the header `Prefer: dry-run`. */
export function wantsDryRun(member: boolean | undefined, prefer: string | undefined): boolean {
  return (
    member === true || (prefer?.split(',') ?? []).some(preference => preference.trim().toLowerCase() === 'dry-run')
  );
}

/** Seconds within which the video must be finished; the member wins over `Cancel-After`, which may end in `s`. */
export function readDeadline(member: number | undefined, cancelAfter: string | undefined): number | undefined {
  if (member !== undefined || cancelAfter === undefined) return member;
  const seconds = Number(/^(\d{1,5})s?$/.exec(cancelAfter.trim())?.[1]);
  if (seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return seconds;
  throw new Refusal(
    'invalid_parameter',
    `Cancel-After must be ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} seconds, such as 120`,
    'Cancel-After',
  );
}
