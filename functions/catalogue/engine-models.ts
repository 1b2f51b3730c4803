/**
 * The neural models that a configured engine may serve, as data, and what follows from it: how many frames, how large,
 * and whether a request can be made at all. Pure.
 *
 * Sources: vLLM-Omni recipes (LTX/LTX-2.md, Wan-AI/Wan2.2-I2V.md, Tencent-Hunyuan/HunyuanVideo.md), SGLang-Diffusion's
 * cookbook and compatibility matrix, Diffusers' page on Wan; read in November 2026. [M] marks what is from memory and to
 * be checked before a model is offered.
 *
 * Not here, so refused by name: MiniMax-H3 (its task goes into `extra_params`, which the drivers never send), Wan2.2-S2V
 * (needs sound as input) and Cosmos3 (its frame rule was not read).
 */

import { type FrameSize, frameSize, frameSizeForImage } from './frame-size.ts';
import type { Breach } from './models.ts';
import type { AspectRatio, Quality, VideoFunction, VideoRequest } from './video-request.ts';

/** The protocols of engines for which the worker has a driver (worker/engines/). */
export const ENGINE_KINDS = ['vllm-omni', 'sglang'] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

export interface EngineModel {
  /** As the engine's command line and its `model` field name it. */
  readonly id: string;
  readonly engines: readonly EngineKind[];
  readonly licence: string;
  /** Where the licence lets it be used. */
  readonly territory: string;
  /** Clips have `step * k + 1` frames. */
  readonly frameStep: number;
  readonly fps: number;
  readonly maxSeconds: number;
  /** Both sides are multiples of it. */
  readonly sizeMultiple: number;
  /** Short sides in pixels that it makes well, rising. */
  readonly lines: readonly [number, ...number[]];
  /** The largest frame that it was made for. */
  readonly maxPixels: number;
  /** Whether it makes sound with the video. */
  readonly audio: boolean;
  readonly functions: readonly VideoFunction[];
}

const BOTH = ['vllm-omni', 'sglang'] as const satisfies EngineKind[];
const TEXT = ['text_to_video'] as const satisfies VideoFunction[];
const IMAGE = ['image_to_video'] as const satisfies VideoFunction[];
const EITHER = [...TEXT, ...IMAGE] as const;

const HD = 1280 * 720;
const SD = 832 * 480;

/** Apache-2.0 [M]. `num_frames` of the form 4k+1 (Diffusers); 81 frames at 16 a second (vLLM-Omni examples). */
const wan = { licence: 'Apache-2.0', territory: 'worldwide', frameStep: 4, maxSeconds: 5, audio: false } as const;
const wan14 = { ...wan, engines: BOTH, fps: 16, sizeMultiple: 16, lines: [480, 720], maxPixels: HD } as const;
/** 24 a second and sides of 32 [M]: its VAE is coarser, so 720p is 1280x704. */
const wan5 = { ...wan, fps: 24, sizeMultiple: 32, lines: [720], maxPixels: HD, functions: EITHER } as const;
const wanSmall = { ...wan, engines: ['sglang'], fps: 16, sizeMultiple: 16, lines: [480], maxPixels: SD } as const;

/**
 * LTX-2 Community License: commercial limits for some entities. Frames 8k+1; sides in 32, in 64 for the two-stage
 * pipelines, so 64 suits whichever was started. 121 frames at 24 is the documented default; 10 seconds are [M].
 */
const ltx = {
  licence: 'LTX-2 Community License: commercial use is limited for some entities',
  territory: 'as the licence says',
  frameStep: 8,
  fps: 24,
  maxSeconds: 10,
  sizeMultiple: 64,
  audio: true,
  functions: EITHER,
} as const;
/** One stage: 768x512 documented, 720p [M]. Two stages: 1536x1024 documented, SGLang's HQ pipeline 1920x1088. */
const ltxOneStage = { ...ltx, lines: [384, 512, 720], maxPixels: 1280 * 704 } as const;
const ltxTwoStage = { ...ltx, lines: [512, 720, 1080], maxPixels: 1920 * 1088 } as const;

/** Tencent's community licence keeps out the EU, the UK and South Korea [M]. 121 frames at 24 [recipe]; 4k+1 [M]. */
const hunyuan = {
  licence: 'Tencent Hunyuan Community License',
  territory: 'not the EU, the United Kingdom or South Korea',
  frameStep: 4,
  fps: 24,
  maxSeconds: 5,
  sizeMultiple: 16,
  audio: false,
  functions: TEXT,
} as const;

export const ENGINE_MODELS: readonly EngineModel[] = [
  { id: 'Wan-AI/Wan2.2-T2V-A14B-Diffusers', ...wan14, functions: TEXT },
  { id: 'Wan-AI/Wan2.2-I2V-A14B-Diffusers', ...wan14, functions: IMAGE },
  { id: 'Wan-AI/Wan2.2-TI2V-5B-Diffusers', ...wan5, engines: BOTH },
  { id: 'FastVideo/FastWan2.2-TI2V-5B-FullAttn-Diffusers', ...wan5, engines: ['sglang'] },
  { id: 'Wan-AI/Wan2.1-T2V-1.3B-Diffusers', ...wanSmall, functions: TEXT },
  { id: 'FastVideo/FastWan2.1-T2V-1.3B-Diffusers', ...wanSmall, functions: TEXT },
  { id: 'Lightricks/LTX-2', ...ltxOneStage, engines: ['vllm-omni'] },
  { id: 'diffusers/LTX-2.3-Diffusers', ...ltxOneStage, engines: ['vllm-omni'] },
  { id: 'rootonchair/LTX-2-19b-distilled', ...ltxTwoStage, engines: ['vllm-omni'] },
  { id: 'Lightricks/LTX-2.3', ...ltxTwoStage, engines: ['sglang'] },
  {
    id: 'hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-480p_t2v',
    ...hunyuan,
    engines: ['vllm-omni'],
    lines: [480],
    maxPixels: SD,
  },
  {
    id: 'hunyuanvideo-community/HunyuanVideo-1.5-Diffusers-720p_t2v',
    ...hunyuan,
    engines: ['vllm-omni'],
    lines: [720],
    maxPixels: HD,
  },
  { id: 'hunyuanvideo-community/HunyuanVideo', ...hunyuan, engines: ['sglang'], lines: [720], maxPixels: HD },
  { id: 'FastVideo/FastHunyuan-diffusers', ...hunyuan, engines: ['sglang'], lines: [720], maxPixels: HD },
];

/** The fewest frames that the model can make and that last `seconds`. */
export function framesFor(model: EngineModel, seconds: number): number {
  return model.frameStep * Math.ceil((seconds * model.fps - 1) / model.frameStep) + 1;
}

/**
 * The size the model should make for a quality: its own smallest that is not below it, in the shape of the request, shrunk
 * to what it can hold. The media pipeline scales the clip to the size that was bought. A shape is an aspect, or an image's sides.
 */
export function sizeFor(model: EngineModel, quality: Quality, shape: AspectRatio | FrameSize): FrameSize {
  const bought =
    typeof shape === 'string' ? frameSize(quality, shape) : frameSizeForImage(quality, shape.width, shape.height);
  const line = model.lines.find(lines => lines >= linesOf(quality)) ?? largestLine(model);
  const scale = line / Math.min(bought.width, bought.height);
  const { sizeMultiple: multiple, maxPixels } = model;
  const side = (length: number, round: (value: number) => number): number =>
    Math.max(multiple, multiple * round(length / multiple));
  const size = { width: side(bought.width * scale, nearest), height: side(bought.height * scale, nearest) };
  if (size.width * size.height <= maxPixels) return size;
  const shrunk = Math.sqrt(maxPixels / (bought.width * bought.height));
  return { width: side(bought.width * shrunk, Math.floor), height: side(bought.height * shrunk, Math.floor) };
}

/** What the model cannot do of a request, so that it is refused before anything is charged; undefined where it can. */
export function checkEngineModel(
  request: Pick<VideoRequest, 'function' | 'durationSeconds' | 'quality' | 'audio' | (typeof DRAWN_ONLY)[number][0]>,
  model: EngineModel,
): Breach | undefined {
  if (!model.functions.includes(request.function)) {
    const offered = model.functions.map(name => name.replaceAll('_', '-')).join(' and ');
    return { field: 'the request', rule: `cannot be met: the engine here offers ${offered} (${model.id})` };
  }
  if (request.durationSeconds > model.maxSeconds) {
    return {
      field: 'duration',
      rule: `must be ${model.maxSeconds} seconds or less with the engine here (${model.id})`,
    };
  }
  const largest = largestLine(model);
  if (linesOf(request.quality) > largest) {
    return { field: 'quality', rule: `must be ${largest}p or less with the engine here (${model.id})` };
  }
  const drawn = DRAWN_ONLY.find(([member]) => request[member]);
  if (drawn) return { field: drawn[1], rule: `is not offered with the engine here (${model.id})` };
  if (request.audio && !model.audio) {
    return { field: 'generate_audio_switch', rule: `cannot be on: the engine here makes no sound (${model.id})` };
  }
  return undefined;
}

/** What only the preview engine makes, and the caller's word for it: no driver has a member that says it. */
const DRAWN_ONLY = [
  ['multiClip', 'generate_multi_clip_switch'],
  ['templateId', 'template_id'],
  ['voice', 'lip_sync_switch'],
  ['sound', 'sound_effect_switch'],
] as const;

/** Of two that are as near, the smaller: 720 lines in 32s are 704, as Wan2.2-TI2V-5B was made for. */
function nearest(value: number): number {
  return Math.ceil(value - 0.5);
}

function largestLine(model: EngineModel): number {
  return Math.max(...model.lines);
}

function linesOf(quality: Quality): number {
  return Number.parseInt(quality, 10);
}
