/** What the preview engine draws, as plain values: a source crosses a process boundary as JSON. */
/** A moving picture drawn from words alone. `seed` is any safe integer: it decides the layout, never the subject. */
export interface TextSource {
  readonly kind: 'text';
  readonly prompt: string;
  readonly seed: number;
  readonly style?: string;
  /** A camera move by its API name (`zoom_in`, `crane_up`, `auto_camera`, ...); it wins over the prompt's own words. */
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
  /** Seconds of the scene's own time that have gone by before the first frame. */
  readonly startSeconds?: number;
}

/** The caller's own picture, moved. `imagePath` is an absolute path to a PNG, JPEG or WebP file. */
export interface ImageSource {
  readonly kind: 'image';
  readonly imagePath: string;
  readonly prompt: string;
  readonly seed: number;
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
  readonly startSeconds?: number;
}

/** A video and what comes after it: its last frame moved on as the words say. */
export interface ExtendSource {
  readonly kind: 'extend';
  readonly videoPath: string;
  /** Seconds of the video; what the clip lasts longer is the extension. */
  readonly videoSeconds: number;
  readonly prompt: string;
  readonly seed: number;
  readonly style?: string;
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
}

/** A video in another look: a listed one, or what the words come nearest to. */
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

/** A video with new sound: what the words name, or what the picture suggests where they name nothing. */
export interface SoundEffectSource {
  readonly kind: 'sound_effect';
  readonly videoPath: string;
  readonly prompt: string;
  readonly seed: number;
  /** Whether the video's own sound is heard with the new one. */
  readonly keepOriginal: boolean;
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

/** Sources that are made of a video. */
export type VideoSource = ExtendSource | RestyleSource | UpscaleSource | SoundEffectSource;

/**
 * From picture to picture: exactly the first on frame 0, exactly the last on the last frame. `legs` has one entry fewer than `imagePaths`;
 * their seconds are shares of the clip's length.
 */
export interface TransitionSource {
  readonly kind: 'transition';
  readonly imagePaths: readonly string[];
  readonly legs: readonly { readonly seconds: number; readonly prompt: string }[];
  readonly seed: number;
  readonly motion?: 'normal' | 'fast';
}

/** The caller's pictures put together in one scene. The prompt calls each by its name, as `@name`. */
export interface FusionSource {
  readonly kind: 'fusion';
  readonly references: readonly FusionReference[];
  readonly prompt: string;
  readonly seed: number;
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
}

export interface FusionReference {
  readonly imagePath: string;
  readonly name: string;
  readonly role: 'subject' | 'background';
}

/** The caller's pictures in one of the catalogue's templates. */
export interface TemplateSource {
  readonly kind: 'template';
  readonly templateId: number;
  readonly imagePaths: readonly string[];
  readonly prompt: string;
  readonly seed: number;
}

/** Sources that are made of pictures. */
export type ImagesSource = TransitionSource | FusionSource | TemplateSource;

/** Whose voice: a recording (an absolute path to an audio file), or a text that is spoken. `likePath` is a recording whose pitch and pace it takes. */
export type SpeechSource =
  | { readonly kind: 'recording'; readonly path: string }
  | { readonly kind: 'speech'; readonly text: string; readonly speakerId: string; readonly likePath?: string };

/** A video whose mouth follows a voice; the voice is its only sound. */
export interface LipSyncSource {
  readonly kind: 'lip_sync';
  readonly videoPath: string;
  readonly voice: SpeechSource;
}

/** A picture that speaks. */
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

/** Sources in which somebody speaks. */
export type SpokenSource = LipSyncSource | AvatarSource | SpokenOverSource;

/** One frame of a video, from 1 at the clip's rate, and the masks that are found in it. */
export interface MaskSelectionSource {
  readonly kind: 'mask_selection';
  readonly videoPath: string;
  readonly keyframe: number;
}

/** A video in which a picture takes the place of what a mask selects. */
export interface SwapSource {
  readonly kind: 'swap';
  readonly videoPath: string;
  readonly imagePath: string;
  readonly maskId: string;
  readonly keepOriginal: boolean;
}

/** A video changed as words say: `@selection0` is the first of the masks, `@img0` the first of the pictures. */
export interface ModifySource {
  readonly kind: 'modify';
  readonly videoPath: string;
  readonly prompt: string;
  readonly maskIds: readonly string[];
  readonly imagePaths: readonly string[];
  readonly seed: number;
}

/** A picture that moves as a video does. */
export interface MimicSource {
  readonly kind: 'mimic';
  readonly videoPath: string;
  readonly imagePath: string;
}

/** Sources that look into a video. */
export type StudiedSource = MaskSelectionSource | SwapSource | ModifySource | MimicSource;

export type PreviewSource =
  | TextSource
  | ImageSource
  | VideoSource
  | EffectsOverSource
  | ShotsSource
  | ImagesSource
  | SpokenSource
  | StudiedSource;
