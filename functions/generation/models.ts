/**
 * The capability matrix: what each model offers for text-to-video and image-to-video. The official matrix page could not
 * be read; the rows are put together from the PixVerse reference and its official clients (late 2025 to September 2026).
 * Where sources differ, the row is what lets more real clients through.
 */
import { ASPECT_RATIOS, type AspectRatio, QUALITIES, type Quality } from './job.ts';

export interface Model {
  readonly name: string;
  /** Seconds that may be asked for at a quality. */
  readonly durations: Readonly<Record<Quality, readonly number[]>>;
  readonly aspectRatios: readonly AspectRatio[];
  /** `generate_audio_switch`: sound made together with the picture. */
  readonly audio: boolean;
  /** `sound_effect_switch`: sound laid under the finished picture; v5 and older. */
  readonly soundEffect: boolean;
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

/** v3.5 to v5: sound effects, no sound of their own. */
const early = { aspectRatios: FIVE_ASPECTS, audio: false, soundEffect: true } as const;
/** v5.5 and later: sound of their own, no motion modes, no camera list. */
const late = { audio: true, soundEffect: false, fastMotion: false, camera: false, styles: [] } as const;

export const MODELS: readonly Model[] = [
  { name: 'v3.5', durations: atEvery([5, 8], [5]), ...early, fastMotion: true, camera: false, styles: STYLES },
  { name: 'v4', durations: atEvery([5, 8], [5]), ...early, fastMotion: true, camera: true, styles: [] },
  { name: 'v4.5', durations: atEvery([5, 8], [5]), ...early, fastMotion: true, camera: true, styles: [] },
  { name: 'v5', durations: atEvery([5, 8]), ...early, fastMotion: false, camera: false, styles: [] },
  { name: 'v5.5', durations: atEvery([5, 8, 10], [5, 8]), aspectRatios: FIVE_ASPECTS, ...late },
  { name: 'v5.6', durations: atEvery([5, 8, 10], [5, 8]), aspectRatios: FIVE_ASPECTS, ...late },
  { name: 'v6', durations: atEvery(upTo(15)), aspectRatios: ASPECT_RATIOS, ...late },
  { name: 'c1', durations: atEvery(upTo(15), upTo(5)), aspectRatios: ASPECT_RATIOS, ...late },
];

/** What is asked of a model, as far as the matrix decides it. */
export interface Ask {
  readonly model: string;
  readonly quality: string;
  readonly duration: number;
  /** Absent where the picture decides. */
  readonly aspectRatio?: string | undefined;
  readonly audio: boolean;
  readonly soundEffect: boolean;
  readonly motion: string;
  readonly camera: string;
  readonly style: string;
}

/** The member that breaks a rule of the matrix, and what would be right. */
export interface Breach {
  readonly field: string;
  readonly rule: string;
}

/** The model and quality that were asked for, or the first breach. Pure. */
export function checkCapability(ask: Ask): { model: Model; quality: Quality } | Breach {
  const model = MODELS.find(({ name }) => name === ask.model);
  if (!model) return { field: 'model', rule: `must be one of ${list(MODELS.map(({ name }) => name))}` };
  const quality = QUALITIES.find(name => name === ask.quality);
  if (!quality) return { field: 'quality', rule: `must be one of ${list(QUALITIES)}` };
  const durations = model.durations[quality];
  if (!durations.includes(ask.duration)) {
    return { field: 'duration', rule: `must be ${list(durations)} seconds for model ${model.name} at ${quality}` };
  }
  if (ask.aspectRatio !== undefined && !(model.aspectRatios as readonly string[]).includes(ask.aspectRatio)) {
    return { field: 'aspect_ratio', rule: `must be one of ${list(model.aspectRatios)} for model ${model.name}` };
  }
  if (ask.audio && !model.audio)
    return offered(
      'generate_audio_switch',
      model.name,
      MODELS.filter(({ audio }) => audio),
    );
  if (ask.soundEffect && !model.soundEffect) {
    return offered(
      'sound_effect_switch',
      model.name,
      MODELS.filter(({ soundEffect }) => soundEffect),
    );
  }
  return checkMotion(ask, model) ?? checkLook(ask, model) ?? { model, quality };
}

function checkMotion(ask: Ask, model: Model): Breach | undefined {
  if (ask.motion !== 'normal' && ask.motion !== 'fast') return { field: 'motion_mode', rule: 'must be normal or fast' };
  if (ask.motion === 'normal') return undefined;
  if (!model.fastMotion) {
    const { rule } = offered(
      'motion_mode',
      model.name,
      MODELS.filter(({ fastMotion }) => fastMotion),
    );
    return { field: 'motion_mode', rule: `fast ${rule}` };
  }
  if (ask.duration !== 5 || ask.quality === '1080p')
    return { field: 'motion_mode', rule: 'may be fast only for 5 seconds below 1080p' };
  return undefined;
}

function checkLook(ask: Ask, model: Model): Breach | undefined {
  if (ask.camera !== '' && !(CAMERA_MOVEMENTS as readonly string[]).includes(ask.camera)) {
    return { field: 'camera_movement', rule: `must be one of ${list(CAMERA_MOVEMENTS)}` };
  }
  if (ask.camera !== '' && !model.camera)
    return offered(
      'camera_movement',
      model.name,
      MODELS.filter(({ camera }) => camera),
    );
  if (ask.style !== '' && !model.styles.includes(ask.style)) {
    return { field: 'style', rule: `must be one of ${list(STYLES)}, with model v3.5` };
  }
  return undefined;
}

function offered(field: string, asked: string, models: readonly Model[]): Breach {
  return { field, rule: `is not offered by model ${asked}; ${list(models.map(({ name }) => name))} offer it` };
}

function list(items: readonly (string | number)[]): string {
  return items.length > 5 && items.every((item, index) => item === index + 1)
    ? `1 to ${items.length}`
    : items.join(', ');
}
