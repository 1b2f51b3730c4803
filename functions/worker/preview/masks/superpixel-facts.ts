/** What is known of each superpixel: its mean colour and place, how it touches the frame's edge, and what it borders on. */
import { colorDistance, type LabPlanes } from './lab-planes.ts';

export interface Superpixels {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** For each pixel, whose it is. */
  readonly labels: Int32Array;
  /** Pixels. */
  readonly area: Float32Array;
  readonly l: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
  /** Its middle, in fractions of the frame. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Pixels on each edge of the frame. */
  readonly top: Float32Array;
  readonly bottom: Float32Array;
  readonly left: Float32Array;
  readonly right: Float32Array;
  /** Mean brightness step between its pixels: how rough it is. */
  readonly rough: Float32Array;
  readonly borders: readonly Border[];
}

/** Two pieces that touch, along `length` pixels, and how plainly they differ there. */
export interface Border {
  readonly one: number;
  readonly other: number;
  readonly length: number;
  readonly contrast: number;
}

export function gather(planes: LabPlanes, labels: Int32Array, count: number): Superpixels {
  const { width, height } = planes;
  const make = (): Float32Array => new Float32Array(count);
  const facts = { area: make(), l: make(), a: make(), b: make(), x: make(), y: make(), rough: make() };
  const sides = { top: make(), bottom: make(), left: make(), right: make() };
  const add = (to: Float32Array, label: number, value: number): void => {
    to[label] = (to[label] as number) + value;
  };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const label = labels[at] as number;
      add(facts.area, label, 1);
      add(facts.l, label, planes.l[at] as number);
      add(facts.a, label, planes.a[at] as number);
      add(facts.b, label, planes.b[at] as number);
      add(facts.x, label, (x + 0.5) / width);
      add(facts.y, label, (y + 0.5) / height);
      if (x > 0 && labels[at - 1] === label)
        add(facts.rough, label, Math.abs((planes.l[at] as number) - (planes.l[at - 1] as number)));
      if (y === 0) add(sides.top, label, 1);
      if (y === height - 1) add(sides.bottom, label, 1);
      if (x === 0) add(sides.left, label, 1);
      if (x === width - 1) add(sides.right, label, 1);
    }
  }
  for (const key of ['l', 'a', 'b', 'x', 'y', 'rough'] as const)
    for (let label = 0; label < count; label++)
      facts[key][label] = (facts[key][label] as number) / (facts.area[label] as number);
  return { width, height, count, labels, ...facts, ...sides, borders: bordersOf(planes, labels, count) };
}

function bordersOf(planes: LabPlanes, labels: Int32Array, count: number): Border[] {
  const { width, height } = planes;
  const found = new Map<number, { length: number; contrast: number }>();
  const meet = (at: number, next: number, before: number, after: number): void => {
    const one = Math.min(labels[at] as number, labels[next] as number);
    const other = Math.max(labels[at] as number, labels[next] as number);
    if (one === other) return;
    const key = one * count + other;
    const border = found.get(key) ?? { length: 0, contrast: 0 };
    border.length++;
    border.contrast += colorDistance(
      (planes.l[before] as number) - (planes.l[after] as number),
      (planes.a[before] as number) - (planes.a[after] as number),
      (planes.b[before] as number) - (planes.b[after] as number),
    );
    found.set(key, border);
  };
  // Colours are compared a pixel away from the border on both sides: compression smears the border itself.
  for (let y = 1; y < height - 2; y++) {
    for (let x = 1; x < width - 2; x++) {
      const at = y * width + x;
      meet(at, at + 1, at - 1, at + 2);
      meet(at, at + width, at - width, at + 2 * width);
    }
  }
  return [...found].map(([key, { length, contrast }]) => ({
    one: Math.floor(key / count),
    other: key % count,
    length,
    contrast: contrast / length,
  }));
}
