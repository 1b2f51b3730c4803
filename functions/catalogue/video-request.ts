/**
 * What can be requested, as closed sets, and a request once it is resolved: every dialect is translated to a
 * VideoRequest, and everything behind admission reads nothing else. Pure data.
 */

/** The functions that the platform offers. `mask_selection` and `image_template` make images; all others a video. */
export const VIDEO_FUNCTIONS = [
  'text_to_video',
  'image_to_video',
  'transition',
  'multi_transition',
  'fusion',
  'extend',
  'lip_sync',
  'sound_effect',
  'restyle',
  'mask_selection',
  'swap',
  'mimic',
  'modify',
  'upscale',
  'avatar',
  'image_template',
] as const;
export type VideoFunction = (typeof VIDEO_FUNCTIONS)[number];

/** A video that a job works on: one that was made here, or one that was uploaded. */
export interface SourceReference {
  readonly kind: 'video' | 'media';
  readonly id: number;
}

/** An uploaded image and the part that it plays. */
export interface ImageReference {
  readonly id: number;
  /** Fusion: what the prompt calls it. */
  readonly name?: string;
  readonly role?: 'subject' | 'background';
  /** Multi-transition: seconds from this image to the next, and what happens in them. */
  readonly durationSeconds?: number;
  readonly prompt?: string;
}

/** Who is heard: uploaded audio, or a speaker who reads a text. */
export type VoiceReference =
  | { readonly kind: 'media'; readonly id: number }
  | {
      readonly kind: 'speaker';
      readonly speakerId: string;
      readonly text: string;
      /** A speaker of the account's own: the uploaded audio that it was made of. */
      readonly sampleId?: number;
    };

/** What is to be made, as admitted: the capability matrix has been checked and every default filled in. */
export interface VideoRequest {
  readonly function: VideoFunction;
  /** Empty for functions that have no models. */
  readonly model: string;
  readonly prompt: string;
  readonly negativePrompt: string;
  /** Seconds of the finished clip that are priced; for a function that works on a source, the source's own. */
  readonly durationSeconds: number;
  readonly quality: Quality;
  /** Absent where an image or a source decides. */
  readonly aspectRatio?: AspectRatio;
  readonly seed: number;
  readonly audio: boolean;
  readonly style: string;
  readonly cameraMovement: string;
  readonly motion: 'normal' | 'fast';
  readonly images?: readonly ImageReference[];
  readonly source?: SourceReference;
  readonly voice?: VoiceReference;
  /** Sound effect: what is to be heard, empty for what the video suggests, and whether the source's own sound stays. */
  readonly sound?: { readonly prompt: string; readonly keepOriginal: boolean };
  /** Restyle: one of the listed styles, or a prompt. */
  readonly look?: { readonly id: number } | { readonly prompt: string };
  /** Mask selection, swap, modify: the frame (from 1) and the masks chosen in it. */
  readonly selection?: { readonly keyframe: number; readonly masks: readonly string[] };
  /** A template (effect): which. */
  readonly templateId?: number;
  /** More than one shot. */
  readonly multiClip?: boolean;
}

export const QUALITIES = ['360p', '540p', '720p', '1080p'] as const;
export type Quality = (typeof QUALITIES)[number];
export const ASPECT_RATIOS = ['16:9', '4:3', '1:1', '3:4', '9:16', '2:3', '3:2', '21:9'] as const;
export type AspectRatio = (typeof ASPECT_RATIOS)[number];
