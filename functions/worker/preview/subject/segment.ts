/**
 * What can be selected in a frame. Invariants:
 * - every pixel belongs to exactly one part, and a mask is a union of parts: `subject` and `background` never overlap;
 * - names say what was measured, never what it might be: nothing here knows a person from a post;
 * - the same pixels give the same masks in the same order, two to five of them.
 */
import { clamp, smoothstep } from '../drawing/curves.ts';
import { boxBlur } from '../drawing/planes.ts';
import { distanceTo, type LabPlanes, paletteOf } from './colors.ts';

export interface Segmentation {
  readonly width: number;
  readonly height: number;
  /** For each pixel, the number of its part. */
  readonly labels: Uint8Array;
  /** Parts with lower numbers stand in front of the others. */
  readonly fronts: number;
  /** How much of all that stands out the subject is, 0 to 1. */
  readonly sure: number;
  readonly masks: readonly Mask[];
}

export interface Mask {
  readonly name: string;
  readonly parts: readonly number[];
}

const MOST_THINGS = 2;
/** Things smaller than this share of the frame are specks. */
const LEAST_THING = 0.004;
/** Colour units by which a subject differs from the frame's edge. */
const LEAST_CONTRAST = 7;
const EDGE_COLORS = 12;
/** Colour units by which sky and ground differ, and the least share of the frame of each. */
const LEAST_HORIZON = 9;
const LEAST_BACKDROP = 0.12;

export function segment(planes: LabPlanes): Segmentation {
  const { width, height } = planes;
  const found = thingsOf(planes);
  const things = found.slice(0, MOST_THINGS).map(({ group }) => group);
  const labels = new Uint8Array(width * height).fill(things.length);
  if (things.length === 0) return middleOf(width, height, labels);
  for (const [part, thing] of things.entries()) for (const at of thing) labels[at] = part;
  const backdrops = partBackdrop(planes, labels, things.length);
  const masks: Mask[] = things.map((_, part) => ({ name: part === 0 ? 'subject' : `object ${part}`, parts: [part] }));
  const behind = backdrops.length > 0 ? backdrops.map((_, index) => things.length + index) : [things.length];
  masks.push({ name: 'background', parts: behind });
  for (const [index, name] of backdrops.entries()) masks.push({ name, parts: [things.length + index] });
  const sure = (found[0]?.weight ?? 0) / found.reduce((sum, { weight }) => sum + weight, 0);
  return { width, height, labels, fronts: things.length, sure, masks };
}

/** How unlike the frame's edge each pixel is, in colour units: what stands out is seldom cut off but below. */
function standingOut(planes: LabPlanes): Float32Array {
  const { width, height } = planes;
  const rim = Math.max(2, Math.round(Math.min(width, height) * 0.03));
  const isRim = (at: number): boolean => {
    const x = at % width;
    const y = Math.floor(at / width);
    if (y < rim) return true;
    if (Math.min(x, width - 1 - x) < rim) return true;
    return y >= height - rim && Math.abs(x / width - 0.5) > 0.34;
  };
  const edge = paletteOf(planes, isRim, EDGE_COLORS);
  const values = Float32Array.from({ length: width * height }, (_, at) => distanceTo(edge, planes, at));
  return boxBlur(values, { width, height }, 1, values, new Float32Array(values.length));
}

/** The pixels of each thing that stands out, the most striking first. */
function thingsOf(planes: LabPlanes): { group: number[]; weight: number }[] {
  const { width, height } = planes;
  const values = standingOut(planes);
  const off = (at: number): number =>
    Math.hypot((at % width) / width - 0.5, Math.floor(at / width) / height - (height > width ? 0.45 : 0.5));
  const most = values.toSorted()[Math.floor(values.length * 0.99)] as number;
  if (most < LEAST_CONTRAST) return [];
  const level = Math.max(LEAST_CONTRAST * 0.8, thresholdOf(values, most));
  const chosen = closed(
    Uint8Array.from(values, (value, at) => (value * (1 - 0.35 * smoothstep(0.35, 0.7, off(at))) > level ? 1 : 0)),
    width,
    height,
  );
  const weightOf = (group: readonly number[]): number => {
    const across = group.map(at => at % width);
    const strip = smoothstep(0.6, 0.95, (Math.max(...extremes(across)) - Math.min(...extremes(across))) / width);
    const sum = group.reduce((all, at) => all + (values[at] as number) * (1 - 0.7 * smoothstep(0.1, 0.7, off(at))), 0);
    return sum * (1 - 0.7 * strip);
  };
  return groupsOf(chosen, 1, width, height)
    .filter(group => group.length >= LEAST_THING * values.length)
    .map(group => ({ group, weight: weightOf(group) }))
    .sort((one, other) => other.weight - one.weight);
}

/** Least and largest: a group may be too long to be spread into arguments. */
function extremes(values: readonly number[]): [number, number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as [number, number]);
}

/** Otsu's: the value that parts them into two kinds, each as alike in itself as can be. */
function thresholdOf(values: Float32Array, most: number): number {
  const bins = new Float64Array(128);
  for (const value of values) {
    const bin = Math.min(127, Math.floor((value / most) * 127));
    bins[bin] = (bins[bin] as number) + 1;
  }
  const mass = bins.reduce((sum, count, bin) => sum + count * bin, 0);
  let [below, belowMass, best, level] = [0, 0, -1, 0];
  for (let bin = 0; bin < 127; bin++) {
    below += bins[bin] as number;
    belowMass += (bins[bin] as number) * bin;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const between = (belowMass / below - (mass - belowMass) / above) ** 2 * below * above;
    if (between <= best) continue;
    best = between;
    level = bin + 0.5;
  }
  return (level / 127) * most;
}

/** Small gaps closed, and whatever is closed in filled. */
function closed(chosen: Uint8Array, width: number, height: number): Uint8Array {
  const size = { width, height };
  const share = boxBlur(
    Float32Array.from(chosen),
    size,
    2,
    new Float32Array(chosen.length),
    new Float32Array(chosen.length),
  );
  const out = Uint8Array.from(share, (value, at) => (value > (chosen[at] === 1 ? 0.35 : 0.62) ? 1 : 0));
  for (const hole of groupsOf(out, 0, width, height)) {
    const open = hole.some(at => at < width || at >= out.length - width || at % width === 0 || (at + 1) % width === 0);
    if (!open) for (const at of hole) out[at] = 1;
  }
  return out;
}

/** The connected pixels of a value. */
function groupsOf(values: Uint8Array, value: number, width: number, height: number): number[][] {
  const seen = new Uint8Array(values.length);
  const groups: number[][] = [];
  for (let start = 0; start < values.length; start++) {
    if (seen[start] === 1 || values[start] !== value) continue;
    const group = [start];
    seen[start] = 1;
    for (let index = 0; index < group.length; index++) {
      const at = group[index] as number;
      const x = at % width;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= width * height || seen[next] === 1 || values[next] !== value) continue;
        seen[next] = 1;
        group.push(next);
      }
    }
    groups.push(group);
  }
  return groups;
}

/**
 * Parts what lies behind into an upper and a lower half where it plainly changes from one to the other, column by column. Writes the parts
 * `first` and `first + 1` and answers their names; none where there is no such line.
 */
function partBackdrop(planes: LabPlanes, labels: Uint8Array, first: number): string[] {
  const { width, height, l, a, b } = planes;
  const meanOf = (from: number, to: number): [number, number, number, number] => {
    const sums: [number, number, number, number] = [0, 0, 0, 0];
    let rough = 0;
    for (let at = from * width; at < to * width; at++) {
      if (labels[at] !== first) continue;
      sums[0] += l[at] as number;
      sums[1] += a[at] as number;
      sums[2] += b[at] as number;
      sums[3]++;
      rough += at + width < l.length ? Math.abs((l[at] as number) - (l[at + width] as number)) : 0;
    }
    const count = Math.max(1, sums[3]);
    return [sums[0] / count, sums[1] / count, sums[2] / count, rough / count];
  };
  const apart = (row: number): number => {
    const reach = Math.round(height * 0.12);
    const [above, below] = [meanOf(Math.max(0, row - reach), row), meanOf(row, Math.min(height, row + reach))];
    return Math.hypot(above[0] - below[0], above[1] - below[1], above[2] - below[2]);
  };
  let [row, most] = [0, 0];
  for (let at = Math.round(height * LEAST_BACKDROP); at < height * (1 - LEAST_BACKDROP); at += 2) {
    const step = apart(at);
    if (step > most) [row, most] = [at, step];
  }
  if (most < LEAST_HORIZON) return [];
  const [above, below] = [meanOf(0, row), meanOf(row, height)];
  const nearer = (at: number): number =>
    Math.hypot((l[at] as number) - above[0], (a[at] as number) - above[1], (b[at] as number) - above[2]) -
    Math.hypot((l[at] as number) - below[0], (a[at] as number) - below[1], (b[at] as number) - below[2]);
  const slack = height * 0.14;
  for (let x = 0; x < width; x++) {
    let [sum, best, line] = [0, 0, row];
    const from = Math.max(0, Math.round(row - slack));
    const to = Math.min(height, Math.round(row + slack));
    best = Number.POSITIVE_INFINITY;
    for (let y = from; y <= to; y++) {
      // What is above the line counts for the sky, what is below for the ground; a line far from the usual one costs.
      const cost = sum + 0.15 * Math.abs(y - row);
      if (cost < best) [best, line] = [cost, y];
      const at = y * width + x;
      if (y < to && labels[at] === first) sum += clamp(nearer(at), -30, 30);
    }
    for (let y = line; y < height; y++) if (labels[y * width + x] === first) labels[y * width + x] = first + 1;
  }
  const smooth = above[3] <= below[3] * 1.1 + 0.2;
  const sky = smooth && (above[0] > below[0] + 4 || above[2] < below[2] - 4);
  const ground = below[0] < above[0] - 2 || below[3] > above[3];
  return [sky ? 'sky' : 'upper background', ground ? 'ground' : 'lower background'];
}

/** An even frame has no subject: what can be selected is its middle and the rest. */
function middleOf(width: number, height: number, labels: Uint8Array): Segmentation {
  for (let at = 0; at < labels.length; at++) {
    const x = ((at % width) + 0.5) / width - 0.5;
    const y = (Math.floor(at / width) + 0.5) / height - 0.5;
    labels[at] = Math.hypot(x / 0.28, y / 0.36) < 1 ? 0 : 1;
  }
  return {
    width,
    height,
    labels,
    fronts: 1,
    sure: 0,
    masks: [
      { name: 'middle', parts: [0] },
      { name: 'background', parts: [1] },
    ],
  };
}
