/**
 * Modify: a video changed as words say, within the masks that were selected, with the pictures that came along. The words are read once as
 * edits; each edit then paints over every frame, one after the other.
 */
import { ImageData } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { fittedStereo } from '../../media/plain-video.ts';
import { Random } from '../drawing/random.ts';
import type { ModifySource } from '../source.ts';
import { type FollowedMask, MaskedVideo } from '../subject/masked-video.ts';
import { putIn } from '../subject/swap.ts';
import { mood, recolour, relight } from './color-edits.ts';
import { addThings, glow, hide, place, restyle, weather, write } from './paint-edits.ts';
import { type Edit, readEdits } from './read-edits.ts';
import { remove } from './remove.ts';
import { alphaOf, type Painter, type Stage, type Targets } from './stage.ts';

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
