/**
 * Parts of a frame followed into the frames about it. Each step: every part is moved as its pixels moved, the front ones over those behind;
 * then pixels near a border go to the part whose colours and place they fit best. Colours are those of the key frame throughout, and so,
 * in part, are the shapes of what is in front: errors of one step do not grow. A cut ends it: after one, nothing is selected.
 */

import { isCut } from './cut.ts';
import { type LabPlanes, labPlanes } from './lab-planes.ts';
import { smoothLabels, spread } from './label-maps.ts';
import { distanceTo, type Palette, paletteOf } from './palette.ts';
import type { Segmentation } from './segmentation.ts';
import { findShift, type Shift } from './shift-search.ts';

/** Pixels from a border within which the border may move on its own. */
const BAND = 5;
/** What a pixel outside its part's new place costs, in colour units a pixel. */
const AWAY = 2.2;
const MOST_DISTANCE = 26;
/** The same for a pixel outside the shape that its part had in the key frame: things turn and grow, so it counts less. */
const RESHAPED = 1.3;
/** The label of pixels that are of no part. */
const NOTHING = 255;

/** Labels of every frame of the film, from those of frame `key`; `frames` are RGBA of the segmentation's size. */
export function follow(frames: readonly Uint8ClampedArray[], key: number, start: Segmentation): Uint8Array[] {
  const { width, height } = start;
  const planesAt = (index: number): LabPlanes => labPlanes(frames[index] as Uint8ClampedArray, width, height);
  const found: Uint8Array[] = new Array(frames.length);
  const first = planesAt(key);
  const palettes = start.front.map((_, part) => paletteOf(first, start.labels, part));
  found[key] = start.labels;
  for (const direction of [1, -1]) {
    let before = first;
    let labels = start.labels;
    let shifts = start.front.map((): Shift => ({ x: 0, y: 0 }));
    for (let index = key + direction; index >= 0 && index < frames.length; index += direction) {
      const after = planesAt(index);
      if (isCut(before, after)) {
        for (let rest = index; rest >= 0 && rest < frames.length; rest += direction)
          found[rest] = new Uint8Array(width * height).fill(NOTHING);
        break;
      }
      shifts = shifts.map((shift, part) => findShift(before, after, pixelsOf(labels, part), shift));
      const moved = move(labels, start.front, shifts, width, height);
      labels = settle(after, moved, palettes, shapesOf(start, moved));
      found[index] = labels;
      before = after;
    }
  }
  return found;
}

/** How far each pixel is from the key frame's shape of each front part, laid over where the part is now. */
function shapesOf({ labels, front, width, height }: Segmentation, moved: Uint8Array): (Float32Array | undefined)[] {
  return front.map((isFront, part) => {
    const [then, now] = isFront ? [middleOf(labels, part, width), middleOf(moved, part, width)] : [];
    if (!then || !now) return undefined;
    const shift = { x: Math.round(now.x - then.x), y: Math.round(now.y - then.y) };
    const only = front.map((_, other) => other === part);
    const shape = move(
      labels,
      only,
      front.map(() => shift),
      width,
      height,
      [true],
    );
    return spread(shape, part, width, height, BAND + 1);
  });
}

function middleOf(labels: Uint8Array, part: number, width: number): Shift | undefined {
  const own = pixelsOf(labels, part);
  if (own.length === 0) return undefined;
  const x = own.reduce((sum, at) => sum + (at % width), 0) / own.length;
  const y = own.reduce((sum, at) => sum + Math.floor(at / width), 0) / own.length;
  return { x, y };
}

function pixelsOf(labels: Uint8Array, part: number): number[] {
  const own: number[] = [];
  for (let at = 0; at < labels.length; at++) if (labels[at] === part) own.push(at);
  return own;
}

/** What is behind first, then what is in front: NOTHING where nothing has come to be. */
function move(
  labels: Uint8Array,
  front: readonly boolean[],
  shifts: readonly Shift[],
  width: number,
  height: number,
  layers: readonly boolean[] = [false, true],
): Uint8Array {
  const out = new Uint8Array(labels.length).fill(NOTHING);
  for (const layer of layers) {
    for (let at = 0; at < labels.length; at++) {
      const part = labels[at] as number;
      if (front[part] !== layer) continue;
      const { x, y } = shifts[part] as Shift;
      const column = (at % width) + x;
      const row = Math.floor(at / width) + y;
      if (column >= 0 && column < width && row >= 0 && row < height) out[row * width + column] = part;
    }
  }
  return out;
}

function settle(
  planes: LabPlanes,
  moved: Uint8Array,
  palettes: readonly Palette[],
  shapes: readonly (Float32Array | undefined)[],
): Uint8Array {
  const { width, height } = planes;
  const away = palettes.map((_, part) => spread(moved, part, width, height, BAND + 1));
  const out = new Uint8Array(moved);
  for (let at = 0; at < out.length; at++) {
    const rivals = away.some((distances, part) => part !== moved[at] && (distances[at] as number) <= BAND);
    if (!rivals && moved[at] !== NOTHING) continue;
    let [best, least] = [moved[at] as number, Number.POSITIVE_INFINITY];
    for (let part = 0; part < palettes.length; part++) {
      const distance = away[part]?.[at] as number;
      const palette = palettes[part] as Palette;
      if (palette.length === 0 || (distance > BAND && moved[at] !== NOTHING)) continue;
      const color = distanceTo(palette, planes.l[at] as number, planes.a[at] as number, planes.b[at] as number);
      const reshaped = RESHAPED * (shapes[part]?.[at] ?? 0);
      const cost = Math.min(MOST_DISTANCE, color) + AWAY * distance + reshaped;
      if (cost < least) {
        least = cost;
        best = part;
      }
    }
    out[at] = best;
  }
  return smoothLabels(out, width, height);
}
