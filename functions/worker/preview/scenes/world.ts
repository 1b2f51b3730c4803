/** What every part of a scene is given: the frame's size, the light, the noises, and where the camera stands at a moment. */
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { Noises, Random } from '../drawing/random.ts';
import type { CameraState } from '../reading/camera.ts';
import type { Direction } from '../reading/prompt.ts';
import type { Light } from './light.ts';

export interface World {
  readonly width: number;
  readonly height: number;
  /** The shortest side in pixels: things are sized by it, so that they look the same in every aspect. */
  readonly unit: number;
  readonly random: Random;
  readonly noises: Noises;
  readonly light: Light;
  readonly direction: Direction;
}

export interface Moment {
  /** Seconds of the scene's own time; it runs faster than the clip in a fast clip. */
  readonly time: number;
  /** 0 at the first frame, 1 at the last. */
  readonly progress: number;
  readonly camera: CameraState;
}

export interface Scene {
  paint(context: SKRSContext2D, moment: Moment): void;
}

export type SceneBuilder = (world: World) => Scene;

/** How far beyond the frame layers are drawn, in fractions of its sides: what the camera may uncover. */
export const OVERSCAN = { x: 0.14, y: 0.14 } as const;

/** Draws with the camera's view of things at `depth`: 0 is endlessly far and hardly moves, 1 is right in front. `pivotY` in pixels is where a zoom heads for. */
export function atDepth(
  context: SKRSContext2D,
  world: World,
  camera: CameraState,
  depth: number,
  draw: () => void,
  pivotY = world.height / 2,
): void {
  const zoom = 1 + (camera.zoom - 1) * (0.3 + 0.7 * depth) + camera.stretch * (1 - depth);
  const reach = 0.12 + 0.88 * depth;
  context.save();
  context.translate(world.width / 2, world.height / 2);
  context.rotate(camera.roll);
  context.translate(-camera.x * world.width * reach, -camera.y * world.height * reach + pivotY - world.height / 2);
  context.scale(zoom, zoom);
  context.translate(-world.width / 2, -pivotY);
  draw();
  context.restore();
}

/** A picture made once and drawn in every frame. It spans the overscanned frame, or the part from `left`, `top` to `right`, `bottom` in frame pixels: what is cropped off need not be drawn. */
export class Layer {
  readonly canvas: Canvas;
  readonly context: SKRSContext2D;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;

  /** `resolution` is layer pixels per frame pixel: soft things need only a fraction. Drawing is in frame coordinates. */
  constructor(
    world: World,
    options: {
      top?: number;
      bottom?: number;
      left?: number;
      right?: number;
      resolution?: number | { x: number; y: number };
    } = {},
  ) {
    const { resolution = 1 } = options;
    const { x, y } = typeof resolution === 'number' ? { x: resolution, y: resolution } : resolution;
    this.left = Math.floor(options.left ?? -world.width * OVERSCAN.x);
    this.top = Math.floor(options.top ?? -world.height * OVERSCAN.y);
    this.width = Math.max(1, Math.ceil(options.right ?? world.width * (1 + OVERSCAN.x)) - this.left);
    this.height = Math.max(1, Math.ceil(options.bottom ?? world.height * (1 + OVERSCAN.y)) - this.top);
    this.canvas = createCanvas(Math.ceil(this.width * x), Math.ceil(this.height * y));
    this.context = this.canvas.getContext('2d');
    this.context.scale(this.canvas.width / this.width, this.canvas.height / this.height);
    this.context.translate(-this.left, -this.top);
  }

  draw(context: SKRSContext2D, dx = 0, dy = 0): void {
    context.drawImage(this.canvas, this.left + dx, this.top + dy, this.width, this.height);
  }

  /** The part within the frame as a picture of the frame's own size. A backdrop with no edges in it need not follow the camera, and drawing it unmoved costs a fifth. */
  fixed(world: World): Canvas {
    const canvas = createCanvas(world.width, world.height);
    this.draw(canvas.getContext('2d'));
    return canvas;
  }

  /** Fills every pixel from a function of frame coordinates, which writes red, green, blue and alpha bytes at `at`. */
  shadePixels(pixel: (x: number, y: number, out: Uint8ClampedArray, at: number) => void): void {
    const { width, height } = this.canvas;
    const image = new ImageData(width, height);
    const stepX = this.width / width;
    const stepY = this.height / height;
    for (let row = 0, at = 0; row < height; row++) {
      const y = this.top + (row + 0.5) * stepY;
      for (let column = 0; column < width; column++, at += 4)
        pixel(this.left + (column + 0.5) * stepX, y, image.data, at);
    }
    this.context.putImageData(image, 0, 0);
  }
}
