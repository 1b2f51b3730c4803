/**
 * The caller's picture, decoded as untrusted input: only PNG, JPEG and WebP loaders are enabled, the first page only, no more pixels than
 * the API allows, and a broken stream is refused rather than filled in. It is turned as the inspection says, which has sized the clip by it.
 */

import { readFile } from 'node:fs/promises';
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import type { Sharp } from 'sharp';
import sharp from 'sharp';
import { type Orientation, orientationOf } from '../../uploads/image-inspection.ts';
import { MediaError } from './media-error.ts';

/** The API's own limit on a side; more pixels than this in all is a decompression bomb. */
const MAX_SIDE = 10_000;

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadPngFile', 'VipsForeignLoadJpegFile', 'VipsForeignLoadWebpFile'] });
sharp.concurrency(1);
sharp.cache(false);

export interface DecodedImage {
  /** One pixel per element: 0xAABBGGRR. */
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes the file upright and covers `width` x `height` pixels with it, keeping what catches the eye; what is transparent gets a ground on
 * which the rest is seen. Throws MediaError `bad_image`.
 */
export function openImage(path: string, width: number, height: number): Promise<DecodedImage> {
  return decodeOpaque(path, image => image.resize(width, height, { fit: 'cover', position: 'attention' }));
}

/** Decodes the file upright and whole on such a ground, no larger than it is and than `side` pixels. Throws MediaError `bad_image`. */
export function openUpright(path: string, side: number): Promise<DecodedImage> {
  return decodeOpaque(path, image => image.resize(side, side, { fit: 'inside', withoutEnlargement: true }));
}

async function decodeOpaque(path: string, shape: (image: Sharp) => Sharp): Promise<DecodedImage> {
  const ground = await groundOf(path);
  return decode(path, image => shape(image).flatten({ background: { r: ground, g: ground, b: ground } }));
}

/** Decodes the file upright and whole, transparency kept, no larger than it is, as fits in `width` x `height` pixels. Throws MediaError `bad_image`. */
export function openWholeImage(path: string, width: number, height: number): Promise<DecodedImage> {
  return decode(path, image => image.resize(width, height, { fit: 'inside', withoutEnlargement: true }));
}

/** Pixels on the longest side of the view by which the ground is chosen. */
const GROUND_VIEW = 256;

/** The lightness of what belongs behind the picture; any where it has no alpha. */
async function groundOf(path: string): Promise<number> {
  // What cannot be read is refused where it is decoded.
  const { hasAlpha } = await sharp(path)
    .metadata()
    .catch(() => ({ hasAlpha: false }));
  if (!hasAlpha) return GROUNDS[0];
  const { pixels } = await decode(path, image =>
    image.resize(GROUND_VIEW, GROUND_VIEW, { fit: 'inside', withoutEnlargement: true }),
  );
  return groundFor(new Uint8Array(pixels.buffer));
}

/** How each orientation is undone: mirrored top to bottom or left to right, then turned by degrees to the right. */
const TURNS: Readonly<Record<Orientation, { readonly degrees: number; readonly flip?: true; readonly flop?: true }>> = {
  1: { degrees: 0 },
  2: { degrees: 0, flop: true },
  3: { degrees: 180 },
  4: { degrees: 0, flip: true },
  5: { degrees: 90, flip: true },
  6: { degrees: 90 },
  7: { degrees: 90, flop: true },
  8: { degrees: 270 },
};

/** What libjpeg says of a picture whose data end before it does. It fills the rest with grey, and says so only as a warning. */
const CUT_SHORT = /premature end/i;

async function decode(path: string, shape: (image: Sharp) => Sharp): Promise<DecodedImage> {
  try {
    const { degrees, flip, flop } = TURNS[orientationOf(await readFile(path))];
    const pixelsOf = (failOn: 'warning' | 'truncated'): Promise<DecodedImage> =>
      pixelsAt(path, failOn, image =>
        shape(
          image
            .flip(flip ?? false)
            .flop(flop ?? false)
            .rotate(degrees),
        ),
      );
    // Other warnings are harmless: many a picture that everybody can see has a stray byte or an odd colour profile.
    return await pixelsOf('warning').catch((error: unknown) => {
      if (CUT_SHORT.test(String(error))) throw error;
      return pixelsOf('truncated');
    });
  } catch (cause) {
    throw new MediaError(
      'bad_image',
      `the image cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

async function pixelsAt(
  path: string,
  failOn: 'warning' | 'truncated',
  shape: (image: Sharp) => Sharp,
): Promise<DecodedImage> {
  const image = sharp(path, { limitInputPixels: MAX_SIDE * MAX_SIDE, failOn, sequentialRead: true, pages: 1 });
  const { width: declaredWidth, height: declaredHeight } = await image.metadata();
  if (declaredWidth > MAX_SIDE || declaredHeight > MAX_SIDE)
    throw new Error(`a side is longer than ${MAX_SIDE} pixels`);
  const { data, info } = await shape(image)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const pixels = new Uint32Array(width * height);
  new Uint8Array(pixels.buffer).set(data);
  return { pixels, width, height };
}

// What is put behind a picture that can be seen through: a ground on which it shows. A black sign on nothing would be lost on black, and a
// white one on white, so its own lightness decides.

/** Lightness of the grounds, 0 to 255, the first where several do as well: paper, night, and the grey between them. */
const GROUNDS = [255, 24, 128] as const;
/** Differences in lightness up to this are lost in a moving picture. */
const LOST = 40;
/** So little more lost is no reason for another ground: it is the soft edge of what is seen. */
const ALIKE = 0.03;

/** The ground's lightness, 0 to 255, for RGBA pixels. */
function groundFor(rgba: Uint8Array): number {
  const lost = GROUNDS.map(ground => lostShare(rgba, ground));
  const least = Math.min(...lost);
  return GROUNDS.find((_, index) => (lost[index] as number) <= least + ALIKE) ?? GROUNDS[0];
}

/** How much of what can be seen of RGBA pixels is about as light as `ground`, 0 to 1; 0 where nothing can. */
export function lostShare(rgba: Uint8Array | Uint8ClampedArray, ground: number): number {
  let [seen, lost] = [0, 0];
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const alpha = rgba[at + 3] as number;
    seen += alpha;
    const luma = 0.299 * (rgba[at] as number) + 0.587 * (rgba[at + 1] as number) + 0.114 * (rgba[at + 2] as number);
    if (Math.abs(luma - ground) <= LOST) lost += alpha;
  }
  return seen === 0 ? 0 : lost / seen;
}

// A decoded picture as something that can be drawn.

export function canvasOf({ pixels, width, height }: DecodedImage): Canvas {
  const canvas = createCanvas(width, height);
  const image = new ImageData(width, height);
  new Uint32Array(image.data.buffer, image.data.byteOffset, width * height).set(pixels);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
