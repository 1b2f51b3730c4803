/** Drawings of a picture: a pencil's, with soft shading where tones change, and the bare outlines. */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import { clamp, smoothstep } from '../curves.ts';
import type { NoiseTexture } from '../noise.ts';
import type { Picture } from '../picture/open-picture.ts';

/** Brightness of each pixel, 0 to 1. */
export function brightness({ pixels }: Picture): Float32Array {
  return Float32Array.from(
    pixels,
    pixel => ((pixel & 255) * 0.3 + ((pixel >>> 8) & 255) * 0.59 + ((pixel >>> 16) & 255) * 0.11) / 255,
  );
}

/** How strongly brightness changes at each pixel (Sobel), 0 to about 1; what is fainter than `least` is none. */
export function outlines(picture: Picture, least: number): Float32Array {
  const { width, height } = picture;
  const luma = softened(brightness(picture), width, height);
  const strength = new Float32Array(width * height);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const l = (dx: number, dy: number): number => luma[at + dy * width + dx] as number;
      const across = l(1, -1) + 2 * l(1, 0) + l(1, 1) - l(-1, -1) - 2 * l(-1, 0) - l(-1, 1);
      const down = l(-1, 1) + 2 * l(0, 1) + l(1, 1) - l(-1, -1) - 2 * l(0, -1) - l(1, -1);
      strength[at] = smoothstep(least, least * 5, Math.hypot(across, down));
    }
  }
  return strength;
}

/** The picture in pencil: a transparent sheet with graphite on it. Lines where brightness changes, hatching where it is dark. */
export function pencilDrawing(picture: Picture, grain: NoiseTexture): Canvas {
  const { width, height } = picture;
  const luma = brightness(picture);
  const wide = blurred(luma, width, height, Math.max(2, Math.round(Math.min(width, height) / 90)));
  const edges = outlines(picture, 0.1);
  const canvas = createCanvas(width, height);
  const image = new ImageData(width, height);
  const fine = 720 / Math.min(width, height);
  for (let at = 0, y = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      // Divided by its own surroundings a picture keeps its lines and loses its light.
      const line = clamp(1 - (luma[at] as number) / Math.max(0.06, wide[at] as number));
      const dark = clamp(1 - (wide[at] as number) * 1.25);
      const stroke = 0.5 + 0.5 * Math.sin((x + y * 0.8) * 0.95 * fine + 3 * grain.at(x * 0.4 * fine, y * 0.4 * fine));
      const cross = 0.5 + 0.5 * Math.sin((x - y * 0.7) * 0.95 * fine);
      const hatch = dark * (0.22 + 0.5 * stroke) + smoothstep(0.45, 0.9, dark) * 0.3 * cross;
      const tooth = 0.82 + 0.3 * grain.at(x * 1.7, y * 1.7);
      const graphite = clamp((3.3 * line + 0.85 * (edges[at] as number) + 0.62 * hatch) * tooth);
      image.data[at * 4] = 52;
      image.data[at * 4 + 1] = 52;
      image.data[at * 4 + 2] = 58;
      image.data[at * 4 + 3] = 235 * graphite;
    }
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

function softened(values: Float32Array, width: number, height: number): Float32Array {
  return blurred(values, width, height, Math.max(1, Math.round(Math.min(width, height) / 420)));
}

/** Two box blurs of `radius` pixels; edges are repeated. */
export function blurred(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  let from = values;
  for (let pass = 0; pass < 2; pass++) {
    const across = new Float32Array(values.length);
    for (let y = 0; y < height; y++) box(from, across, y * width, 1, width, radius);
    const both = new Float32Array(values.length);
    for (let x = 0; x < width; x++) box(across, both, x, width, height, radius);
    from = both;
  }
  return from;
}

function box(from: Float32Array, to: Float32Array, start: number, step: number, count: number, radius: number): void {
  const value = (index: number): number => from[start + clamp(index, 0, count - 1) * step] as number;
  let sum = 0;
  for (let near = -radius; near <= radius; near++) sum += value(near);
  for (let index = 0; index < count; index++) {
    to[start + index * step] = sum / (2 * radius + 1);
    sum += value(index + radius + 1) - value(index - radius);
  }
}
