/**
 * The capability matrix of the functions: what each takes, a row each. Where a model makes it, durations, aspect ratios
 * and switches are the model's (models.ts). `origin` says where a row's numbers come from, or "set by us".
 */

import { type Breach, list, MODEL_FUNCTIONS } from './models.ts';
import type { Quality, VideoFunction } from './video-request.ts';

export interface FunctionRow {
  /** Of a model, as requested, or none: then the source decides. */
  readonly qualities: 'model' | readonly Quality[];
  /** Fewest and most images. Fusion's most are its model's. */
  readonly images: readonly [fewest: number, most: number];
  /** Whether it works on a video. */
  readonly source: boolean;
  /** Whether somebody speaks in it. */
  readonly voice: boolean;
  /** As usage reports call it. */
  readonly creationType: string;
  readonly origin: string;
}

const UP_TO_720P = ['360p', '540p', '720p'] as const satisfies Quality[];
const ALL = [...UP_TO_720P, '1080p'] as const satisfies Quality[];
const row = { qualities: [], images: [0, 0], source: false, voice: false } as const;
const model = { ...row, qualities: 'model' } as const;
const onVideo = { ...row, source: true } as const;

export const FUNCTIONS: Readonly<Record<VideoFunction, FunctionRow>> = {
  text_to_video: { ...model, creationType: 'text_to_video', origin: 'official reference' },
  image_to_video: { ...model, images: [1, 1], creationType: 'image_to_video', origin: 'official reference' },
  transition: { ...model, images: [2, 2], creationType: 'transition', origin: 'official reference' },
  multi_transition: { ...model, images: [2, 7], creationType: 'multi_transition', origin: 'official reference' },
  fusion: { ...model, images: [1, 10], creationType: 'fusion', origin: 'official reference; ten images: api-kit' },
  extend: { ...model, source: true, creationType: 'extend', origin: 'official reference' },
  lip_sync: { ...onVideo, voice: true, creationType: 'lip_sync', origin: 'official reference' },
  sound_effect: { ...onVideo, creationType: 'sound_effect', origin: 'official reference' },
  restyle: { ...onVideo, creationType: 'restyle', origin: 'official reference' },
  mask_selection: { ...onVideo, creationType: 'swap_mask', origin: 'official reference' },
  swap: {
    ...onVideo,
    qualities: UP_TO_720P,
    images: [1, 1],
    creationType: 'swap',
    origin: 'official reference: no 1080p',
  },
  mimic: {
    ...onVideo,
    qualities: ALL,
    images: [1, 1],
    creationType: 'mimic',
    origin: 'official reference; 1080p is in its field table and not in its how-to',
  },
  modify: {
    ...onVideo,
    qualities: UP_TO_720P,
    images: [0, 3],
    creationType: 'modify',
    origin: 'Chinese edition, api-kit',
  },
  upscale: {
    ...onVideo,
    qualities: ['540p', '720p', '1080p'],
    creationType: 'upscale',
    origin: 'api-kit; its qualities are set by us',
  },
  avatar: {
    ...row,
    qualities: ALL,
    images: [1, 1],
    voice: true,
    creationType: 'avatar',
    origin: 'api-kit; its qualities are set by us',
  },
  image_template: { ...row, images: [1, 20], creationType: 'image_to_image', origin: 'official reference' },
};

/** Seconds that video or audio may last: official, for uploads; for videos made here the same. */
export const LONGEST_SOURCE_SECONDS = 30;
/** A file's last packet may end a little later than its maker meant. */
export const SOURCE_GRACE_SECONDS = 0.5;
/** 120 a second for as long as a video may last, with room: slow motion of telephones. Each is decoded, however little it holds. */
export const MOST_FRAMES = 4_000;
/** Frames times pixels: 1920 x 1080 at 60 a second for as long as a video may last. Decoding that takes some minute of two cores. */
export const MOST_PIXELS_IN_ALL = 4_000_000_000;

/** The quality of this name, or the breach, for a function that has qualities of its own. Pure. */
export function checkQuality(made: VideoFunction, quality: string): Quality | Breach {
  const { qualities } = FUNCTIONS[made];
  if (qualities === 'model') throw new RangeError(`the qualities of ${made} are its model's: ${list(MODEL_FUNCTIONS)}`);
  const found = qualities.find(name => name === quality);
  return found ?? { field: 'quality', rule: `must be one of ${list(qualities)} for ${made}` };
}

/** The least quality that does not lose anything of a video of this size (pixels). */
export function qualityOf({ width, height }: { readonly width: number; readonly height: number }): Quality {
  const short = Math.min(width, height);
  return ALL.find(quality => Number.parseInt(quality, 10) >= short) ?? '1080p';
}
