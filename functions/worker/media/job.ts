/** What the media process is asked for and what it answers. Both cross a process boundary as JSON, so they hold plain values only. */
import type { ClipFormat, MaskFile } from './frame-source.ts';
import type { MediaErrorCode } from './media-error.ts';

/** What an engine made: a finished file, or frames that a renderer of its own paints in the media process. */
export type GeneratedVideo =
  | {
      readonly kind: 'file';
      /** Absolute path of a video file, perhaps with sound. */
      readonly path: string;
    }
  | {
      readonly kind: 'frames';
      /** The URL of a module that exports `render: Render`. It is the engine's own, never a caller's. */
      readonly renderer: string;
      /** For the renderer alone. */
      readonly source: unknown;
    };

export interface MediaJob {
  readonly video: GeneratedVideo;
  readonly format: ClipFormat;
  /** Burned into every frame. An empty text burns nothing in. */
  readonly label: { readonly text: string };
  /** Written to the MP4's own metadata, every key as given. */
  readonly metadata: Readonly<Record<string, string>>;
  /** An existing directory; the only place that is written to. */
  readonly directory: string;
}

export interface MediaResult {
  readonly videoPath: string;
  readonly thumbnailPath: string;
  /** A JPEG of frames spread over the clip, in reading order. */
  readonly spritesheetPath: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly durationSeconds: number;
  readonly fps: number;
  readonly hasAudio: boolean;
  readonly bytes: number;
  /** What the frames say that they show. */
  readonly scene: string;
  /** SHA-256 of the MP4, in hex. */
  readonly sha256: string;
  /** Masks that belong to the clip, a PNG each. */
  readonly masks?: readonly MaskFile[];
}

/** What the media process tells its parent. */
export type MediaMessage =
  | { readonly type: 'progress'; readonly fraction: number; readonly residentBytes: number }
  | { readonly type: 'done'; readonly result: MediaResult }
  | { readonly type: 'failed'; readonly code: MediaErrorCode; readonly message: string };
