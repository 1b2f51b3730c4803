/** The price table, in whole credits: 100 are one US dollar, pay as you go. Every row says where its number is from. */
import type { Quality, VideoFunction } from './video-request.ts';

export const PRICE_SOURCES = {
  page: 'the official pricing page, late 2025',
  reference: 'the official reference, December 2025 to April 2026',
  useapi: "useapi.net's comparison, 2025 to 2026",
  notes: "integrators' notes, 2026",
  user: 'what one user reports of one run, 2026',
  ours: 'set by us: no source gave a number, so it stands between its neighbours',
} as const;
export type PriceSource = keyof typeof PRICE_SOURCES;

interface Row {
  readonly source: PriceSource;
}

/** A clip of a model at one of its durations. */
export interface ClipRow extends Row {
  readonly models: readonly string[];
  readonly quality: Quality;
  readonly motion: 'normal' | 'fast';
  readonly seconds: number;
  readonly credits: number;
}

const UP_TO_V45 = ['v3.5', 'v4', 'v4.5'];
const UP_TO_V5 = [...UP_TO_V45, 'v5'];
const SINCE_V55 = ['v5.5', 'v5.6'];
const clip = (
  models: readonly string[],
  quality: Quality,
  motion: 'normal' | 'fast',
  prices: readonly (readonly [seconds: number, credits: number])[],
  source: PriceSource,
): ClipRow[] => prices.map(([seconds, credits]) => ({ models, quality, motion, seconds, credits, source }));

export const CLIP_PRICES: readonly ClipRow[] = [
  ...clip(
    UP_TO_V5,
    '360p',
    'normal',
    [
      [5, 45],
      [8, 90],
    ],
    'page',
  ),
  ...clip(
    UP_TO_V5,
    '540p',
    'normal',
    [
      [5, 45],
      [8, 90],
    ],
    'page',
  ),
  ...clip(
    UP_TO_V5,
    '720p',
    'normal',
    [
      [5, 60],
      [8, 120],
    ],
    'page',
  ),
  ...clip(UP_TO_V5, '1080p', 'normal', [[5, 120]], 'page'),
  ...clip(['v5'], '1080p', 'normal', [[8, 240]], 'page'),
  ...clip(UP_TO_V45, '360p', 'fast', [[5, 90]], 'page'),
  ...clip(UP_TO_V45, '540p', 'fast', [[5, 90]], 'page'),
  ...clip(UP_TO_V45, '720p', 'fast', [[5, 120]], 'page'),
  ...clip(
    ['v5.5'],
    '360p',
    'normal',
    [
      [5, 45],
      [8, 90],
      [10, 99],
    ],
    'useapi',
  ),
  ...clip(
    ['v5.5'],
    '540p',
    'normal',
    [
      [5, 45],
      [8, 90],
      [10, 99],
    ],
    'useapi',
  ),
  // As v5.5, of which no source says more.
  ...clip(
    ['v5.6'],
    '360p',
    'normal',
    [
      [5, 45],
      [8, 90],
      [10, 99],
    ],
    'ours',
  ),
  ...clip(
    ['v5.6'],
    '540p',
    'normal',
    [
      [5, 45],
      [8, 90],
      [10, 99],
    ],
    'ours',
  ),
  // As v5, and 10 s at the price of 8 s and a tenth, as v5.5 does below.
  ...clip(
    SINCE_V55,
    '720p',
    'normal',
    [
      [5, 60],
      [8, 120],
      [10, 132],
    ],
    'ours',
  ),
  ...clip(
    SINCE_V55,
    '1080p',
    'normal',
    [
      [5, 120],
      [8, 240],
    ],
    'ours',
  ),
];

/** What a switch adds to a clip: for each `perSeconds` begun, or once where that is absent. */
export interface ExtraRow extends Row {
  readonly extra: 'audio' | 'soundEffect' | 'speech';
  readonly credits: number;
  readonly perSeconds?: number;
}

/** Sound of v6 and c1 is in their prices for a second. */
export const EXTRA_PRICES: readonly ExtraRow[] = [
  { extra: 'audio', credits: 10, source: 'useapi' },
  { extra: 'soundEffect', credits: 10, perSeconds: 5, source: 'page' },
  { extra: 'speech', credits: 4, perSeconds: 1, source: 'page' },
];

/** A second of a model's clip, silent and with sound. */
export interface SecondRow extends Row {
  readonly model: string;
  readonly quality: Quality;
  readonly silent: number;
  readonly sound: number;
}

export const SECOND_PRICES: readonly SecondRow[] = [
  // In c1's proportions.
  { model: 'v6', quality: '360p', silent: 5, sound: 7, source: 'ours' },
  { model: 'v6', quality: '540p', silent: 7, sound: 9, source: 'ours' },
  { model: 'v6', quality: '720p', silent: 9, sound: 12, source: 'notes' },
  { model: 'v6', quality: '1080p', silent: 18, sound: 23, source: 'notes' },
  { model: 'c1', quality: '360p', silent: 6, sound: 8, source: 'notes' },
  { model: 'c1', quality: '540p', silent: 8, sound: 10, source: 'notes' },
  { model: 'c1', quality: '720p', silent: 10, sound: 13, source: 'notes' },
  { model: 'c1', quality: '1080p', silent: 19, sound: 24, source: 'notes' },
];

/** A function without a model: credits for each unit begun. */
export interface FunctionPrice extends Row {
  readonly function: VideoFunction;
  /** `second` and `five_seconds` of the video, `voice_second` of audio, `text` of 15 UTF-8 bytes, or the whole `job`. */
  readonly unit: 'second' | 'five_seconds' | 'voice_second' | 'text' | 'job';
  /** Every quality, where absent. */
  readonly quality?: Quality;
  readonly credits: number;
}

const each = (
  name: VideoFunction,
  prices: Partial<Record<Quality, readonly [credits: number, source: PriceSource]>>,
): FunctionPrice[] =>
  Object.entries(prices).map(([quality, [credits, source]]) => ({
    function: name,
    unit: 'second',
    quality: quality as Quality,
    credits,
    source,
  }));

export const FUNCTION_PRICES: readonly FunctionPrice[] = [
  { function: 'lip_sync', unit: 'voice_second', credits: 4, source: 'page' },
  { function: 'lip_sync', unit: 'text', credits: 4, source: 'page' },
  { function: 'sound_effect', unit: 'five_seconds', credits: 10, source: 'page' },
  { function: 'mask_selection', unit: 'job', credits: 2, source: 'reference' },
  { function: 'image_template', unit: 'job', credits: 10, source: 'ours' },
  ...each('mimic', { '360p': [9, 'page'], '540p': [10, 'page'], '720p': [12, 'page'], '1080p': [24, 'ours'] }),
  // As mimic, which also makes every frame of a video anew.
  ...each('restyle', { '360p': [9, 'ours'], '540p': [10, 'ours'], '720p': [12, 'ours'], '1080p': [24, 'ours'] }),
  ...each('swap', { '360p': [9, 'ours'], '540p': [10, 'ours'], '720p': [12, 'ours'] }),
  ...each('avatar', { '360p': [9, 'ours'], '540p': [10, 'ours'], '720p': [12, 'ours'], '1080p': [24, 'ours'] }),
  // 80 for a run: 5 s at 720p; the others in mimic's proportions.
  ...each('modify', { '360p': [12, 'ours'], '540p': [14, 'ours'], '720p': [16, 'user'] }),
  ...each('upscale', { '540p': [4, 'ours'], '720p': [6, 'ours'], '1080p': [10, 'ours'] }),
];

/** Multi-transition: its model's 5 s clip for each 5 s begun, which is 8 s at the price of 8 s. The official tiers were cut off. */
export const MULTI_TRANSITION_PRICE = { perSeconds: 5, source: 'ours' } as const satisfies Row & { perSeconds: number };
