/**
 * The parts of one frame found again in all the others: each part goes where it differs least from itself, and about its border each pixel
 * goes to the part whose colours it has. After a cut to another scene nothing is selected.
 */
import { distanceTo, type LabPlanes, labPlanes, type Palette, paletteOf } from './colors.ts';
import type { Segmentation } from './segment.ts';

/** The label of a frame in which nothing is found again. */
const NOTHING = 255;
/** Pixels of a 240-pixel frame that a thing may go in one frame. */
const REACH = 14;
const MOST_SAMPLES = 600;
/** What each pixel of a longer step must gain in colour units: with nothing to tell steps apart, a part stays. */
const INERTIA = 0.06;
const LEAVING = 9;
const MOST_DIFFERENCE = 40;
/** Pixels about a border that may change sides from frame to frame. */
const BAND = 3;
/** Colour units that a pixel must gain to change sides. */
const LOYALTY = 3;

/** The labels of each frame; `frames` are RGBA of the size of `start`, which was found in frame `key`. */
export function follow(frames: readonly Uint8ClampedArray[], key: number, start: Segmentation): Uint8Array[] {
  const { width, height, labels } = start;
  const planesOf = (index: number): LabPlanes => labPlanes(frames[index] as Uint8ClampedArray, width, height);
  const first = planesOf(key);
  const parts = Math.max(...start.masks.flatMap(mask => mask.parts)) + 1;
  const palettes = Array.from({ length: parts }, (_, part) => paletteOf(first, at => labels[at] === part, 5));
  const found: Uint8Array[] = [];
  found[key] = labels;
  for (const step of [1, -1]) {
    let before = first;
    const steps = new Map<number, Shift>();
    for (let index = key + step; index >= 0 && index < frames.length; index += step) {
      const after = planesOf(index);
      const last = found[index - step] as Uint8Array;
      found[index] =
        last[0] === NOTHING || isCut(before, after)
          ? new Uint8Array(last.length).fill(NOTHING)
          : next(before, after, last, palettes, start.fronts, steps);
      before = after;
    }
  }
  return found;
}

interface Shift {
  readonly x: number;
  readonly y: number;
}

function next(
  before: LabPlanes,
  after: LabPlanes,
  labels: Uint8Array,
  palettes: readonly Palette[],
  fronts: number,
  steps: Map<number, Shift>,
): Uint8Array {
  const { width, height } = after;
  const moved = new Uint8Array(labels.length).fill(NOTHING);
  // From the back to the front: what is nearer covers what is farther.
  for (let part = palettes.length - 1; part >= 0; part--) {
    const own: number[] = [];
    for (let at = 0; at < labels.length; at++) if (labels[at] === part) own.push(at);
    const shift = findShift(before, after, own, steps.get(part) ?? { x: 0, y: 0 });
    steps.set(part, shift);
    for (const at of own) {
      const x = (at % width) + shift.x;
      const y = Math.floor(at / width) + shift.y;
      if (x >= 0 && x < width && y >= 0 && y < height) moved[y * width + x] = part;
    }
  }
  // What was uncovered belongs to what lies behind.
  for (let at = 0; at < moved.length; at++)
    if (moved[at] === NOTHING) moved[at] = nearestOf(palettes, after, at, part => part >= fronts);
  return settle(after, moved, palettes);
}

/** About borders, each pixel with those whose colours it has; then lone pixels with their neighbours. */
function settle(planes: LabPlanes, labels: Uint8Array, palettes: readonly Palette[]): Uint8Array {
  const { width, height } = planes;
  const out = new Uint8Array(labels);
  const around = new Set<number>();
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      // Most pixels are far from any border.
      if (x >= BAND && x < width - BAND && y >= BAND && y < height - BAND && isAmongOwn(labels, at, width)) continue;
      around.clear();
      for (const away of [-BAND, -1, 1, BAND]) {
        if (x + away >= 0 && x + away < width) around.add(labels[at + away] as number);
        if (y + away >= 0 && y + away < height) around.add(labels[at + away * width] as number);
      }
      const own = labels[at] as number;
      if (around.size === 1 && around.has(own)) continue;
      let least = distanceTo(palettes[own] as Palette, planes, at) - LOYALTY;
      for (const part of around) {
        const away = part === own ? least : distanceTo(palettes[part] as Palette, planes, at);
        if (away < least) [least, out[at]] = [away, part];
      }
    }
  return smoothed(out, width, height);
}

/** Whether all those about a pixel have its label. */
function isAmongOwn(labels: Uint8Array, at: number, width: number): boolean {
  const own = labels[at];
  return (
    labels[at - BAND] === own &&
    labels[at - 1] === own &&
    labels[at + 1] === own &&
    labels[at + BAND] === own &&
    labels[at - BAND * width] === own &&
    labels[at - width] === own &&
    labels[at + width] === own &&
    labels[at + BAND * width] === own
  );
}

/** Each pixel as most of the eight about it and itself are, where more than half agree. */
function smoothed(labels: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(labels);
  const counts = new Uint8Array(256);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1, at = y * width + 1; x < width - 1; x++, at++) {
      for (let dy = -width; dy <= width; dy += width)
        for (let dx = -1; dx <= 1; dx++) counts[labels[at + dy + dx] as number] = 0;
      for (let dy = -width; dy <= width; dy += width)
        for (let dx = -1; dx <= 1; dx++) {
          const label = labels[at + dy + dx] as number;
          counts[label] = (counts[label] as number) + 1;
          if ((counts[label] as number) >= 5) out[at] = label;
        }
    }
  return out;
}

function nearestOf(
  palettes: readonly Palette[],
  planes: LabPlanes,
  at: number,
  allowed: (part: number) => boolean,
): number {
  let [best, least] = [palettes.length - 1, Number.POSITIVE_INFINITY];
  for (const [part, palette] of palettes.entries()) {
    const away = allowed(part) ? distanceTo(palette, planes, at) : Number.POSITIVE_INFINITY;
    if (away < least) [best, least] = [part, away];
  }
  return best;
}

/** The step in whole pixels at which these pixels differ least from the next frame; `guess` is the step before. */
function findShift(before: LabPlanes, after: LabPlanes, own: readonly number[], guess: Shift): Shift {
  const stride = Math.max(1, Math.floor(own.length / MOST_SAMPLES));
  let best = { x: 0, y: 0, cost: Number.POSITIVE_INFINITY };
  const look = (x: number, y: number): void => {
    const inertia = INERTIA * Math.min(Math.hypot(x, y), Math.hypot(x - guess.x, y - guess.y));
    const cost = inertia + difference(before, after, own, stride, x, y, best.cost - inertia);
    if (cost < best.cost) best = { x, y, cost };
  };
  look(0, 0);
  look(guess.x, guess.y);
  for (let y = -REACH; y <= REACH; y += 2) for (let x = -REACH; x <= REACH; x += 2) look(x, y);
  const { x: midX, y: midY } = best;
  for (let y = -1; y <= 1; y++) for (let x = -1; x <= 1; x++) look(midX + x, midY + y);
  return { x: best.x, y: best.y };
}

/** Mean difference in colour units, or infinity where it is `most` or more; pixels that leave the frame count as little, so that things may leave. */
function difference(
  before: LabPlanes,
  after: LabPlanes,
  own: readonly number[],
  stride: number,
  x: number,
  y: number,
  most: number,
): number {
  const { width, height } = before;
  const count = Math.max(1, Math.ceil(own.length / stride));
  const enough = most * count;
  let sum = 0;
  for (let index = 0; index < own.length; index += stride) {
    if (sum >= enough) return Number.POSITIVE_INFINITY;
    const at = own[index] as number;
    const column = (at % width) + x;
    const row = Math.floor(at / width) + y;
    if (column < 0 || column >= width || row < 0 || row >= height) {
      sum += LEAVING;
      continue;
    }
    sum += Math.min(MOST_DIFFERENCE, apart(before, at, after, row * width + column));
  }
  return sum / count;
}

function apart(one: LabPlanes, at: number, other: LabPlanes, to: number): number {
  return (
    Math.abs((one.l[at] as number) - (other.l[to] as number)) +
    Math.abs((one.a[at] as number) - (other.a[to] as number)) +
    Math.abs((one.b[at] as number) - (other.b[to] as number))
  );
}

/** Whether another scene begins: most of the frame has other colours than before, even beside where they were. */
function isCut(before: LabPlanes, after: LabPlanes): boolean {
  const { width, height } = before;
  const steps = [0, -REACH, REACH, -REACH * width, REACH * width];
  let [changed, count] = [0, 0];
  for (let y = REACH; y < height - REACH; y += 5)
    for (let x = REACH; x < width - REACH; x += 5, count++) {
      const at = y * width + x;
      if (steps.every(step => apart(before, at, after, at + step) > 16)) changed++;
    }
  return changed > 0.6 * count;
}
