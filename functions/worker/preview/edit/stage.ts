/** What edits work on: a frame of the video, where they may paint in it, and what they are made with. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { DecodedImage } from '../../media/open-image.ts';
import type { Random } from '../drawing/random.ts';
import type { FollowedMask, MaskedVideo } from '../subject/masked-video.ts';

export interface EditFrame {
  readonly index: number;
  /** Seconds from the video's beginning. */
  readonly time: number;
  readonly width: number;
  readonly height: number;
  /** RGBA, changed in place by one edit after the other. */
  readonly pixels: Uint8ClampedArray;
  /** The video's own, which no edit changes. */
  readonly original: Uint8ClampedArray;
}

/** 0 to 255 a pixel; undefined is the whole frame. */
export type Alpha = Uint8Array | undefined;

export type Painter = (frame: EditFrame, alpha: Alpha) => void;

/** What every edit is made with: the video, its size and colours, and the chance that the seed gives. */
export interface Stage {
  readonly video: MaskedVideo;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly seed: number;
  readonly random: Random;
  /** The video's first frame, at the clip's size. */
  readonly first: DecodedImage;
  /** Absolute paths, by number. */
  readonly imagePaths: readonly string[];
}

/** What an edit works on: masks followed through the video; none is the whole frame. */
export type Targets = readonly FollowedMask[];

/** What all targets select together; undefined, which is everything, without targets. */
export function alphaOf(targets: Targets, index: number, original: Uint8ClampedArray): Alpha {
  const [first, ...others] = targets.map(target => target.alpha(index, original));
  for (const other of others)
    for (let at = 0; at < other.length; at++)
      if (first && (other[at] as number) > (first[at] as number)) first[at] = other[at] as number;
  return first;
}

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
