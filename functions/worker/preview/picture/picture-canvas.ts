/** A decoded picture as something that can be drawn. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import type { Picture } from './open-picture.ts';

export function canvasOf({ pixels, width, height }: Picture): Canvas {
  const canvas = createCanvas(width, height);
  const image = new ImageData(width, height);
  new Uint32Array(image.data.buffer, image.data.byteOffset, width * height).set(pixels);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
