/** Decoded frames to RGBA pixels at a wanted size: scaled to cover it, cropped around the middle, turned upright. */
import {
  AV_PIX_FMT_RGBA,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_RGB,
  AVCOL_SPC_UNSPECIFIED,
  SWS_ACCURATE_RND,
  SWS_LANCZOS,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { badMedia, must } from './media-input.ts';
import { copyTurned, type Orientation } from './orientation.ts';

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
