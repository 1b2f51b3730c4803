/**
 * Taking something out of a film: what stood behind it is shown where other frames have seen it and the camera stands still, and is filled
 * from around it where none has.
 */
import { smoothstep } from '../curves.ts';
import { fillHole } from '../masks/fill.ts';
import { spread } from '../masks/label-maps.ts';
import type { FollowedMask, StudiedFilm } from '../masks/studied-film.ts';
import type { Alpha, EditFrame, Painter } from './edit-frame.ts';
import type { Floor, Targets } from './floor.ts';

/** Frames that are looked into for what stood behind. */
const LOOKS = 11;
/** Small pixels beyond the mask that still have something of it: its shadow, its blur. */
const BEYOND = 4.5;
/** Levels by which a place beside the hole may differ between two frames and still be the same place. */
const SAME = 9;
/** A mask of more than this share of the frame is what lies behind: taken out, it leaves an empty wall. */
const WALL = 0.45;

/** Throws MediaError `bad_media`. */
export async function remove({ film, width, height, frames }: Floor, targets: Targets): Promise<Painter> {
  const plate = await plateOf(film, targets, frames, width, height);
  return frame => {
    const hole = holeAt(film, targets, frame.index, width, height);
    if (!hole) return;
    if (shareOf(targets, frame.index) > WALL) return wall(frame, hole);
    const steady = isSteady(frame, plate, hole);
    const left = hole.map((open, at) => (steady && plate.known[at] === 1 ? 0 : open));
    if (steady)
      for (let at = 0; at < hole.length; at++) {
        if (plate.known[at] === 0) continue;
        const share = (hole[at] as number) / 255;
        for (let channel = 0; channel < 3; channel++) {
          const own = frame.pixels[at * 4 + channel] as number;
          frame.pixels[at * 4 + channel] = own + ((plate.rgba[at * 4 + channel] as number) - own) * share;
        }
      }
    fillHole(frame.pixels, left, width, height);
  };
}

interface Plate {
  readonly rgba: Uint8ClampedArray;
  /** 1 where some frame has seen it. */
  readonly known: Uint8Array;
}

/** Of every pixel the middle one of what was seen there when nothing stood before it. */
async function plateOf(
  film: StudiedFilm,
  targets: Targets,
  frames: number,
  width: number,
  height: number,
): Promise<Plate> {
  const looks: { pixels: Uint8ClampedArray; hole: Alpha }[] = [];
  const wanted = new Set(Array.from({ length: LOOKS }, (_, look) => Math.round((look * (frames - 1)) / (LOOKS - 1))));
  for (const index of wanted)
    looks.push({
      pixels: (await film.reader.readFrame(index)).slice(),
      hole: holeAt(film, targets, index, width, height),
    });
  const rgba = new Uint8ClampedArray(width * height * 4);
  const known = new Uint8Array(width * height);
  const seen: number[] = [];
  for (let at = 0; at < known.length; at++) {
    const clear = looks.filter(({ hole }) => !hole || hole[at] === 0);
    if (clear.length === 0) continue;
    known[at] = 1;
    for (let channel = 0; channel < 3; channel++) {
      seen.length = 0;
      for (const { pixels } of clear) seen.push(pixels[at * 4 + channel] as number);
      seen.sort((one, other) => one - other);
      rgba[at * 4 + channel] = seen[seen.length >> 1] as number;
    }
  }
  return { rgba, known };
}

/** Whether what lies about the hole is now as it is on the plate: then the camera has not moved, and the plate fits. */
function isSteady({ original, width, height }: EditFrame, { rgba, known }: Plate, hole: Uint8Array): boolean {
  let [sum, count] = [0, 0];
  const reach = Math.max(4, Math.round(Math.min(width, height) * 0.03));
  for (let y = reach; y < height - reach; y += 2)
    for (let x = reach; x < width - reach; x += 2) {
      const at = y * width + x;
      if (hole[at] !== 0 || known[at] === 0) continue;
      const beside = hole[at - reach] || hole[at + reach] || hole[at - reach * width] || hole[at + reach * width];
      if (!beside) continue;
      count++;
      for (let channel = 0; channel < 3; channel++)
        sum += Math.abs((original[at * 4 + channel] as number) - (rgba[at * 4 + channel] as number)) / 3;
    }
  return count === 0 || sum / count < SAME;
}

/** The masks and what is about them, 0 to 255 of the frame's size; undefined where nothing is selected. */
function holeAt(
  film: StudiedFilm,
  targets: Targets,
  index: number,
  width: number,
  height: number,
): Uint8Array | undefined {
  const { view } = film;
  const chosen = union(targets, index);
  if (!chosen.includes(1)) return undefined;
  const away = spread(chosen, 1, view.smallWidth, view.smallHeight, BEYOND + 2);
  const soft = away.map(distance => 255 * smoothstep(BEYOND, BEYOND - 1.5, distance));
  const out = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const py = Math.min(view.smallHeight - 1.001, Math.max(0, view.smallY(y)));
    const row = Math.floor(py) * view.smallWidth;
    const fy = py % 1;
    for (let x = 0; x < width; x++, at++) {
      const px = Math.min(view.smallWidth - 1.001, Math.max(0, view.smallX[x] as number));
      const from = row + (px | 0);
      const a = soft[from] as number;
      const b = soft[from + 1] as number;
      const c = soft[from + view.smallWidth] as number;
      const d = soft[from + view.smallWidth + 1] as number;
      if (a + b + c + d === 0) continue;
      const fx = px % 1;
      out[at] = (a + (b - a) * fx) * (1 - fy) + (c + (d - c) * fx) * fy;
    }
  }
  return out;
}

function union(targets: readonly FollowedMask[], index: number): Uint8Array {
  const [first, ...others] = targets.map(target => target.chosen(index));
  const out = new Uint8Array(first ?? new Uint8Array(0));
  for (const other of others) for (let at = 0; at < out.length; at++) if (other[at] === 1) out[at] = 1;
  return out;
}

function shareOf(targets: Targets, index: number): number {
  const chosen = union(targets, index);
  return chosen.reduce((sum, value) => sum + value, 0) / Math.max(1, chosen.length);
}

/** An even light wall in place of a background. */
function wall({ pixels, width, height }: EditFrame, hole: Uint8Array): void {
  for (let at = 0; at < hole.length; at++) {
    const share = (hole[at] as number) / 255;
    const y = Math.floor(at / width) / height;
    const x = (at % width) / width - 0.5;
    const tone = 236 - 26 * y - 34 * x * x;
    for (let channel = 0; channel < 3; channel++) {
      const own = pixels[at * 4 + channel] as number;
      pixels[at * 4 + channel] = own + (tone + channel * 2 - own) * share;
    }
  }
}
