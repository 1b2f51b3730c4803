/** The seam between what is shown and how it is filmed: whatever can paint frame n of a clip goes through the same label and encoder. */
import type { Canvas, SKRSContext2D } from '@napi-rs/canvas';

/** The canvas of the frame being made: opaque RGBA at the clip's own size. */
export interface FrameCanvas {
  readonly canvas: Canvas;
  readonly context: SKRSContext2D;
  readonly width: number;
  readonly height: number;
}

export interface FrameSource {
  /** The name of what is shown, for the job's record. */
  readonly scene: string;
  /** Paints every pixel of frame `index`. Called once for each index, in order. */
  paint(index: number, frame: FrameCanvas): void | Promise<void>;
  /** Stereo samples for the whole clip, each of `frames` floats in -1..1, or nothing when this source has no sound of its own. */
  sound?(sampleRate: number, samples: number): readonly [Float32Array, Float32Array];
}
