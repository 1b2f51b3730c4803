/**
 * Taking something out of a video: what stood behind it is shown where other frames have seen it and the camera stands still, and is filled
 * from around it where none has.
 */
import { boxBlur } from '../drawing/planes.ts';
import { fillHole } from '../subject/fill.ts';
import { type Alpha, alphaOf, type EditFrame, type Painter, type Stage, type Targets } from './stage.ts';

/** Frames that are looked into for what stood behind. */
const LOOKS = 9;
/** What still has something of it beyond the mask, its shadow and its blur, as a share of the shorter side. */
const BEYOND = 0.03;
/** Levels by which a place outside the hole may differ between two frames and still be the same place. */
const SAME = 9;
/** A mask of more than this share of the frame is what lies behind: taken out, it leaves an empty wall. */
const WALL = 0.45;

interface Plate {
  readonly rgba: Uint8ClampedArray;
  /** 1 where some frame has seen it. */
  readonly known: Uint8Array;
}

/** Throws MediaError `bad_media`. */
export async function remove(stage: Stage, targets: Targets): Promise<Painter> {
  const plate = await plateOf(stage, targets);
  return (frame, alpha) => {
    const hole = holeOf(alpha, frame);
    if (!hole) return;
    if (hole.reduce((sum, open) => sum + open, 0) > WALL * 255 * hole.length) return wall(frame, hole);
    if (!isSteady(frame, plate, hole)) return fillHole(frame.pixels, hole, frame.width, frame.height);
    const unknown = hole.map((open, at) => (plate.known[at] === 1 ? 0 : open));
    for (let at = 0; at < hole.length; at++)
      if (plate.known[at] === 1) lay(frame.pixels, at, (hole[at] as number) / 255, plate.rgba);
    if (unknown.some(open => open > 0)) fillHole(frame.pixels, unknown, frame.width, frame.height);
  };
}

function lay(pixels: Uint8ClampedArray, at: number, share: number, from: ArrayLike<number>): void {
  for (let to = at * 4; to < at * 4 + 3; to++) {
    const own = pixels[to] as number;
    pixels[to] = own + ((from[to] as number) - own) * share;
  }
}

/** Of every pixel the middle one of what was seen there when nothing stood before it. */
async function plateOf({ video, frames, width, height }: Stage, targets: Targets): Promise<Plate> {
  const looks: { pixels: Uint8ClampedArray; hole: Alpha }[] = [];
  const wanted = new Set(Array.from({ length: LOOKS }, (_, look) => Math.round((look * (frames - 1)) / (LOOKS - 1))));
  for (const index of wanted) {
    const pixels = (await video.reader.readFrame(index)).slice();
    looks.push({ pixels, hole: holeOf(alphaOf(targets, index, pixels), { width, height }) });
  }
  const rgba = new Uint8ClampedArray(width * height * 4);
  const known = new Uint8Array(width * height);
  for (let at = 0; at < known.length; at++) {
    const clear = looks.filter(({ hole }) => !hole || hole[at] === 0);
    if (clear.length === 0) continue;
    known[at] = 1;
    for (let to = at * 4; to < at * 4 + 3; to++) {
      const seen = clear.map(({ pixels }) => pixels[to] as number).sort((one, other) => one - other);
      rgba[to] = seen[seen.length >> 1] as number;
    }
  }
  return { rgba, known };
}

/** Whether what is not taken out is now as it is on the plate: then the camera has not moved, and the plate fits. */
function isSteady({ original }: EditFrame, { rgba, known }: Plate, hole: Uint8Array): boolean {
  let [sum, count] = [0, 0];
  for (let at = 0; at < hole.length; at += 7) {
    if (hole[at] !== 0 || known[at] === 0) continue;
    count++;
    for (let to = at * 4; to < at * 4 + 3; to++) sum += Math.abs((original[to] as number) - (rgba[to] as number)) / 3;
  }
  return count === 0 || sum / count < SAME;
}

/** The selection and what is about it; undefined where nothing is selected. */
function holeOf(alpha: Alpha, { width, height }: { width: number; height: number }): Uint8Array | undefined {
  if (!alpha?.some(share => share > 0)) return undefined;
  const radius = Math.max(2, Math.round(BEYOND * Math.min(width, height)));
  const wide = Float32Array.from(alpha);
  boxBlur(wide, { width, height }, radius, wide, new Float32Array(wide.length));
  return Uint8Array.from(wide, share => Math.min(255, share * 60));
}

/** An even light wall in place of a background. */
function wall({ pixels, width, height }: EditFrame, hole: Uint8Array): void {
  const tones = new Float32Array(width * height * 4);
  for (let at = 0; at < hole.length; at++) {
    const x = (at % width) / width - 0.5;
    const tone = 236 - (26 * Math.floor(at / width)) / height - 34 * x * x;
    tones.set([tone, tone + 2, tone + 4], at * 4);
    lay(pixels, at, (hole[at] as number) / 255, tones);
  }
}
