/** A cone of light as a small picture: it starts at the middle of the left edge and opens to the right, soft across and fading along. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import type { Color } from './color.ts';

const LONG = 192;
const WIDE = 64;

/** Draw it into the unit rectangle (0, -1) to (1, 1) under a transform of your own. `narrow` is the share of its width at the start. */
export function paintBeam(color: Color, narrow = 0.03): Canvas {
  const canvas = createCanvas(LONG, WIDE);
  const image = new ImageData(LONG, WIDE);
  for (let y = 0, at = 0; y < WIDE; y++) {
    for (let x = 0; x < LONG; x++, at += 4) {
      const along = x / (LONG - 1);
      const open = narrow + (0.93 - narrow) * along;
      const across = Math.abs(y - (WIDE - 1) / 2) / (WIDE / 2) / open;
      const light = Math.exp(-across * across * 5) * 0.85 * (1 - along) ** 1.7 * (0.5 + 0.5 / (0.6 + along * 3));
      image.data[at] = color[0];
      image.data[at + 1] = color[1];
      image.data[at + 2] = color[2];
      image.data[at + 3] = 255 * light;
    }
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
