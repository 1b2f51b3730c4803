/** Decoded frames to RGBA pixels at a wanted size: scaled to cover it, cropped around the middle, turned upright. */
import {
  AV_PIX_FMT_RGBA,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_RGB,
  AVCOL_SPC_UNSPECIFIED,
  SWS_ACCURATE_RND,
  SWS_LANCZOS,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext, type Stream } from 'node-av/lib';
import { badMedia } from './media-error.ts';
import { must } from './media-file.ts';

/** Untagged video of at least this many rows is BT.709, smaller is BT.601: what players take for granted. */
const HD_ROWS = 720;

export class FrameScaler {
  private readonly scaler = new SoftwareScaleContext();
  private readonly width: number;
  private readonly height: number;
  private readonly orientation: Orientation;
  private target: Frame | undefined;

  /** `width` and `height` are of the picture as it is to be shown, upright. */
  constructor(width: number, height: number, orientation: Orientation) {
    this.width = width;
    this.height = height;
    this.orientation = orientation;
    this.scaler.allocContext();
    this.scaler.setOption('sws_flags', SWS_LANCZOS | SWS_ACCURATE_RND);
  }

  /** Fills `pixels` (width x height, RGBA). `aspect` is a pixel's own width over its height. */
  async render(from: Frame, aspect: number, pixels: Uint8ClampedArray): Promise<void> {
    const { sideways } = this.orientation;
    const [across, down] = sideways ? [this.height, this.width] : [this.width, this.height];
    const scale = Math.max(across / (from.width * aspect), down / from.height);
    const target = this.targetOf(
      Math.max(across, Math.round(from.width * aspect * scale)),
      Math.max(down, Math.round(from.height * scale)),
    );
    if (from.colorSpace === AVCOL_SPC_UNSPECIFIED)
      from.colorSpace = from.height >= HD_ROWS ? AVCOL_SPC_BT709 : AVCOL_SPC_BT470BG;
    must(await this.scaler.scaleFrame(target, from), 'a frame cannot be converted');
    const data = target.data?.[0];
    const stride = (target.linesize[0] ?? 0) / 4;
    if (data === undefined || stride < across) throw badMedia('a frame has no pixels');
    copyTurned(
      new Uint32Array(data.buffer, data.byteOffset, stride * target.height),
      stride,
      { left: (target.width - across) >> 1, top: (target.height - down) >> 1 },
      new Uint32Array(pixels.buffer, pixels.byteOffset, this.width * this.height),
      this.width,
      this.height,
      this.orientation,
    );
  }

  close(): void {
    this.target?.free();
    this.scaler.freeContext();
  }

  private targetOf(width: number, height: number): Frame {
    if (this.target?.width === width && this.target.height === height) return this.target;
    this.target?.free();
    const frame = new Frame();
    frame.alloc();
    frame.width = width;
    frame.height = height;
    frame.format = AV_PIX_FMT_RGBA;
    frame.colorSpace = AVCOL_SPC_RGB;
    frame.colorRange = AVCOL_RANGE_JPEG;
    must(frame.allocBuffer(), 'a frame cannot be allocated');
    this.target = frame;
    return frame;
  }
}

// How a camera was held: the display matrix of a track as one of the eight ways to turn and mirror a picture.

export interface Orientation {
  /** Width and height change places. */
  readonly sideways: boolean;
  /** Whether columns and rows are read backwards, after the sides have changed places. */
  readonly flipX: boolean;
  readonly flipY: boolean;
}

const UPRIGHT: Orientation = { sideways: false, flipX: false, flipY: false };

/** Upright where the file does not say. A turn that is no multiple of 90 degrees is rounded to one. */
export function orientationOf(stream: Stream): Orientation {
  const matrix = stream.codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix === null || matrix.length < 20) return UPRIGHT;
  // Rows of three 16.16 numbers: shown x = a x + c y, shown y = b x + d y.
  const [a, b, c, d] = [0, 1, 3, 4].map(at => matrix.readInt32LE(at * 4)) as [number, number, number, number];
  return Math.abs(b) + Math.abs(c) > Math.abs(a) + Math.abs(d)
    ? { sideways: true, flipX: c < 0, flipY: b < 0 }
    : { sideways: false, flipX: a < 0, flipY: d < 0 };
}

/**
 * Copies a part of `from` (rows of `stride` pixels) into `to`, which is `width` x `height` pixels as shown, turned upright. `left` and `top`
 * are the part's corner in `from`.
 */
export function copyTurned(
  from: Uint32Array,
  stride: number,
  { left, top }: { left: number; top: number },
  to: Uint32Array,
  width: number,
  height: number,
  { sideways, flipX, flipY }: Orientation,
): void {
  // Walking right in `to` walks `across` in `from`; walking down walks `down`.
  const across = (sideways ? stride : 1) * (flipX ? -1 : 1);
  const down = (sideways ? 1 : stride) * (flipY ? -1 : 1);
  let start = top * stride + left + (flipX ? -across * (width - 1) : 0) + (flipY ? -down * (height - 1) : 0);
  for (let y = 0, at = 0; y < height; y++, start += down)
    for (let x = 0, source = start; x < width; x++, at++, source += across) to[at] = from[source] as number;
}
