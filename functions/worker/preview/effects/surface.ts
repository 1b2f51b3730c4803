/** What things lie on: a wooden table, drawing paper, a dark wall. Made once as a picture. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import { type Color, ramp } from '../color.ts';
import { clamp } from '../curves.ts';
import { makeNoises } from '../noise.ts';
import type { Random } from '../random.ts';

/** The tone (0 to 1) at a place in units of the short side. */
type Tone = (x: number, y: number) => number;

export type Surface = 'wood' | 'paper' | 'wall' | 'card';

const COLORS: Readonly<Record<Surface, readonly Color[]>> = {
  wood: [
    [66, 42, 28],
    [112, 74, 48],
    [158, 112, 74],
  ],
  paper: [
    [226, 219, 204],
    [244, 240, 230],
    [252, 250, 244],
  ],
  wall: [
    [10, 11, 20],
    [20, 22, 38],
    [32, 34, 56],
  ],
  card: [
    [196, 174, 140],
    [214, 194, 160],
    [228, 211, 180],
  ],
};

export function makeSurface(kind: Surface, width: number, height: number, random: Random): Canvas {
  const { soft, fine } = makeNoises(random.fork(kind));
  const tones: Readonly<Record<Surface, Tone>> = {
    // Boards run across; each has its own tone and its own rings.
    wood: (x, y) => {
      const board = Math.floor(y * 5);
      const own = soft.at(board * 37, 11);
      const rings = Math.sin((y * 60 + 4 * soft.at(x * 12 + board * 50, y * 60)) * 1.6);
      const gap = (y * 5) % 1 < 0.02 ? -0.45 : 0;
      return 0.5 + 0.22 * own + 0.1 * rings + 0.14 * fine.at(x * 30, y * 320) + gap;
    },
    paper: (x, y) => 0.62 + 0.1 * soft.at(x * 70, y * 70) + 0.13 * fine.at(x * 620, y * 620),
    wall: (x, y) => 0.42 + 0.16 * soft.at(x * 60, y * 60) + 0.1 * fine.at(x * 240, y * 240),
    card: (x, y) => 0.5 + 0.12 * soft.at(x * 50, y * 50) + 0.2 * fine.at(x * 480, y * 300),
  };
  const tone = tones[kind];
  const colors = ramp(COLORS[kind], 256);
  const unit = Math.min(width, height);
  const image = new ImageData(width, height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      const step = Math.floor(clamp(tone(x / unit, y / unit)) * 255) * 3;
      image.data[at] = colors[step] as number;
      image.data[at + 1] = colors[step + 1] as number;
      image.data[at + 2] = colors[step + 2] as number;
      image.data[at + 3] = 255;
    }
  }
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
