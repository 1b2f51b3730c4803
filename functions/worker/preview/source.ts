/**
 * What the preview engine draws, as plain values: a source crosses a process boundary as JSON. Every `...Path` is an absolute path. `seed` is
 * any safe integer: it decides the layout, never the subject.
 */

/** What moves: by the prompt's words and, before them, by the API's fields of these names. */
interface Moved {
  readonly prompt: string;
  readonly seed: number;
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
}

/** A clip drawn from words alone. */
export interface TextSource extends Moved {
  readonly kind: 'text';
  readonly style?: string;
  /** Seconds of the scene's own time that have gone by before the first frame. */
  readonly startSeconds?: number;
}

/** The caller's own image, moved: a PNG, JPEG or WebP file. */
export interface ImageSource extends Moved {
  readonly kind: 'image';
  readonly imagePath: string;
  readonly startSeconds?: number;
}

/**
 * From image to image: exactly the first on frame 0, exactly the last on the last frame. `legs` has one entry fewer than `imagePaths`; their
 * seconds are shares of the clip's length.
 */
export interface TransitionSource {
  readonly kind: 'transition';
  readonly imagePaths: readonly string[];
  readonly legs: readonly { readonly seconds: number; readonly prompt: string }[];
  readonly seed: number;
  readonly motion?: 'normal' | 'fast';
}

/** The caller's images put together in one scene. The prompt calls each by its name, as `@name`. */
export interface FusionSource extends Moved {
  readonly kind: 'fusion';
  readonly references: readonly FusionReference[];
}

export interface FusionReference {
  readonly imagePath: string;
  readonly name: string;
  readonly role: 'subject' | 'background';
}

/** The caller's images in one of the catalogue's templates. */
export interface TemplateSource {
  readonly kind: 'template';
  readonly templateId: number;
  readonly imagePaths: readonly string[];
  readonly prompt: string;
  readonly seed: number;
}

export type ImagesSource = TransitionSource | FusionSource | TemplateSource;

/** A video and what comes after it: its last frame moved on as the words say. */
export interface ExtendSource extends Moved {
  readonly kind: 'extend';
  readonly videoPath: string;
  /** Seconds of the video; what the clip lasts longer is the extension. */
  readonly videoSeconds: number;
  readonly style?: string;
}

/** A video in another style: a listed one, or what the words come nearest to. */
export interface RestyleSource {
  readonly kind: 'restyle';
  readonly videoPath: string;
  readonly look: { readonly id: number } | { readonly prompt: string };
  readonly seed: number;
}

/** A video with more pixels, the output's. */
export interface UpscaleSource {
  readonly kind: 'upscale';
  readonly videoPath: string;
}

/** A video with new sound: what the words name, or what is seen suggests where they name nothing. */
export interface SoundEffectSource {
  readonly kind: 'sound_effect';
  readonly videoPath: string;
  readonly prompt: string;
  readonly seed: number;
  /** Whether the video's own sound is heard with the new one. */
  readonly keepOriginal: boolean;
}

export type VideoSource = ExtendSource | RestyleSource | UpscaleSource | SoundEffectSource;

/** A recording, or a text that is spoken; `likePath` is a recording whose pitch and pace the speech takes. */
export type SpeechSource =
  | { readonly kind: 'recording'; readonly path: string }
  | { readonly kind: 'speech'; readonly text: string; readonly speakerId: string; readonly likePath?: string };

/** A video whose mouth follows a voice; the voice is its only sound. */
export interface LipSyncSource {
  readonly kind: 'lip_sync';
  readonly videoPath: string;
  readonly voice: SpeechSource;
}

/** An image that speaks. */
export interface AvatarSource {
  readonly kind: 'avatar';
  readonly imagePath: string;
  readonly voice: SpeechSource;
  readonly seed: number;
}

/** Any other clip with a voice over it; `ambience` keeps the clip's own sound beneath. */
export interface SpokenOverSource {
  readonly kind: 'spoken_over';
  readonly clip: PreviewSource;
  readonly voice: SpeechSource;
  readonly ambience: boolean;
}

/** Any other clip with the sounds that words name, over its own. */
export interface EffectsOverSource {
  readonly kind: 'effects_over';
  readonly clip: PreviewSource;
  readonly prompt: string;
  readonly seed: number;
}

/** A clip cut into several shots. */
export interface ShotsSource {
  readonly kind: 'shots';
  readonly clip: TextSource | ImageSource | TransitionSource;
}

/** One frame of a video, from 1 at the clip's rate, and the masks that are found in it. */
export interface MaskSelectionSource {
  readonly kind: 'mask_selection';
  readonly videoPath: string;
  readonly keyframe: number;
}

/** A video in which an image takes the place of what a mask selects. */
export interface SwapSource {
  readonly kind: 'swap';
  readonly videoPath: string;
  readonly imagePath: string;
  readonly maskId: string;
  readonly keepOriginal: boolean;
}

/** A video changed as words say: `@selection0` is the first of the masks, `@img0` the first of the images. */
export interface ModifySource {
  readonly kind: 'modify';
  readonly videoPath: string;
  readonly prompt: string;
  readonly maskIds: readonly string[];
  readonly imagePaths: readonly string[];
  readonly seed: number;
}

/** An image that moves as a video does. */
export interface MimicSource {
  readonly kind: 'mimic';
  readonly videoPath: string;
  readonly imagePath: string;
}

export type StudiedSource = MaskSelectionSource | SwapSource | ModifySource | MimicSource;

export type PreviewSource =
  | TextSource
  | ImageSource
  | ImagesSource
  | VideoSource
  | LipSyncSource
  | AvatarSource
  | SpokenOverSource
  | EffectsOverSource
  | ShotsSource
  | StudiedSource;
