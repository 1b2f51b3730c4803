/** A picture as two: what stands out in it, free to move, and what lies behind, filled where it stood. */
import type { Canvas } from '@napi-rs/canvas';
import { fillHole } from '../masks/fill.ts';
import { meansAbout } from '../masks/means-about.ts';
import { cutOut } from '../picture/cutout.ts';
import type { Picture } from '../picture/open-picture.ts';

export interface Actor {
  readonly canvas: Canvas;
  /** Its corner in the picture, in pixels. */
  readonly left: number;
  readonly top: number;
  /** The picture's lower edge cuts through it: it may not be raised. */
  readonly cutBelow: boolean;
  /** The picture without it. */
  readonly behind: Picture;
}

/** Pixels about the actor that still have something of it, as a share of the shorter side. */
const HALO = 0.018;

/** Undefined where nothing stands out. */
export function actorOf(picture: Picture): Actor | undefined {
  const { canvas, left, top, how, cutBelow } = cutOut(picture);
  if (how === 'print') return undefined;
  const { width, height } = picture;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const stood = new Float32Array(width * height);
  for (let at = 3, pixel = 0; at < data.length; at += 4, pixel++) {
    const x = left + (pixel % canvas.width);
    const y = top + Math.floor(pixel / canvas.width);
    stood[y * width + x] = (data[at] as number) / 255;
  }
  const halo = Math.max(2, Math.round(HALO * Math.min(width, height)));
  const hole = Uint8Array.from(meansAbout(stood, width, height, halo), share => Math.min(255, share * 255 * 40));
  const pixels = picture.pixels.slice();
  fillHole(new Uint8ClampedArray(pixels.buffer), hole, width, height);
  return { canvas, left, top, cutBelow, behind: { pixels, width, height } };
}
