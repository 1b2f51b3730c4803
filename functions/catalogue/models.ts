/**
 * The capability matrix of the models: what each offers, for which functions. The official matrix page could not be read;
 * the rows are put together from the PixVerse reference and its official clients (late 2025 to September 2026). Where
 * sources differ, the row is what lets more real clients through. Functions without a model stand in functions.ts.
 */
import { ASPECT_RATIOS, type AspectRatio, QUALITIES, type Quality } from './video-request.ts';

/** The functions that a model makes. */
export const MODEL_FUNCTIONS = [
  'text_to_video',
  'image_to_video',
  'transition',
  'multi_transition',
  'fusion',
  'extend',
] as const;
export type ModelFunction = (typeof MODEL_FUNCTIONS)[number];

export interface Model {
  readonly name: string;
  readonly functions: readonly ModelFunction[];
  /** Images that fusion takes: at most so many. */
  readonly fusionImages: number;
  /** Seconds that are offered at a quality. */
  readonly durations: Readonly<Record<Quality, readonly number[]>>;
  readonly aspectRatios: readonly AspectRatio[];
  /** `generate_audio_switch`: sound made together with the video. */
  readonly audio: boolean;
  /** `sound_effect_switch`: sound laid under the finished video; v5 and older. */
  readonly soundEffect: boolean;
  /** `lip_sync_tts_switch`: a speaker over the finished video; v5 and older. */
  readonly speech: boolean;
  /** `generate_multi_clip_switch`: more than one shot. */
  readonly multiClip: boolean;
  /** `thinking_type: enabled`. */
  readonly thinking: boolean;
  /** `motion_mode: fast`: 5 seconds, never 1080p. */
  readonly fastMotion: boolean;
  readonly camera: boolean;
  readonly styles: readonly string[];
}

const FIVE_ASPECTS = ['16:9', '4:3', '1:1', '3:4', '9:16'] as const satisfies AspectRatio[];
const STYLES = ['anime', '3d_animation', 'clay', 'comic', 'cyberpunk'];

export const CAMERA_MOVEMENTS = [
  'horizontal_left',
  'horizontal_right',
  'vertical_up',
  'vertical_down',
  'zoom_in',
  'zoom_out',
  'crane_up',
  'quickly_zoom_in',
  'quickly_zoom_out',
  'smooth_zoom_in',
  'camera_rotation',
  'robo_arm',
  'super_dolly_out',
  'whip_pan',
  'hitchcock',
  'left_follow',
  'right_follow',
  'pan_left',
  'pan_right',
  'fix_bg',
  'auto_camera',
] as const;

const upTo = (seconds: number): number[] => Array.from({ length: seconds }, (_, index) => index + 1);
const atEvery = (durations: readonly number[], at1080p = durations): Model['durations'] => ({
  '360p': durations,
  '540p': durations,
  '720p': durations,
  '1080p': at1080p,
});

/** Text, image and transition are every model's. */
const BASIC = ['text_to_video', 'image_to_video', 'transition'] as const satisfies ModelFunction[];
/** v3.5 to v5: sound effects and speech over the video, no sound of their own. */
const early = {
  functions: MODEL_FUNCTIONS,
  fusionImages: 3,
  durations: atEvery([5, 8], [5]),
  aspectRatios: FIVE_ASPECTS,
  audio: false,
  soundEffect: true,
  speech: true,
  multiClip: false,
  thinking: false,
  fastMotion: true,
  camera: false,
  styles: [],
} as const;
const WITHOUT_FUSION = MODEL_FUNCTIONS.filter(name => name !== 'fusion');
/** v5.5 and later: sound of their own, no motion modes, no camera list, no multi-transition. */
const late = {
  functions: [...BASIC, 'fusion', 'extend'],
  fusionImages: 7,
  durations: atEvery([5, 8, 10], [5, 8]),
  aspectRatios: FIVE_ASPECTS,
  audio: true,
  soundEffect: false,
  speech: false,
  multiClip: false,
  thinking: false,
  fastMotion: false,
  camera: false,
  styles: [],
} as const;

export const MODELS: readonly Model[] = [
  { name: 'v3.5', ...early, functions: WITHOUT_FUSION, fusionImages: 0, styles: STYLES },
  { name: 'v4', ...early, functions: WITHOUT_FUSION, fusionImages: 0, camera: true },
  { name: 'v4.5', ...early, camera: true },
  { name: 'v5', ...early, durations: atEvery([5, 8]), fastMotion: false },
  { name: 'v5.5', ...late, multiClip: true, thinking: true },
  // Whether v5.6 extends is not said: it does here.
  { name: 'v5.6', ...late },
  // Ten images in its mode `omni`, which is the one that is spoken here.
  { name: 'v6', ...late, fusionImages: 10, durations: atEvery(upTo(15)), aspectRatios: ASPECT_RATIOS, multiClip: true },
  {
    name: 'c1',
    ...late,
    functions: [...BASIC, 'fusion'],
    durations: atEvery(upTo(15), upTo(5)),
    aspectRatios: ASPECT_RATIOS,
  },
];

/** What is queried of a model, as far as the matrix decides it. */
export interface CapabilityQuery {
  /** Text-to-video where absent. */
  readonly function?: ModelFunction;
  readonly model: string;
  readonly quality: string;
  readonly duration: number;
  /** Absent where the image decides. */
  readonly aspectRatio?: string | undefined;
  readonly audio: boolean;
  readonly soundEffect: boolean;
  readonly speech?: boolean;
  readonly multiClip?: boolean;
  readonly thinking?: boolean;
  readonly motion: string;
  readonly camera: string;
  readonly style: string;
}

/** The member that breaks a rule of the matrix, and what would be right. */
export interface Breach {
  readonly field: string;
  readonly rule: string;
}

/** The switches, each with its member, in the order in which they are looked at. */
const SWITCHES = [
  ['audio', 'generate_audio_switch'],
  ['soundEffect', 'sound_effect_switch'],
  ['speech', 'lip_sync_tts_switch'],
  ['multiClip', 'generate_multi_clip_switch'],
  ['thinking', 'thinking_type'],
] as const satisfies [keyof CapabilityQuery & keyof Model, string][];

/** The model and quality of the query, or its first breach. Pure. */
export function checkCapability(query: CapabilityQuery): { model: Model; quality: Quality } | Breach {
  const found = checkModel(query);
  if ('rule' in found) return found;
  const { model, quality } = found;
  const durations = model.durations[quality];
  if (!durations.includes(query.duration)) {
    return { field: 'duration', rule: `must be ${list(durations)} seconds for model ${model.name} at ${quality}` };
  }
  if (query.aspectRatio !== undefined && !(model.aspectRatios as readonly string[]).includes(query.aspectRatio)) {
    return { field: 'aspect_ratio', rule: `must be one of ${list(model.aspectRatios)} for model ${model.name}` };
  }
  for (const [name, field] of SWITCHES) {
    if (query[name] && !model[name]) return offered(field, model.name, name);
  }
  return checkMotion(query, model) ?? checkAppearance(query, model) ?? found;
}

/** The model of a function, and a quality; a breach where there is no such thing. Pure. */
export function checkModel(
  query: Pick<CapabilityQuery, 'function' | 'model' | 'quality'>,
): { model: Model; quality: Quality } | Breach {
  const model = MODELS.find(({ name }) => name === query.model);
  if (!model) return { field: 'model', rule: `must be one of ${list(MODELS.map(({ name }) => name))}` };
  const { function: wanted = 'text_to_video' } = query;
  if (!model.functions.includes(wanted)) {
    const makers = MODELS.filter(({ functions }) => functions.includes(wanted)).map(({ name }) => name);
    return { field: 'model', rule: `${model.name} does not make ${wanted}; ${list(makers)} make it` };
  }
  const quality = QUALITIES.find(name => name === query.quality);
  return quality ? { model, quality } : { field: 'quality', rule: `must be one of ${list(QUALITIES)}` };
}

/** A breach of the rule of fast motion; `duration` is the clip's, or the longest part's of one with parts. */
export function checkMotion(
  query: Pick<CapabilityQuery, 'motion' | 'duration' | 'quality'>,
  model: Model,
): Breach | undefined {
  if (query.motion !== 'normal' && query.motion !== 'fast')
    return { field: 'motion_mode', rule: 'must be normal or fast' };
  if (query.motion === 'normal') return undefined;
  if (!model.fastMotion) {
    const { rule } = offered('motion_mode', model.name, 'fastMotion');
    return { field: 'motion_mode', rule: `fast ${rule}` };
  }
  if (query.duration !== 5 || query.quality === '1080p')
    return { field: 'motion_mode', rule: 'may be fast only for 5 seconds below 1080p' };
  return undefined;
}

function checkAppearance(query: CapabilityQuery, model: Model): Breach | undefined {
  if (query.camera !== '' && !(CAMERA_MOVEMENTS as readonly string[]).includes(query.camera)) {
    return { field: 'camera_movement', rule: `must be one of ${list(CAMERA_MOVEMENTS)}` };
  }
  if (query.camera !== '' && !model.camera) return offered('camera_movement', model.name, 'camera');
  if (query.style !== '' && !model.styles.includes(query.style)) {
    return { field: 'style', rule: `must be one of ${list(STYLES)}, with model v3.5` };
  }
  return undefined;
}

function offered(field: string, model: string, what: (typeof SWITCHES)[number][0] | 'fastMotion' | 'camera'): Breach {
  const models = MODELS.filter(offering => offering[what]).map(({ name }) => name);
  return { field, rule: `is not offered by model ${model}; ${list(models)} offer it` };
}

/** What is offered, as text: `1 to 15`, or one by one. */
export function list(items: readonly (string | number)[]): string {
  return items.length > 5 && items.every((item, index) => item === index + 1)
    ? `1 to ${items.length}`
    : items.join(', ');
}
