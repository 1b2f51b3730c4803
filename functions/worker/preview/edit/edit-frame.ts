/** A frame that edits work on, and how what they draw comes into it only where they may. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';

export interface EditFrame {
  readonly index: number;
  /** Seconds from the film's beginning. */
  readonly time: number;
  readonly width: number;
  readonly height: number;
  /** RGBA, changed in place by one edit after the other. */
  readonly pixels: Uint8ClampedArray;
  /** The film's own, which no edit changes. */
  readonly original: Uint8ClampedArray;
}

/** 0 to 255 a pixel; undefined is the whole frame. */
export type Alpha = Uint8Array | undefined;

export type Painter = (frame: EditFrame, alpha: Alpha) => void;

/** Lays `edited` over the frame where `alpha` says. */
export function blendIn({ pixels }: EditFrame, edited: Uint8ClampedArray, alpha: Alpha): void {
  if (!alpha) {
    pixels.set(edited);
    return;
  }
  for (let at = 0, from = 0; at < alpha.length; at++, from += 4) {
    const share = (alpha[at] as number) / 255;
    if (share === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const own = pixels[from + channel] as number;
      pixels[from + channel] = own + ((edited[from + channel] as number) - own) * share;
    }
  }
}

/** A transparent sheet of the frame's size, used again from frame to frame. */
export class Sheet {
  private readonly context: SKRSContext2D;

  constructor(width: number, height: number) {
    this.context = createCanvas(width, height).getContext('2d');
  }

  /** Draws on the empty sheet and lays what was drawn over the frame where `alpha` says. */
  draw(frame: EditFrame, alpha: Alpha, paint: (context: SKRSContext2D) => void): void {
    const { width, height, pixels } = frame;
    this.context.clearRect(0, 0, width, height);
    this.context.save();
    paint(this.context);
    this.context.restore();
    const { data } = this.context.getImageData(0, 0, width, height);
    for (let at = 0; at < data.length; at += 4) {
      const ink = data[at + 3] as number;
      if (ink === 0) continue;
      const share = (ink / 255) * (alpha ? (alpha[at >> 2] as number) / 255 : 1);
      for (let channel = 0; channel < 3; channel++) {
        const own = pixels[at + channel] as number;
        pixels[at + channel] = own + ((data[at + channel] as number) - own) * share;
      }
    }
  }
}
