/** What a studio is asked for and what it hands back. Both cross a process boundary as JSON, so they hold plain values only. */

/** A moving picture drawn from words alone. `seed` is any safe integer: it decides the layout, never the subject. */
export interface TextSource {
  readonly kind: 'text';
  readonly prompt: string;
  readonly seed: number;
  readonly style?: string;
  /** A camera move by its API name (`zoom_in`, `crane_up`, `auto_camera`, ...); it wins over the prompt's own words. */
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
}

/** The caller's own picture, moved. `imagePath` is an absolute path to a PNG, JPEG or WebP file. */
export interface ImageSource {
  readonly kind: 'image';
  readonly imagePath: string;
  readonly prompt: string;
  readonly seed: number;
  readonly cameraMovement?: string;
  readonly motion?: 'normal' | 'fast';
}

export type PreviewSource = TextSource | ImageSource;

export interface ClipFormat {
  /** Pixels; both even. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly durationSeconds: number;
  readonly audio: boolean;
}

export interface StudioJob {
  readonly source: PreviewSource;
  readonly output: ClipFormat;
  /** Burned into every frame. An empty text burns nothing in. */
  readonly label: { readonly text: string };
  /** Written to the MP4's own metadata, every key as given. */
  readonly metadata: Readonly<Record<string, string>>;
  /** An existing directory; the only place the studio writes to. */
  readonly directory: string;
}

export interface StudioResult {
  readonly videoPath: string;
  readonly thumbnailPath: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly durationSeconds: number;
  readonly fps: number;
  readonly hasAudio: boolean;
  readonly bytes: number;
  /** The scene family that was drawn, or `picture` for the caller's own image. */
  readonly scene: string;
  /** SHA-256 of the MP4, in hex. */
  readonly sha256: string;
}

export type StudioErrorCode = 'bad_image' | 'bad_media' | 'timeout' | 'crashed' | 'out_of_memory' | 'aborted';

/** The one error that `runStudio` rejects with; `code` is stable, the message is for logs. */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: StudioErrorCode;

  constructor(code: StudioErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What the studio process tells its parent. */
export type StudioMessage =
  | { readonly type: 'progress'; readonly fraction: number; readonly residentBytes: number }
  | { readonly type: 'done'; readonly result: StudioResult }
  | { readonly type: 'failed'; readonly code: StudioErrorCode; readonly message: string };
