/**
 * The caller's picture, decoded as untrusted input: only PNG, JPEG and WebP loaders are enabled, the first page only, no more pixels than
 * the API allows, and a broken stream is refused rather than filled in.
 */

import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import type { Sharp } from 'sharp';
import sharp from 'sharp';
import { MediaError } from '../../media/media-error.ts';

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

/** Decodes the file upright and covers `width` x `height` pixels with it, keeping what catches the eye. Throws MediaError `bad_image`. */
export function openImage(path: string, width: number, height: number): Promise<DecodedImage> {
  return decode(path, image =>
    image.resize(width, height, { fit: 'cover', position: 'attention' }).flatten({ background: '#000000' }),
  );
}

/** Decodes the file upright and whole, transparency kept, no larger than it is, as fits in `width` x `height` pixels. Throws MediaError `bad_image`. */
export function openWholeImage(path: string, width: number, height: number): Promise<DecodedImage> {
  return decode(path, image => image.resize(width, height, { fit: 'inside', withoutEnlargement: true }));
}

async function decode(path: string, shape: (image: Sharp) => Sharp): Promise<DecodedImage> {
  try {
    const image = sharp(path, {
      limitInputPixels: MAX_SIDE * MAX_SIDE,
      failOn: 'truncated',
      sequentialRead: true,
      pages: 1,
    });
    const { width: declaredWidth, height: declaredHeight } = await image.metadata();
    if (declaredWidth > MAX_SIDE || declaredHeight > MAX_SIDE)
      throw new Error(`a side is longer than ${MAX_SIDE} pixels`);
    const { data, info } = await shape(image.autoOrient())
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const pixels = new Uint32Array(width * height);
    new Uint8Array(pixels.buffer).set(data);
    return { pixels, width, height };
  } catch (cause) {
    if (cause instanceof MediaError) throw cause;
    throw new MediaError(
      'bad_image',
      `the image cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

// A decoded picture as something that can be drawn.

export function canvasOf({ pixels, width, height }: DecodedImage): Canvas {
  const canvas = createCanvas(width, height);
  const image = new ImageData(width, height);
  new Uint32Array(image.data.buffer, image.data.byteOffset, width * height).set(pixels);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
