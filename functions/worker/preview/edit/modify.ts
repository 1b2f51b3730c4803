/**
 * Modify: a video changed as words say, within the masks that were selected, with the pictures that came along. The words are read once as
 * edits; each edit then paints over every frame, one after the other.
 */
import { createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { fittedStereo } from '../../media/plain-video.ts';
import { Random } from '../drawing/random.ts';
import type { DecodedImage } from '../image/open-image.ts';
import type { ModifySource } from '../source.ts';
import { type FollowedMask, MaskedVideo } from '../subject/masked-video.ts';
import { putIn } from '../subject/swap.ts';
import { mood, recolour, relight } from './color-edits.ts';
import { addThings, glow, hide, place, restyle, weather, write } from './paint-edits.ts';
import { type Edit, readEdits } from './read-edits.ts';
import { remove } from './remove.ts';

/** Throws MediaError `bad_media`, `bad_image` or `bad_mask`. */
export async function modifyVideo(source: ModifySource, output: RenderOutput): Promise<FrameSource> {
  const { width, height, fps } = output.format;
  const { prompt, seed, maskIds, imagePaths } = source;
  const video = await MaskedVideo.open(source.videoPath, output);
  const masks = maskIds.map(maskId => video.mask(maskId));
  const first = new Uint32Array((await video.reader.readFrame(0)).slice().buffer);
  const stage: Stage = {
    video,
    width,
    height,
    seed,
    imagePaths,
    frames: video.small.length,
    random: new Random(seed, 'modify'),
    first: { pixels: first, width, height },
  };
  const edits = readEdits(prompt, masks.length, imagePaths.length);
  const steps: Step[] = [];
  // One at a time: some look through the video, which is read from one place only.
  for (const edit of edits) steps.push(await stepOf(edit, stage, targetsOf(edit, masks, video)));
  const image = new ImageData(width, height);
  const original = image.data.slice();
  const heard = await video.reader.sound(SAMPLE_RATE);
  return {
    scene: `video with ${edits.map(({ operation }) => operation).join(', ')}`,
    ...(heard && { sound: (_rate: number, samples: number) => fittedStereo(heard, samples) }),
    async paint(index, { context }) {
      original.set(await video.reader.readFrame(index));
      image.data.set(original);
      const frame = { index: video.within(index), time: index / fps, width, height, pixels: image.data, original };
      for (const { paint, targets } of steps) paint(frame, alphaOf(targets, index, original));
      context.putImageData(image, 0, 0);
    },
  };
}

interface Step {
  readonly paint: Painter;
  readonly targets: Targets;
}

/** The masks of the edit; where none were selected, what its words name, as the video's first frame shows it. */
function targetsOf({ masks, named, operation }: Edit, chosen: readonly FollowedMask[], video: MaskedVideo): Targets {
  if (masks.length > 0) return masks.map(index => chosen[index] as FollowedMask);
  const inNeed = operation === 'remove' || operation === 'replace' || operation === 'glow';
  const found = video.named(named ?? (inNeed ? 'subject' : ''), inNeed);
  return found ? [found] : [];
}

async function stepOf(edit: Edit, stage: Stage, targets: Targets): Promise<Step> {
  switch (edit.operation) {
    case 'remove':
      return { paint: await remove(stage, targets), targets };
    case 'replace': {
      const puts = await Promise.all(
        targets.map((target, at) => {
          const picture = edit.pictures[Math.min(at, edit.pictures.length - 1)] ?? 0;
          return putIn(stage.video, target, stage.imagePaths[picture] ?? '');
        }),
      );
      const paint: Painter = frame => {
        for (const [at, put] of puts.entries())
          put(frame.index, frame.pixels, (targets[at] as FollowedMask).alpha(frame.index, frame.original));
      };
      return together([paint, ...(await rest(edit, stage, targets, targets.length))], targets);
    }
    case 'add':
      if (edit.pictures.length === 0) return { paint: addThings(edit, stage), targets };
      return together(await rest(edit, stage, targets, 0), targets);
    case 'recolour':
      return { paint: recolour(edit, stage, targets), targets };
    case 'light':
      return { paint: relight(edit), targets };
    case 'restyle':
      return { paint: restyle(edit, stage), targets };
    case 'hide':
      return { paint: hide(edit, stage), targets };
    case 'weather':
      return { paint: weather(edit, stage), targets };
    case 'write':
      return { paint: write(edit, stage, targets), targets };
    case 'glow':
      return { paint: glow(edit, stage), targets };
    case 'mood':
      return { paint: mood(edit.text, stage.seed), targets };
  }
}

/** The edit's pictures from number `from` on, put beside. */
function rest(edit: Edit, stage: Stage, targets: Targets, from: number): Promise<Painter[]> {
  return Promise.all(
    edit.pictures
      .slice(from)
      .map((picture, at) => place({ ...edit, pictures: edit.pictures.slice(from + at) }, stage, targets, picture)),
  );
}

function together(painters: readonly Painter[], targets: Targets): Step {
  return { targets, paint: (frame, alpha) => painters.forEach(paint => void paint(frame, alpha)) };
}

// A frame that edits work on, and how what they draw comes into it only where they may.

export interface EditFrame {
  readonly index: number;
  /** Seconds from the video's beginning. */
  readonly time: number;
  readonly width: number;
  readonly height: number;
  /** RGBA, changed in place by one edit after the other. */
  readonly pixels: Uint8ClampedArray;
  /** The video's own, which no edit changes. */
  readonly original: Uint8ClampedArray;
}

/** 0 to 255 a pixel; undefined is the whole frame. */
export type Alpha = Uint8Array | undefined;

export type Painter = (frame: EditFrame, alpha: Alpha) => void;

/** What every edit is made with: the video, its size and colours, and the chance that the seed gives. */
export interface Stage {
  readonly video: MaskedVideo;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly seed: number;
  readonly random: Random;
  /** The video's first frame, at the clip's size. */
  readonly first: DecodedImage;
  /** Absolute paths, by number. */
  readonly imagePaths: readonly string[];
}

/** What an edit works on: masks followed through the video; none is the whole frame. */
export type Targets = readonly FollowedMask[];

/** What all targets select together; undefined, which is everything, without targets. */
export function alphaOf(targets: Targets, index: number, original: Uint8ClampedArray): Alpha {
  const [first, ...others] = targets.map(target => target.alpha(index, original));
  for (const other of others)
    for (let at = 0; at < other.length; at++)
      if (first && (other[at] as number) > (first[at] as number)) first[at] = other[at] as number;
  return first;
}

/** Lays `edited` over the frame where `alpha` says. */
export function blendIn({ pixels }: EditFrame, edited: Uint8ClampedArray, alpha: Alpha): void {
  if (!alpha) {
    pixels.set(edited);
    return;
  }
  for (let at = 0, from = 0; at < alpha.length; at++, from += 4) {
    const share = (alpha[at] as number) / 255;
    if (share === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const own = pixels[from + channel] as number;
      pixels[from + channel] = own + ((edited[from + channel] as number) - own) * share;
    }
  }
}

/** A transparent sheet of the frame's size, used again from frame to frame. */
export class Sheet {
  private readonly context: SKRSContext2D;

  constructor(width: number, height: number) {
    this.context = createCanvas(width, height).getContext('2d');
  }

  /** Draws on the empty sheet and lays what was drawn over the frame where `alpha` says. */
  draw(frame: EditFrame, alpha: Alpha, paint: (context: SKRSContext2D) => void): void {
    const { width, height, pixels } = frame;
    this.context.clearRect(0, 0, width, height);
    this.context.save();
    paint(this.context);
    this.context.restore();
    const { data } = this.context.getImageData(0, 0, width, height);
    for (let at = 0; at < data.length; at += 4) {
      const ink = data[at + 3] as number;
      if (ink === 0) continue;
      const share = (ink / 255) * (alpha ? (alpha[at >> 2] as number) / 255 : 1);
      for (let channel = 0; channel < 3; channel++) {
        const own = pixels[at + channel] as number;
        pixels[at + channel] = own + ((data[at + channel] as number) - own) * share;
      }
    }
  }
}
