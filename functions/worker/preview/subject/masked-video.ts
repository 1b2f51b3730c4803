/**
 * A video and what can be selected in it. Invariants:
 * - a mask is called `<key frame>-<number>`, both from 1, and is found again from the video alone by whoever asks for it;
 * - frames are counted at the clip's rate; 0 counts as 1, and what lies beyond the end as the last;
 * - a mask selected in one frame is followed through all of them.
 */
import { join } from 'node:path';
import { ImageData } from '@napi-rs/canvas';
import sharp from 'sharp';
import type { FrameSource, MaskFile, RenderOutput } from '../../media/frame-source.ts';
import { MediaError } from '../../media/media-error.ts';
import { openVideo, type VideoReader } from '../../media/video-reader.ts';
import type { MaskSelectionSource } from '../source.ts';
import { alphaOf, smallSize, type View, viewOf } from './alpha.ts';
import { labPlanes } from './colors.ts';
import { follow } from './follow.ts';
import { type Mask, type Segmentation, segment } from './segment.ts';

export interface FollowedMask {
  readonly name: string;
  /** The frame's index in which it was selected. */
  readonly key: number;
  /** 1 where selected, of the small size. */
  chosen(index: number): Uint8Array;
  /** 0 to 255, of the clip's size, in an array that the next call uses again; `pixels` are the untouched frame's. */
  alpha(index: number, pixels: Uint8ClampedArray): Uint8Array;
}

/** Where a selection is, in fractions of a small pixel. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is meant by a name where the frame has nothing that is called so. */
const ALIKE: Readonly<Record<string, string>> = { sky: 'upper', ground: 'lower' };
/** Frames before and after over which a box's way is smoothed. */
const SMOOTH = 3;
/** A box leaves out this share of stray pixels at each side. */
const STRAY = 0.01;

export class MaskedVideo {
  readonly reader: VideoReader;
  readonly view: View;
  /** Every frame at the small size, RGBA. */
  readonly small: readonly Uint8ClampedArray[];
  private readonly studies = new Map<number, { start: Segmentation; labels: Uint8Array[] }>();

  private constructor(reader: VideoReader, view: View, small: readonly Uint8ClampedArray[]) {
    this.reader = reader;
    this.view = view;
    this.small = small;
  }

  /** Throws MediaError `bad_media`. */
  static async open(path: string, { format, openVideo: open }: RenderOutput): Promise<MaskedVideo> {
    const reader = await open(path, format);
    const little = await open(path, { ...smallSize(reader.width, reader.height), fps: format.fps });
    const small: Uint8ClampedArray[] = [];
    for (let index = 0; index < reader.frames; index++) small.push((await little.readFrame(index)).slice());
    await little.close();
    return new MaskedVideo(reader, viewOf(format.width, format.height, reader.width, reader.height), small);
  }

  /** The frame's index within the video. */
  within(index: number): number {
    return Math.min(this.small.length - 1, Math.max(0, index));
  }

  /** Throws MediaError `bad_mask` where the video has no such mask. */
  mask(maskId: string): FollowedMask {
    const [, keyframe = '', number = ''] = /^(\d{1,7})-(\d{1,3})$/.exec(maskId) ?? [];
    const key = this.within(Number(keyframe) - 1);
    const mask = keyframe === '' ? undefined : this.study(key).start.masks[Number(number) - 1];
    if (!mask) throw new MediaError('bad_mask', `the video has no mask ${maskId}`);
    return this.followed(key, mask);
  }

  /** What the first frame shows under this name; where it has no such thing and there is `need`, what stands out of it. */
  named(name: string, need: boolean): FollowedMask | undefined {
    if (name === '' && !need) return undefined;
    const { masks } = this.study(0).start;
    const found = masks.find(mask => mask.name === name) ?? masks.find(mask => mask.name.includes(ALIKE[name] ?? '\0'));
    const mask = found ?? (need || name === 'subject' ? masks[0] : undefined);
    return mask && this.followed(0, mask);
  }

  /** The box of a selection in each frame, without jerks; where nothing is selected, the nearest frame's. */
  boxesOf(mask: FollowedMask): Box[] {
    const seen = this.small.map((_, index) => boxOf(mask.chosen(index), this.view.smallWidth));
    const known = seen.map((box, index) => {
      for (let away = 0; !box && away < seen.length; away++) box = seen[index - away] ?? seen[index + away];
      return box ?? { x: 0, y: 0, width: 2, height: 2 };
    });
    return known.map((_, index) => {
      // As far before as after, or the ends would lag behind the motion.
      const reach = Math.min(SMOOTH, index, known.length - 1 - index);
      const near = known.slice(index - reach, index + reach + 1);
      const mean = (of: (box: Box) => number): number => near.reduce((sum, box) => sum + of(box), 0) / near.length;
      return {
        x: mean(box => box.x),
        y: mean(box => box.y),
        width: mean(box => box.width),
        height: mean(box => box.height),
      };
    });
  }

  private followed(key: number, mask: Mask): FollowedMask {
    const { labels } = this.study(key);
    const alpha = new Uint8Array(this.view.width * this.view.height);
    const chosen = (index: number): Uint8Array =>
      (labels[this.within(index)] as Uint8Array).map(label => (mask.parts.includes(label) ? 1 : 0));
    return {
      name: mask.name,
      key,
      chosen,
      alpha: (index, pixels) =>
        alphaOf(this.view, chosen(index), this.small[this.within(index)] as Uint8ClampedArray, pixels, alpha),
    };
  }

  private study(key: number): { start: Segmentation; labels: Uint8Array[] } {
    const known = this.studies.get(key);
    if (known) return known;
    const { smallWidth, smallHeight } = this.view;
    const start = segment(labPlanes(this.small[key] as Uint8ClampedArray, smallWidth, smallHeight));
    const study = { start, labels: follow(this.small, key, start) };
    this.studies.set(key, study);
    return study;
  }
}

/** Undefined where nothing is selected. */
function boxOf(chosen: Uint8Array, width: number): Box | undefined {
  const columns: number[] = [];
  const rows: number[] = [];
  for (let at = 0; at < chosen.length; at++) {
    if (chosen[at] === 0) continue;
    columns.push(at % width);
    rows.push(Math.floor(at / width));
  }
  if (rows.length === 0) return undefined;
  columns.sort((one, other) => one - other);
  const cut = Math.floor(rows.length * STRAY);
  const [left, right] = [columns[cut] as number, columns[columns.length - 1 - cut] as number];
  const [top, bottom] = [rows[cut] as number, rows[rows.length - 1 - cut] as number];
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * Mask selection: a clip of one frame, the key frame as it is, and `mask-<id>.png` for each mask that was found in it: white is selected,
 * black is not. Throws MediaError `bad_media`.
 */
export async function selectMasks(
  { videoPath, keyframe }: MaskSelectionSource,
  output: RenderOutput,
): Promise<FrameSource> {
  const { width, height, fps } = output.format;
  const reader = await openVideo(videoPath, { width, height, fps });
  const size = smallSize(reader.width, reader.height);
  const little = await output.openVideo(videoPath, { ...size, fps });
  const index = Math.min(reader.frames, Math.max(1, keyframe)) - 1;
  const pixels = (await reader.readFrame(index)).slice();
  const small = (await little.readFrame(index)).slice();
  const view = viewOf(width, height, reader.width, reader.height);
  await Promise.all([reader.close(), little.close()]);
  const { labels, masks } = segment(labPlanes(small, size.width, size.height));
  const files = await Promise.all(
    masks.map(async ({ name, parts }, number): Promise<MaskFile> => {
      const maskId = `${index + 1}-${number + 1}`;
      const path = join(output.directory, `mask-${maskId}.png`);
      const chosen = labels.map(label => (parts.includes(label) ? 1 : 0));
      const alpha = alphaOf(view, chosen, small, pixels, new Uint8Array(width * height));
      await sharp(
        alpha.map(value => (value > 127 ? 255 : 0)),
        { raw: { width, height, channels: 1 } },
      )
        .toColourspace('b-w')
        .png()
        .toFile(path);
      return { maskId, name, path };
    }),
  );
  const image = new ImageData(new Uint8ClampedArray(pixels), width, height);
  return {
    scene: 'key frame',
    untouched: true,
    masks: files,
    paint(_, { context }) {
      context.putImageData(image, 0, 0);
    },
  };
}
