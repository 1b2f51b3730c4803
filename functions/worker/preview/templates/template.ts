/** What a template is, and what its pictures lie on. */
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { ClipFormat } from '../../media/frame-source.ts';
import { type Color, hex, ramp } from '../drawing/color.ts';
import { clamp } from '../drawing/curves.ts';
import { makeNoises, type Random } from '../drawing/random.ts';
import type { Direction } from '../reading/prompt.ts';

export interface TemplateInput {
  /** As many as the template takes. */
  readonly imagePaths: readonly [string, ...string[]];
  readonly format: ClipFormat;
  readonly random: Random;
  /** What the prompt says; most templates take only colours from it. */
  readonly direction: Direction;
}

/** Opens the pictures; throws MediaError `bad_image`. `progress` is 0 on the first frame and 1 on the last, `seconds` is the clip's time. */
export type Template = (
  input: TemplateInput,
) => Promise<(context: SKRSContext2D, progress: number, seconds: number) => void>;

/** Tones from dark to light, and the tone (0 to 1) at a place in units of the short side. */
const SURFACES = {
  wood: ['#422a1c', '#704a30', '#9e704a'],
  paper: ['#e2dbcc', '#f4f0e6', '#fcfaf4'],
  wall: ['#0a0b14', '#141626', '#202238'],
  card: ['#c4ae8c', '#d6c2a0', '#e4d3b4'],
} as const;

export function makeSurface(kind: keyof typeof SURFACES, width: number, height: number, random: Random): Canvas {
  const { soft, fine } = makeNoises(random.fork(kind));
  const colors = ramp(SURFACES[kind].map(hex), 256);
  const toneAt = (x: number, y: number): number => {
    if (kind !== 'wood') return 0.52 + 0.12 * soft.at(x * 60, y * 60) + 0.14 * fine.at(x * 480, y * 480);
    // Boards run across; each has its own tone and its own rings.
    const board = Math.floor(y * 5);
    const rings = Math.sin((y * 60 + 4 * soft.at(x * 12 + board * 50, y * 60)) * 1.6);
    const gap = (y * 5) % 1 < 0.02 ? -0.45 : 0;
    return 0.5 + 0.22 * soft.at(board * 37, 11) + 0.1 * rings + 0.14 * fine.at(x * 30, y * 320) + gap;
  };
  const unit = Math.min(width, height);
  return paintPixels(width, height, (x, y, out) => {
    const step = Math.floor(clamp(toneAt(x / unit, y / unit)) * 255) * 3;
    out[0] = colors[step] as number;
    out[1] = colors[step + 1] as number;
    out[2] = colors[step + 2] as number;
  });
}

/** A canvas from a function that writes red, green, blue and opacity, 0 to 255; opacity is 255 where it writes none. */
export function paintPixels(
  width: number,
  height: number,
  pixel: (x: number, y: number, out: [number, number, number, number], at: number) => void,
): Canvas {
  const image = new ImageData(width, height);
  const out: [number, number, number, number] = [0, 0, 0, 255];
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      out[3] = 255;
      pixel(x, y, out, at);
      image.data.set(out, at * 4);
    }
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

/** Draws with the frame's middle `zoom` times as near. */
export function nearer(
  context: SKRSContext2D,
  { width, height }: ClipFormat,
  zoom: number,
  draw: () => void,
  turn = 0,
): void {
  context.save();
  context.translate(width / 2, height / 2);
  context.rotate(turn);
  context.scale(zoom, zoom);
  context.translate(-width / 2, -height / 2);
  draw();
  context.restore();
}

/** A colour as its three numbers, for `paintPixels`. */
export function setColor(out: [number, number, number, number], [red, green, blue]: Color): void {
  out[0] = red;
  out[1] = green;
  out[2] = blue;
}
