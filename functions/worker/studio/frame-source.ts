/** The seam between what is shown and how it is filmed: whatever can paint frame n of a clip goes through the same label and encoder. */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';
import type { MaskFile } from './job.ts';

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
  /** Stereo samples for the whole clip, `samples` floats in -1..1 for each ear. A source without it makes a silent film. */
  sound?(sampleRate: number, samples: number): Stereo | Promise<Stereo>;
}
