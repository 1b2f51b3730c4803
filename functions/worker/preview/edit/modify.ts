/**
 * Modify: a film changed as words say, within the masks that were chosen, with the pictures that came along. The words are read once as
 * edits; each edit then paints over every frame, one after the other.
 */
import { ImageData } from '@napi-rs/canvas';
import { SAMPLE_RATE } from '../../media/audio-reader.ts';
import type { FrameSource, RenderOutput } from '../../media/frame-source.ts';
import { fittedStereo } from '../../media/plain-video.ts';
import { putIn } from '../masks/put-in.ts';
import { type FollowedMask, StudiedFilm } from '../masks/studied-film.ts';
import { toneOf } from '../masks/tone.ts';
import { Random } from '../random.ts';
import type { ModifySource } from '../source.ts';
import { mood, recolour, relight } from './color-edits.ts';
import type { Alpha, EditFrame, Painter } from './edit-frame.ts';
import type { Floor, Targets } from './floor.ts';
import { glow, place, write } from './overlay-edits.ts';
import { type Edit, readEdits } from './read-edits.ts';
import { remove } from './remove.ts';
import { sprinkle, weather } from './sprinkle.ts';
import { hide, restyle } from './surface-edits.ts';

/** Throws MediaError `bad_media`, `bad_image` or `bad_mask`. */
export async function modifyFilm(source: ModifySource, output: RenderOutput): Promise<FrameSource> {
  const { width, height, fps } = output.format;
  const { prompt, seed, maskIds, imagePaths } = source;
  const film = await StudiedFilm.open(source.videoPath, output);
  const masks = maskIds.map(maskId => film.mask(maskId));
  const first = new Uint32Array((await film.reader.readFrame(0)).slice().buffer);
  const floor: Floor = {
    ...{ film, width, height, fps, seed, imagePaths },
    frames: film.small.length,
    random: new Random(seed, 'modify'),
    first: { pixels: first, width, height },
  };
  const edits = readEdits(prompt, masks.length, imagePaths.length);
  const steps: Step[] = [];
  // One at a time: some look through the film, which is read from one place only.
  for (const edit of edits) steps.push(await stepOf(edit, floor, targetsOf(edit, masks, film)));
  const image = new ImageData(width, height);
  const original = image.data.slice();
  const heard = await film.reader.sound(SAMPLE_RATE);
  return {
    scene: `film with ${edits.map(({ operation }) => operation).join(', ')}`,
    ...(heard && { sound: (_rate: number, samples: number) => fittedStereo(heard, samples) }),
    async paint(index, { context }) {
      original.set(await film.reader.readFrame(index));
      image.data.set(original);
      const frame = { index: film.within(index), time: index / fps, width, height, pixels: image.data, original };
      for (const { paint, targets } of steps) paint(frame, alphaOf(targets, frame));
      context.putImageData(image, 0, 0);
    },
  };
}

interface Step {
  readonly paint: Painter;
  readonly targets: Targets;
}

/** The masks of the edit; where none were chosen, what its words name, as the film's first frame shows it. */
function targetsOf({ masks, named, operation }: Edit, chosen: readonly FollowedMask[], film: StudiedFilm): Targets {
  if (masks.length > 0) return masks.map(index => chosen[index] as FollowedMask);
  const inNeed = operation === 'remove' || operation === 'replace' || operation === 'glow';
  const found = film.named(named ?? (inNeed ? 'subject' : ''), inNeed);
  return found ? [found] : [];
}

async function stepOf(edit: Edit, floor: Floor, targets: Targets): Promise<Step> {
  const { film, seed } = floor;
  switch (edit.operation) {
    case 'remove':
      return { paint: await remove(floor, targets), targets };
    case 'replace': {
      const puts = await Promise.all(
        targets.map((target, at) => {
          const picture = edit.pictures[Math.min(at, edit.pictures.length - 1)] ?? 0;
          return putIn(film, target, floor.imagePaths[picture] ?? '');
        }),
      );
      const paint: Painter = frame => {
        for (const [at, put] of puts.entries())
          put(frame.index, frame.pixels, (targets[at] as FollowedMask).alpha(frame.index, frame.original));
      };
      return together([paint, ...(await rest(edit, floor, targets, targets.length))], targets);
    }
    case 'add':
      if (edit.pictures.length === 0) return { paint: sprinkle(edit, floor), targets };
      return together(await rest(edit, floor, targets, 0), targets);
    case 'recolour':
      return { paint: recolour(edit, seed, meanOf(floor, targets)), targets };
    case 'light':
      return { paint: relight(edit), targets };
    case 'restyle':
      return { paint: restyle(edit, floor), targets };
    case 'hide':
      return { paint: hide(edit, floor), targets };
    case 'weather':
      return { paint: weather(edit, floor), targets };
    case 'write':
      return { paint: write(edit, floor, targets), targets };
    case 'glow':
      return { paint: glow(edit, floor), targets };
    case 'mood':
      return { paint: mood(edit.text, seed), targets };
  }
}

/** The edit's pictures from number `from` on, put beside. */
function rest(edit: Edit, floor: Floor, targets: Targets, from: number): Promise<Painter[]> {
  return Promise.all(
    edit.pictures
      .slice(from)
      .map((picture, at) => place({ ...edit, pictures: edit.pictures.slice(from + at) }, floor, targets, picture)),
  );
}

function together(painters: readonly Painter[], targets: Targets): Step {
  return { targets, paint: (frame, alpha) => painters.forEach(paint => void paint(frame, alpha)) };
}

function meanOf({ film }: Floor, [target]: Targets): readonly [number, number, number] {
  const chosen = target?.chosen(target.key);
  return toneOf(film.small[target?.key ?? 0] as Uint8ClampedArray, pixel => (chosen ? (chosen[pixel] as number) : 1))
    .mean;
}

/** What all targets select together; undefined, which is everything, without targets. */
function alphaOf(targets: Targets, { index, original }: EditFrame): Alpha {
  const [first, ...others] = targets.map(target => target.alpha(index, original));
  for (const other of others)
    for (let at = 0; at < other.length; at++)
      if (first && (other[at] as number) > (first[at] as number)) first[at] = other[at] as number;
  return first;
}
