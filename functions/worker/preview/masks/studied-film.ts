/**
 * A film and what can be chosen in it. Invariants:
 * - a mask is called `<key frame>-<number>`, both from 1, and is found again from the film alone by whoever asks for it;
 * - frames are counted at the clip's rate; 0 counts as 1, and what lies beyond the end as the last;
 * - a mask chosen in one frame is followed through all of them.
 */

import type { RenderOutput } from '../../media/frame-source.ts';
import { MediaError } from '../../media/media-error.ts';
import type { VideoReader } from '../../media/video-reader.ts';
import { follow } from './follow.ts';
import { labPlanes } from './lab-planes.ts';
import { lift } from './lift.ts';
import { type Mask, type Segmentation, segment } from './segmentation.ts';
import { smallSize, type View, viewOf } from './view.ts';

export interface FollowedMask {
  readonly name: string;
  /** The frame's index in which it was chosen. */
  readonly key: number;
  /** 1 where chosen, of the small size. */
  chosen(index: number): Uint8Array;
  /** 0 to 255, of the clip's size, in an array that the next call uses again; `pixels` are the untouched frame's. */
  alpha(index: number, pixels: Uint8ClampedArray): Uint8Array;
}

/** What is meant by a name where the frame has nothing that is called so. */
const ALIKE: Readonly<Record<string, string>> = { sky: 'upper', ground: 'lower' };

export class StudiedFilm {
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
  static async open(path: string, output: RenderOutput): Promise<StudiedFilm> {
    const size = output.format;
    const reader = await output.openVideo(path, size);
    const little = await output.openVideo(path, { ...smallSize(reader.width, reader.height), fps: size.fps });
    const small: Uint8ClampedArray[] = [];
    for (let index = 0; index < reader.frames; index++) small.push((await little.readFrame(index)).slice());
    await little.close();
    return new StudiedFilm(reader, viewOf(size.width, size.height, reader.width, reader.height), small);
  }

  /** The frame's index within the film. */
  within(index: number): number {
    return Math.min(this.small.length - 1, Math.max(0, index));
  }

  /** Throws MediaError `bad_mask` where the film has no such mask. */
  mask(maskId: string): FollowedMask {
    const [, keyframe = '', number = ''] = /^(\d{1,7})-(\d{1,3})$/.exec(maskId) ?? [];
    const key = this.within(Number(keyframe) - 1);
    const mask = keyframe === '' ? undefined : this.study(key).start.masks[Number(number) - 1];
    if (!mask) throw new MediaError('bad_mask', `the film has no mask ${maskId}`);
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

  private followed(key: number, mask: Mask): FollowedMask {
    const { labels } = this.study(key);
    const alpha = new Uint8Array(this.view.width * this.view.height);
    const isChosen = Uint8Array.from({ length: 256 }, (_, label) => (mask.parts.includes(label) ? 1 : 0));
    const chosen = (index: number): Uint8Array => {
      const own = labels[this.within(index)] as Uint8Array;
      const out = new Uint8Array(own.length);
      for (let at = 0; at < own.length; at++) out[at] = isChosen[own[at] as number] as number;
      return out;
    };
    return {
      name: mask.name,
      key,
      chosen,
      alpha: (index, pixels) =>
        lift(this.view, chosen(index), this.small[this.within(index)] as Uint8ClampedArray, pixels, alpha),
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
