/** What a kind of transition is: how one picture gives way to the next. Canvases in, canvas out; nothing of files or time. */
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { blend, type Color, css } from '../drawing/color.ts';
import { clamp, smoothstep } from '../drawing/curves.ts';
import type { Noises, Random } from '../drawing/random.ts';
import type { DepthMap } from '../image/warp.ts';

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

// One picture flows into the other: far things change first, along the grain of a noise, while both are drawn into the same currents.

const SOFT = 0.5;
/** How far a current carries, in fractions of the frame. */
const REACH = 0.055;

export const dissolve: ChangeBuilder = ({ width, height, random, noises, fromDepth, toDepth }) => {
  const offset = random.range(0, 256);
  const mask = new Mask(width, height, 0.25);
  const stencil = new Stencil(width, height);
  const tall = height / width;
  const order = new Float32Array(mask.columns * mask.rows);
  for (let cell = 0; cell < order.length; cell++) {
    const x = (cell % mask.columns) / mask.columns;
    const y = Math.floor(cell / mask.columns) / mask.rows;
    const near = 0.5 * (fromDepth.at(x, y) + toDepth.at(x, y));
    const grain = noises.soft.at(x * 110 + offset, y * 110 * tall + offset);
    order[cell] = clamp(0.55 * near + 0.45 * clamp(0.5 + 0.6 * grain) + 0.05);
  }
  spreadEvenly(order);
  return {
    span: 0.78,
    bend(x, y, amount, out) {
      const strength = REACH * amount * smoothstep(0, 0.08, x) * smoothstep(1, 0.92, x);
      out.x = strength * noises.soft.at(x * 46 + offset, y * 46 * tall + 90);
      out.y = strength * noises.soft.at(x * 46 + offset + 128, y * 46 * tall) * smoothstep(0, 0.1, Math.min(y, 1 - y));
    },
    paint(context, from, to, amount) {
      const front = amount * (1 + SOFT);
      mask.fill(cell => smoothstep(0, SOFT, front - (order[cell] as number)));
      context.drawImage(from, 0, 0);
      context.drawImage(
        stencil.cut(to, (target, w, h) => target.drawImage(mask.canvas, 0, 0, w, h)),
        0,
        0,
      );
    },
  };
};

// A bright-rimmed opening grows from one place until the other picture fills the frame.

export const iris: ChangeBuilder = ({ width, height, random, glow }) => {
  const x = width * random.range(0.38, 0.62);
  const y = height * random.range(0.4, 0.6);
  const farthest = Math.hypot(Math.max(x, width - x), Math.max(y, height - y));
  const soft = Math.min(width, height) * 0.05;
  const stencil = new Stencil(width, height);
  const hot = blend(glow, [255, 255, 255], 0.6);
  return {
    span: 0.52,
    paint(context, from, to, amount) {
      const radius = amount * (farthest + soft * 3);
      context.drawImage(from, 0, 0);
      const inner = Math.max(0, radius - soft);
      const opened = stencil.cut(to, target => {
        const hole = target.createRadialGradient(x, y, inner, x, y, Math.max(inner + 0.01, radius));
        hole.addColorStop(0, 'rgba(0, 0, 0, 1)');
        hole.addColorStop(1, 'rgba(0, 0, 0, 0)');
        target.fillStyle = hole;
        target.fillRect(0, 0, width, height);
      });
      context.drawImage(opened, 0, 0);
      const rim = context.createRadialGradient(x, y, Math.max(0, radius - soft * 2.4), x, y, radius + soft * 1.6);
      const strength = Math.min(1, amount * 5);
      rim.addColorStop(0, css(glow, 0));
      rim.addColorStop(0.42, css(glow, 0.28 * strength));
      rim.addColorStop(0.54, css(hot, 0.9 * strength));
      rim.addColorStop(0.64, css(glow, 0.34 * strength));
      rim.addColorStop(1, css(glow, 0));
      context.save();
      context.globalCompositeOperation = 'screen';
      context.fillStyle = rim;
      context.fillRect(0, 0, width, height);
      context.restore();
    },
  };
};

// The camera is thrown to the side: one picture pushes the other out, blurred along the way by as much as a shutter would.

/** The share of a frame's time that the shutter is open. */
const SHUTTER = 0.9;
/** The blur is a blur of a blur: n fine steps, and n coarse ones of what they made, cost 2n pictures and look like n squared. */
const PIXELS_PER_STEP = 1.2;
const MOST_STEPS = 12;

type Way = readonly [x: number, y: number];
const WAYS: readonly [Way, ...Way[]] = [
  [-1, 0],
  [1, 0],
  [0, -1],
];

export const whip: ChangeBuilder = ({ width, height, random, heading }) => {
  const [dx, dy] = heading ?? random.pick(WAYS);
  const whole = dx !== 0 ? width : height;
  let wide: Canvas = createCanvas(width, height);
  return {
    span: 0.34,
    paint(context, from, to, amount, pace) {
      // Never over the outer edge of either picture, where there is nothing.
      const blurred = Math.min(pace * SHUTTER, 2 * amount, 2 * (1 - amount)) * whole;
      const steps = Math.ceil(clamp(Math.sqrt(blurred / PIXELS_PER_STEP), 1, MOST_STEPS));
      const coarse = blurred / steps;
      // Room for the coarse steps to shift it without a gap.
      const room = Math.ceil(blurred);
      const [roomX, roomY] = [Math.abs(dx) * room, Math.abs(dy) * room];
      if (wide.width < width + 2 * roomX || wide.height < height + 2 * roomY)
        wide = createCanvas(width + 2 * roomX, height + 2 * roomY);
      const pen = wide.getContext('2d');
      for (let step = 0; step < steps; step++) {
        const moved = amount * whole + ((step + 0.5) / steps - 0.5) * coarse;
        // Drawn over the mean of the steps before it with a share of 1 / n, each step weighs the same.
        pen.globalAlpha = 1 / (step + 1);
        pen.drawImage(from, roomX + dx * moved, roomY + dy * moved);
        pen.drawImage(to, roomX + dx * (moved - whole), roomY + dy * (moved - whole));
      }
      context.save();
      for (let step = 0; step < steps; step++) {
        const moved = ((step + 0.5) / steps - 0.5) * blurred;
        context.globalAlpha = 1 / (step + 1);
        context.drawImage(wide, dx * moved - roomX, dy * moved - roomY);
      }
      context.restore();
    },
  };
};

// The camera flies into the picture and out into the other, which opens in the middle and rushes up with it.

/** How many times larger the first gets, and how many times smaller the second begins. Mirrored thrice each way it still fills the frame. */
const ZOOM = 2.8;
const SAMPLES = 10;

export const zoomThrough: ChangeBuilder = ({ width, height, random }) => {
  const x = width * random.range(0.46, 0.54);
  const y = height * random.range(0.46, 0.54);
  const farthest = Math.hypot(width, height) * 0.62;
  const stencil = new Stencil(width, height);
  const scene = createCanvas(width, height);
  const small = createCanvas(width, height);
  const tiles = [-1, 0, 1].flatMap(row => [-1, 0, 1].map(column => [column, row] as const));
  return {
    span: 0.6,
    paint(target, from, to, amount, pace) {
      const zoom = ZOOM ** amount;
      const context = scene.getContext('2d');
      context.setTransform(zoom, 0, 0, zoom, x * (1 - zoom), y * (1 - zoom));
      context.drawImage(from, 0, 0);
      context.resetTransform();

      const inner = small.getContext('2d');
      const scale = zoom / ZOOM;
      inner.setTransform(scale, 0, 0, scale, x * (1 - scale), y * (1 - scale));
      for (const [column, row] of tiles) {
        inner.save();
        inner.translate(column * width + (column === 0 ? 0 : width), row * height + (row === 0 ? 0 : height));
        inner.scale(column === 0 ? 1 : -1, row === 0 ? 1 : -1);
        inner.drawImage(to, 0, 0);
        inner.restore();
      }
      inner.resetTransform();
      const radius = farthest * 1.9 * clamp((amount - 0.08) / 0.84) ** 1.3;
      const opened = stencil.cut(small, mask => {
        const hole = mask.createRadialGradient(x, y, radius * 0.45, x, y, Math.max(0.01, radius));
        hole.addColorStop(0, 'rgba(0, 0, 0, 1)');
        hole.addColorStop(1, 'rgba(0, 0, 0, 0)');
        mask.fillStyle = hole;
        mask.fillRect(0, 0, width, height);
      });
      context.drawImage(opened, 0, 0);

      // Blurred towards the middle by what the zoom covers in a frame.
      const spread = ZOOM ** pace - 1;
      target.save();
      for (let sample = 0; sample < SAMPLES; sample++) {
        const near = 1 + (spread * 1.3 * sample) / SAMPLES;
        target.globalAlpha = 1 / (sample + 1);
        target.setTransform(near, 0, 0, near, x * (1 - near), y * (1 - near));
        target.drawImage(scene, 0, 0);
      }
      target.restore();
    },
  };
};
