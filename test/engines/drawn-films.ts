/** Short films that the tests draw themselves, frame by frame, so that they know what is where in each. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { SKRSContext2D } from '@napi-rs/canvas';
import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { makeVideo } from '../../functions/worker/media/make-video.ts';
import { root, SIZE } from './picture-frames.ts';

Log.setLevel(AV_LOG_ERROR);

export type Draw = (context: SKRSContext2D, index: number) => void;
export interface Point {
  readonly x: number;
  readonly y: number;
}
export const RADIUS = 32;

/** Films `frames` frames of 320 x 180 pixels; `hertz` is a tone that is heard in it. The path. */
export async function drawnFilm(name: string, frames: number, draw: Draw, hertz?: number): Promise<string> {
  const tone = (samples: number): Float32Array =>
    Float32Array.from({ length: samples }, (_, at) => 0.3 * Math.sin((2 * Math.PI * (hertz ?? 0) * at) / 48_000));
  const { videoPath } = await makeVideo(
    {
      video: { kind: 'file', path: '' },
      format: { ...SIZE, fps: 24, durationSeconds: frames / 24, audio: hertz !== undefined },
      label: { text: '' },
      metadata: {},
      directory: mkdtempSync(join(root, `${name}-`)),
    },
    {
      scene: name,
      paint: (index, { context }) => draw(context, index),
      sound: (_, samples) => [tone(samples), tone(samples)],
    },
    () => {},
  );
  return videoPath;
}

/** A cool gradient over the whole frame. */
export function gradient(context: SKRSContext2D, light = 1): void {
  const fill = context.createLinearGradient(0, 0, 100, SIZE.height);
  fill.addColorStop(0, `hsl(212 48% ${26 * light}%)`);
  fill.addColorStop(1, `hsl(150 42% ${38 * light}%)`);
  context.fillStyle = fill;
  context.fillRect(0, 0, SIZE.width, SIZE.height);
}

/** A disc of one colour. */
export function disc(context: SKRSContext2D, { x, y }: Point, color = '#ffe08a', radius = RADIUS): void {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, Math.PI * 2);
  context.fill();
}

/** A bright disc over a gradient, on its way. */
export const discOn =
  (way: (index: number) => Point, color?: string): Draw =>
  (context, index) => {
    gradient(context);
    disc(context, way(index), color);
  };

/** To the right, four pixels a frame, and a little up and down. */
export const rightwards = (index: number): Point => ({ x: 70 + index * 5, y: 90 + 18 * Math.sin(index / 5) });

/** 1 for the pixels within the disc, 0 for the others. */
export function discAt({ x, y }: Point, radius = RADIUS): Uint8Array {
  return Uint8Array.from({ length: SIZE.width * SIZE.height }, (_, at) =>
    Math.hypot((at % SIZE.width) + 0.5 - x, Math.floor(at / SIZE.width) + 0.5 - y) <= radius ? 1 : 0,
  );
}

/** Coloured blocks all over a wall much larger than the frame; the camera stands at `left`, `top` and is `zoom` times as near. */
export function wall(context: SKRSContext2D, left: number, top = 0, zoom = 1): void {
  context.fillStyle = '#3a5a78';
  context.fillRect(0, 0, SIZE.width, SIZE.height);
  context.save();
  context.translate(SIZE.width / 2, SIZE.height / 2);
  context.scale(zoom, zoom);
  context.translate(-SIZE.width / 2 - left, -SIZE.height / 2 - top);
  for (let block = 0; block < 220; block++) {
    context.fillStyle = `hsl(${(block * 47) % 360} 55% ${28 + (block % 5) * 11}%)`;
    context.fillRect(((block * 137) % 1100) - 380, ((block * 71) % 500) - 160, 18 + (block % 7) * 5, 20);
  }
  context.restore();
}

/** The middle of the pixels for which `belongs`, and how many there are. */
export function middleOf(count: number, belongs: (pixel: number) => boolean): Point & { readonly pixels: number } {
  const [x, y, pixels] = sumsOf(count, belongs);
  return { x: x / pixels, y: y / pixels, pixels };
}

/** Apart from the object above: made in the function of this loop, two of them were now and then given the same x and y by the compiler of Node 24.21. */
function sumsOf(count: number, belongs: (pixel: number) => boolean): [x: number, y: number, pixels: number] {
  let [x, y, pixels] = [0, 0, 0];
  for (let at = 0; at < count; at++) {
    if (!belongs(at)) continue;
    pixels++;
    x += at % SIZE.width;
    y += Math.floor(at / SIZE.width);
  }
  return [x, y, pixels];
}

/** Mean difference of two frames' channels where `where` is `value`, 0 to 255. */
export function differenceWhere(a: Uint8ClampedArray, b: Uint8ClampedArray, where: Uint8Array, value: 0 | 1): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < where.length; at++) {
    if (where[at] !== value) continue;
    count++;
    for (let channel = 0; channel < 3; channel++)
      sum += Math.abs((a[at * 4 + channel] as number) - (b[at * 4 + channel] as number)) / 3;
  }
  return sum / count;
}

/** Peak signal-to-noise ratio in decibels where `where` is `value`. */
export function psnrWhere(a: Uint8ClampedArray, b: Uint8ClampedArray, where: Uint8Array, value: 0 | 1): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < where.length; at++) {
    if (where[at] !== value) continue;
    count += 3;
    for (let channel = 0; channel < 3; channel++)
      sum += ((a[at * 4 + channel] as number) - (b[at * 4 + channel] as number)) ** 2;
  }
  return 10 * Math.log10(255 ** 2 / Math.max(1e-6, sum / count));
}
