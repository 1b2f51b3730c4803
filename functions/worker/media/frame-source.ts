/** The seam between what is shown and how it is encoded: whatever can paint frame n of a clip goes through the same label and encoder. */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import type { VideoReader, VideoSize } from './video-reader.ts';

/** The canvas of the frame being made: opaque RGBA at the clip's own size. */
export interface FrameCanvas {
  readonly canvas: Canvas;
  readonly context: SKRSContext2D;
  readonly width: number;
  readonly height: number;
}

export type Stereo = readonly [left: Float32Array, right: Float32Array];

export interface FrameSource {
  /** Nothing in it was made: it shows what the caller has, with the marks that it has, and gets no label. */
  readonly untouched?: boolean;
  /** Pictures that belong to the clip: the masks that were found in it. */
  readonly masks?: readonly MaskFile[];
  /** The name of what is shown, for the job's record. */
  readonly scene: string;
  /** Paints every pixel of frame `index`. Called once for each index, in order. */
  paint(index: number, frame: FrameCanvas): void | Promise<void>;
  /** Stereo samples for the whole clip, `samples` floats in -1..1 for each ear. A source without it makes a silent video. */
  sound?(sampleRate: number, samples: number): Stereo | Promise<Stereo>;
}

export interface ClipFormat {
  /** Pixels; both even. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly durationSeconds: number;
  readonly audio: boolean;
}

/** A mask as a file: white is selected, black is not. */
export interface MaskFile {
  readonly maskId: string;
  readonly name: string;
  readonly path: string;
}

/** What a renderer gets beside its source. */
export interface RenderOutput {
  readonly format: ClipFormat;
  /** The job's own, and the only place that is written to. */
  readonly directory: string;
  /** Opens a video of the caller's, without our own label if it has it. Throws MediaError `bad_media`. */
  openVideo(path: string, size: VideoSize): Promise<VideoReader>;
}

/** What a renderer's module exports under the name `render`. Throws MediaError where the caller's input cannot be used. */
export type Render = (source: unknown, output: RenderOutput) => Promise<FrameSource>;
