/** What a kind of transition is: how one picture gives way to the next. Canvases in, canvas out; nothing of files or time. */
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { Color } from '../color.ts';
import type { Noises } from '../noise.ts';
import type { DepthMap } from '../picture/depth.ts';
import type { Random } from '../random.ts';

export interface Stage {
  readonly width: number;
  readonly height: number;
  readonly random: Random;
  readonly noises: Noises;
  /** Depth in the picture that leaves and in the one that comes. */
  readonly fromDepth: DepthMap;
  readonly toDepth: DepthMap;
  /** The colour of light in it. */
  readonly glow: Color;
  /** Where it goes when the words say so: -1 left, +1 right; -1 up, +1 down. */
  readonly heading?: readonly [x: number, y: number];
}

export interface Change {
  /** The share of its time, in the middle, in which the pictures change; before and after, each is alone. */
  readonly span: number;
  /** How the picture that leaves is bent at `amount`; the one that comes is bent by 1 - `amount`. Zero at 0. */
  readonly bend?: (x: number, y: number, amount: number, out: { x: number; y: number }) => void;
  /** Draws the frame at `amount`, above 0 and below 1; `pace` is how much of it passes in one frame. */
  paint(context: SKRSContext2D, from: Canvas, to: Canvas, amount: number, pace: number): void;
}

export type ChangeBuilder = (stage: Stage) => Change;

/** A soft mask at a fraction of the frame's size, which is all that soft edges need. */
export class Mask {
  readonly canvas: Canvas;
  readonly columns: number;
  readonly rows: number;
  private readonly image: ImageData;

  constructor(width: number, height: number, fineness: number) {
    this.columns = Math.ceil(width * fineness);
    this.rows = Math.ceil(height * fineness);
    this.canvas = createCanvas(this.columns, this.rows);
    this.image = new ImageData(this.columns, this.rows);
    this.image.data.fill(255);
  }

  /** Sets the opacity (0 to 1) of every cell, counted by rows. */
  fill(opacity: (cell: number) => number): Canvas {
    const { data } = this.image;
    for (let at = 3, cell = 0; at < data.length; at += 4, cell++) data[at] = opacity(cell) * 255;
    this.canvas.getContext('2d').putImageData(this.image, 0, 0);
    return this.canvas;
  }
}

/** Draws `picture` only where a mask is: the mask is what `draw` paints, by its opacity. */
export class Stencil {
  private readonly canvas: Canvas;

  constructor(width: number, height: number) {
    this.canvas = createCanvas(width, height);
  }

  cut(picture: Canvas, draw: (context: SKRSContext2D, width: number, height: number) => void): Canvas {
    const { canvas } = this;
    const context = canvas.getContext('2d');
    context.globalCompositeOperation = 'copy';
    context.drawImage(picture, 0, 0);
    context.globalCompositeOperation = 'destination-in';
    draw(context, canvas.width, canvas.height);
    return canvas;
  }
}

const STEPS = 1024;

/** Replaces each value (0 to 1) by the share of values below it, so that a threshold that moves evenly passes as many in every moment. */
export function spreadEvenly(values: Float32Array): void {
  const counts = new Float32Array(STEPS + 1);
  const step = (value: number): number => Math.min(STEPS - 1, Math.floor(value * STEPS));
  for (const value of values) counts[step(value) + 1] = (counts[step(value) + 1] as number) + 1 / values.length;
  for (let at = 1; at <= STEPS; at++) counts[at] = (counts[at] as number) + (counts[at - 1] as number);
  for (const [at, value] of values.entries()) {
    const low = counts[step(value)] as number;
    values[at] = low + ((counts[step(value) + 1] as number) - low) * (value * STEPS - step(value));
  }
}
