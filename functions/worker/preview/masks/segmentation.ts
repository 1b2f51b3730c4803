/**
 * What can be chosen in a frame. Invariants:
 * - every pixel belongs to exactly one part, and a mask is a union of parts: `subject` and `background` never overlap;
 * - names say what was measured, never what it might be: nothing here knows a person from a post;
 * - the same pixels give the same masks in the same order, two to five of them.
 */
import { smoothstep } from '../curves.ts';
import { type Backdrop, backdropsOf } from './backdrops.ts';
import type { LabPlanes } from './lab-planes.ts';
import { saliencyOf } from './saliency.ts';
import type { Superpixels } from './superpixel-facts.ts';
import { superpixelsOf } from './superpixels.ts';

export interface Segmentation {
  readonly width: number;
  readonly height: number;
  /** For each pixel, the number of its part. */
  readonly labels: Uint8Array;
  /** Whether a part stands in front of others, by its number. */
  readonly front: readonly boolean[];
  readonly masks: readonly Mask[];
}

export interface Mask {
  readonly name: string;
  readonly parts: readonly number[];
}

const MOST_MASKS = 5;
/** Things smaller than this share of the frame are specks. */
const LEAST_THING = 0.004;
/** Where nothing differs more than this from its surroundings, there is no subject. */
const LEAST_CONTRAST = 5;
/** Shares of the frame, and of the greatest saliency. */
const SPECK = 0.035;
const LEAST_LEVEL = 0.3;

export function segment(planes: LabPlanes): Segmentation {
  const pieces = superpixelsOf(planes);
  const things = thingsOf(pieces);
  const taken = new Set(things.flat());
  const { width, height } = planes;
  const labels = new Uint8Array(width * height);
  if (things.length === 0) return middleOf(width, height, labels);
  const rest = Array.from({ length: pieces.count }, (_, piece) => piece).filter(piece => !taken.has(piece));
  const backdrops = backdropsOf(pieces, rest);
  const fronts = things.slice(0, MOST_MASKS - 1 - backdrops.length);
  const parts = [...fronts.map(thing => new Set(thing)), ...backdrops.map(({ pieces: own }) => new Set(own))];
  const partOf = Uint8Array.from({ length: pieces.count }, (_, piece) => {
    const part = parts.findIndex(own => own.has(piece));
    return part < 0 ? parts.length : part;
  });
  for (let at = 0; at < labels.length; at++) labels[at] = partOf[pieces.labels[at] as number] as number;
  return {
    width,
    height,
    labels,
    front: [...fronts.map(() => true), ...backdrops.map(() => false), false],
    masks: namesOf(fronts.length, backdrops),
  };
}

function namesOf(fronts: number, backdrops: readonly Backdrop[]): Mask[] {
  const behind = Array.from({ length: backdrops.length + 1 }, (_, index) => fronts + index);
  return [
    ...Array.from({ length: fronts }, (_, index) => ({
      name: index === 0 ? 'subject' : `object ${index}`,
      parts: [index],
    })),
    { name: 'background', parts: behind },
    ...backdrops.map(({ name }, index) => ({ name, parts: [fronts + index] })),
  ];
}

/** Groups of pieces that stand out together, the most striking first. */
function thingsOf(pieces: Superpixels): number[][] {
  const { values, contrast } = saliencyOf(pieces);
  if (contrast < LEAST_CONTRAST) return [];
  const level = levelOf(pieces, values);
  const whole = pieces.width * pieces.height;
  const chosen = closed(pieces, piece => (values[piece] as number) > level);
  const groups = groupsOf(pieces, piece => chosen[piece] === 1);
  const areaOf = (group: readonly number[]): number =>
    group.reduce((sum, piece) => sum + (pieces.area[piece] as number), 0) / whole;
  const weightOf = (group: readonly number[]): number => {
    const across = group.map(piece => pieces.x[piece] as number);
    const strip = smoothstep(0.5, 0.9, Math.max(...across) - Math.min(...across));
    const sum = group.reduce((total, piece) => {
      const off = Math.hypot((pieces.x[piece] as number) - 0.5, (pieces.y[piece] as number) - 0.5);
      return total + (pieces.area[piece] as number) * (values[piece] as number) * (1 - 0.7 * smoothstep(0.1, 0.7, off));
    }, 0);
    return sum * (1 - 0.7 * strip);
  };
  return groups
    .filter(group => areaOf(group) >= LEAST_THING)
    .map(group => ({ group, weight: weightOf(group) }))
    .sort((one, other) => other.weight - one.weight)
    .map(({ group }) => group);
}

/** What is above it stands out. Where that is only a speck, such as the eyes in a face, what stands out next is looked at too. */
function levelOf(pieces: Superpixels, values: Float32Array): number {
  const whole = pieces.width * pieces.height;
  const above = (level: number): number =>
    pieces.area.reduce((sum, area, piece) => sum + ((values[piece] as number) > level ? area : 0), 0) / whole;
  const first = thresholdOf(pieces, values, Number.POSITIVE_INFINITY);
  if (above(first) > SPECK) return first;
  const second = thresholdOf(pieces, values, first);
  return second > LEAST_LEVEL && above(second) < 0.4 ? second : first;
}

/** Otsu's: of the values up to `most`, the one that parts them into two kinds, each as alike in itself as can be. */
function thresholdOf(pieces: Superpixels, values: Float32Array, most: number): number {
  const order = Array.from(values, (value, piece) => ({ value, area: pieces.area[piece] as number }))
    .filter(({ value }) => value <= most)
    .sort((one, other) => one.value - other.value);
  const total = order.reduce((sum, { area }) => sum + area, 0);
  const mass = order.reduce((sum, { area, value }) => sum + area * value, 0);
  let [below, belowMass, best, level] = [0, 0, -1, 0];
  for (let at = 0; at < order.length - 1; at++) {
    const { value, area } = order[at] as { value: number; area: number };
    below += area;
    belowMass += area * value;
    const between = (belowMass / below - (mass - belowMass) / (total - below)) ** 2 * below * (total - below);
    if (between > best) {
      best = between;
      level = (value + (order[at + 1]?.value ?? value)) / 2;
    }
  }
  return level;
}

/** What is chosen, its gaps and holes with it: a piece that mostly borders on chosen ones, and whatever they close in. */
function closed(pieces: Superpixels, isChosen: (piece: number) => boolean): Uint8Array {
  const chosen = Uint8Array.from({ length: pieces.count }, (_, piece) => (isChosen(piece) ? 1 : 0));
  for (let round = 0; round < 2; round++) {
    const all = new Float32Array(pieces.count);
    const inner = new Float32Array(pieces.count);
    for (const { one, other, length } of pieces.borders) {
      for (const [piece, next] of [[one, other] as const, [other, one] as const]) {
        all[piece] = (all[piece] as number) + length;
        if (chosen[next] === 1) inner[piece] = (inner[piece] as number) + length;
      }
    }
    for (let piece = 0; piece < pieces.count; piece++)
      if ((inner[piece] as number) > 0.55 * (all[piece] as number) && !isOuter(pieces, piece)) chosen[piece] = 1;
  }
  for (const group of groupsOf(pieces, piece => chosen[piece] === 0))
    if (!group.some(piece => isOuter(pieces, piece))) for (const piece of group) chosen[piece] = 1;
  return chosen;
}

function isOuter({ top, bottom, left, right }: Superpixels, piece: number): boolean {
  return [top, bottom, left, right].some(side => (side[piece] as number) > 0);
}

function groupsOf(pieces: Superpixels, belongs: (piece: number) => boolean): number[][] {
  const group = Int32Array.from({ length: pieces.count }, (_, piece) => piece);
  const headOf = (piece: number): number => {
    let head = piece;
    while (group[head] !== head) head = group[head] as number;
    return head;
  };
  for (const { one, other, length } of pieces.borders)
    if (length >= 3 && belongs(one) && belongs(other)) group[headOf(one)] = headOf(other);
  const found = new Map<number, number[]>();
  for (let piece = 0; piece < pieces.count; piece++) {
    if (!belongs(piece)) continue;
    const head = headOf(piece);
    found.set(head, [...(found.get(head) ?? []), piece]);
  }
  return [...found.values()];
}

/** An even frame has no subject: what can be chosen is its middle and the rest. */
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
    front: [true, false],
    masks: [
      { name: 'middle', parts: [0] },
      { name: 'background', parts: [1] },
    ],
  };
}
