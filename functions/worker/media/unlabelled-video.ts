/**
 * A video as a source for another: the label that we burned into it is lifted, because the new video is labelled anew and two marks in one
 * place, or one that moves with the picture, would be worse than one. A video is taken for ours when its `AIGC` key names our producer and
 * the letters are really there; any other video stays as it is and gets our label over it. Nothing that comes out of here leaves
 * without a label.
 */

import { createCanvas } from '@napi-rs/canvas';
import type { MediaJob } from './job.ts';
import { placeLabel } from './label.ts';
import { openVideo, type VideoReader, type VideoSize } from './video-reader.ts';

/** `openVideo`, without our own label. `job` says what that label and its producer are. Throws MediaError `bad_media`. */
export async function openUnlabelled(
  path: string,
  size: VideoSize,
  job: Pick<MediaJob, 'label' | 'metadata'>,
): Promise<VideoReader> {
  const video = await openVideo(path, size);
  const { text } = job.label;
  const producer = producerOf(job.metadata);
  if (text === '' || producer === undefined || producerOf(video.metadata) !== producer) return video;
  const mask = maskOf(text, video, size);
  if (!looksLabelled(mask, await video.readFrame(0), size.width)) return video;
  return new UnlabelledVideo(video, mask, size.width);
}

class UnlabelledVideo implements VideoReader {
  readonly frames: number;
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  readonly metadata: VideoReader['metadata'];
  private readonly video: VideoReader;
  private readonly mask: LabelMask;
  private readonly stride: number;

  constructor(video: VideoReader, mask: LabelMask, stride: number) {
    this.frames = video.frames;
    this.durationSeconds = video.durationSeconds;
    this.width = video.width;
    this.height = video.height;
    this.metadata = video.metadata;
    this.video = video;
    this.mask = mask;
    this.stride = stride;
  }

  async readFrame(index: number): Promise<Uint8ClampedArray> {
    return liftLabel(this.mask, await this.video.readFrame(index), this.stride);
  }

  async lastFrame(): Promise<Uint8ClampedArray> {
    return liftLabel(this.mask, await this.video.lastFrame(), this.stride);
  }

  sound(sampleRate: number): ReturnType<VideoReader['sound']> {
    return this.video.sound(sampleRate);
  }

  close(): Promise<void> {
    return this.video.close();
  }
}

function producerOf(metadata: Readonly<Record<string, string>>): string | undefined {
  try {
    const mark: unknown = JSON.parse(metadata.AIGC ?? '');
    const producer = (mark as { ContentProducer?: unknown } | null)?.ContentProducer;
    return typeof producer === 'string' && producer !== '' ? producer : undefined;
  } catch {
    return undefined;
  }
}

// Taking our own label off a frame. The pill is see-through and its colour is known, so what lies under it comes back by arithmetic; what
// lay under the letters is lost and is filled from its surroundings. The new label covers the same letters again.

/** Everything within `left`, `top`, `width`, `height` of the frame, a row after another. */
export interface LabelMask {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and alpha of the label there. */
  readonly ink: Uint8ClampedArray;
  /** 1 where a letter, or the soft edge that coding leaves around it, hides the picture. */
  readonly hidden: Uint8Array;
}

/** Coding blurs the letters' edges by about this many pixels in a frame of 360 rows. */
const SOFT = 2 / 360;
/** A colour channel of the pill itself is at most 16: what is lighter has some letter in it. */
const LETTER = 40;
/** More opaque than this, nothing useful shines through. */
const OPAQUE = 0.75;
const SMOOTHINGS = 12;

/** Where the label of a video of `video`'s size lies in frames of `size`, which cover it around the middle. */
export function maskOf(
  text: string,
  video: { readonly width: number; readonly height: number },
  size: { readonly width: number; readonly height: number },
): LabelMask {
  const { pill, x, y } = placeLabel(text, video.width, video.height);
  const scale = Math.max(size.width / video.width, size.height / video.height);
  const soft = Math.max(1, Math.round(Math.min(size.width, size.height) * SOFT));
  const px = x * scale - (video.width * scale - size.width) / 2;
  const py = y * scale - (video.height * scale - size.height) / 2;
  const left = Math.max(0, Math.floor(px) - soft);
  const top = Math.max(0, Math.floor(py) - soft);
  const width = Math.max(1, Math.min(size.width, Math.ceil(px + pill.width * scale) + soft) - left);
  const height = Math.max(1, Math.min(size.height, Math.ceil(py + pill.height * scale) + soft) - top);
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(pill, px - left, py - top, pill.width * scale, pill.height * scale);
  const ink = context.getImageData(0, 0, width, height).data;
  return { left, top, width, height, ink, hidden: hiddenBy(ink, width, height, soft) };
}

function hiddenBy(ink: Uint8ClampedArray, width: number, height: number, soft: number): Uint8Array {
  const hidden = new Uint8Array(width * height);
  for (let at = 0; at < hidden.length; at++) {
    if ((ink[at * 4 + 3] as number) === 0 || (ink[at * 4] as number) < LETTER) continue;
    const x = at % width;
    const y = Math.floor(at / width);
    for (let ny = Math.max(0, y - soft); ny <= Math.min(height - 1, y + soft); ny++)
      hidden.fill(1, ny * width + Math.max(0, x - soft), ny * width + Math.min(width - 1, x + soft) + 1);
  }
  return hidden;
}

/** Whether the letters are there: their insides are all but white. */
export function looksLabelled(
  { left, top, width, ink }: LabelMask,
  pixels: Uint8ClampedArray,
  stride: number,
): boolean {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < ink.length / 4; at++) {
    if ((ink[at * 4 + 3] as number) < 240 || (ink[at * 4] as number) < 230) continue;
    const from = ((top + Math.floor(at / width)) * stride + left + (at % width)) * 4;
    sum += Math.min(pixels[from] as number, pixels[from + 1] as number, pixels[from + 2] as number);
    count++;
  }
  return count > 0 && sum / count > 205;
}

/** Lifts the label from RGBA `pixels` of rows of `stride`, in place, and returns them. */
export function liftLabel(mask: LabelMask, pixels: Uint8ClampedArray, stride: number): Uint8ClampedArray {
  const { left, top, width, height, ink, hidden } = mask;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const alpha = (ink[at * 4 + 3] as number) / 255;
      if (hidden[at] === 1 || alpha === 0 || alpha > OPAQUE) continue;
      const to = ((top + y) * stride + left + x) * 4;
      for (let channel = 0; channel < 3; channel++)
        pixels[to + channel] =
          ((pixels[to + channel] as number) - alpha * (ink[at * 4 + channel] as number)) / (1 - alpha);
    }
    bridgeRow(mask, pixels, stride, y);
  }
  for (let round = 0; round < SMOOTHINGS; round++) smoothHidden(mask, pixels, stride);
  return pixels;
}

/** Fills each hidden stretch of a row evenly between the pixels at its two ends. */
function bridgeRow(
  { left, top, width, hidden }: LabelMask,
  pixels: Uint8ClampedArray,
  stride: number,
  y: number,
): void {
  const row = (top + y) * stride + left;
  for (let x = 0; x < width; x++) {
    if (hidden[y * width + x] === 0) continue;
    let end = x;
    while (end < width && hidden[y * width + end] === 1) end++;
    const before = (row + Math.max(0, x - 1)) * 4;
    const after = (row + Math.min(width - 1, end)) * 4;
    for (let at = x; at < end; at++) {
      const share = (at - x + 1) / (end - x + 1);
      for (let channel = 0; channel < 3; channel++) {
        const from = pixels[before + channel] as number;
        pixels[(row + at) * 4 + channel] = from + ((pixels[after + channel] as number) - from) * share;
      }
    }
    x = end;
  }
}

/** Draws each hidden pixel towards its neighbours above and below, so that the rows' fillings agree. */
function smoothHidden(
  { left, top, width, height, hidden }: LabelMask,
  pixels: Uint8ClampedArray,
  stride: number,
): void {
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      if (hidden[y * width + x] === 0) continue;
      const at = ((top + y) * stride + left + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        const here = at + channel;
        pixels[here] =
          ((pixels[here - 4] as number) +
            (pixels[here + 4] as number) +
            (pixels[here - stride * 4] as number) +
            (pixels[here + stride * 4] as number)) /
          4;
      }
    }
  }
}
