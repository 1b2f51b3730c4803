/**
 * The caller's picture at the size of the frame, and the camera moving in it. With no drift it is the picture itself, pixel for pixel, so
 * a clip can begin or end on it; with some, the camera moves in far enough that the picture's edge never shows.
 */
import { type Canvas, createCanvas, ImageData } from '@napi-rs/canvas';
import { type DepthMap, guessDepth } from './depth.ts';
import { openPicture, type Picture } from './open-picture.ts';
import { canvasOf } from './picture-canvas.ts';
import { Warp } from './warp.ts';

/** Where the camera is in a still. All zero is the picture as it came. */
export interface Drift {
  /** How far it has moved in: 0.1 is about a tenth larger, near things more and far ones less. */
  readonly push: number;
  /** Sideways and down, in fractions of the frame; up to a third of `push` shows no edge. */
  readonly x: number;
  readonly y: number;
}

/** Moves the place where `x`, `y` (fractions of the frame) is looked up; writes the distance to `out`. */
export type Bend = (x: number, y: number, out: { x: number; y: number }) => void;

export class Still {
  readonly picture: Picture;
  readonly depth: DepthMap;
  private readonly plain: Canvas;
  private readonly moved: Canvas;
  private readonly image: ImageData;
  private readonly warp: Warp;

  /** `picture` has the size of the frame. */
  constructor(picture: Picture) {
    const { width, height } = picture;
    this.picture = picture;
    this.depth = guessDepth(picture);
    this.plain = canvasOf(picture);
    this.moved = createCanvas(width, height);
    this.image = new ImageData(width, height);
    this.warp = new Warp(picture, width, height);
  }

  /** Covers `width` x `height` pixels with the file. Throws MediaError `bad_image`. */
  static async open(path: string, width: number, height: number): Promise<Still> {
    return new Still(await openPicture(path, width, height));
  }

  /** The picture with the camera at `drift`; the canvas is drawn anew by the next call. */
  at({ push, x: right, y: down }: Drift, bend?: Bend): Canvas {
    if (push === 0 && right === 0 && down === 0 && bend === undefined) return this.plain;
    const { depth, image, moved } = this;
    const { width, height } = moved;
    // The warp counts its picture from centre to centre of the pixels at its edges, and the frame from edge to edge.
    const fitX = width / (width - 1);
    const fitY = height / (height - 1);
    const bent = { x: 0, y: 0 };
    this.warp.render(
      (x, y, out) => {
        const near = depth.at(x, y) - 0.4;
        const zoom = 1 + push * (1 + near * 0.8);
        const share = 0.25 + near * 0.8;
        if (bend !== undefined) bend(x, y, bent);
        out.x = (0.5 + (x - 0.5) / zoom + right * share + bent.x) * fitX;
        out.y = (0.5 + (y - 0.5) / zoom + down * share + bent.y) * fitY;
      },
      new Uint32Array(image.data.buffer, image.data.byteOffset, width * height),
    );
    moved.getContext('2d').putImageData(image, 0, 0);
    return moved;
  }
}
