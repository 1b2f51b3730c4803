/** The few colours that a part of a frame is made of, found by k-means; how far any colour is from them. */
import type { LabPlanes } from './lab-planes.ts';

const COLORS = 5;
const ROUNDS = 6;

/** Colours one after the other, three numbers each. */
export type Palette = Float32Array;

/** The palette of the pixels whose label is `part`; empty where there are none. */
export function paletteOf(planes: LabPlanes, labels: Uint8Array, part: number): Palette {
  const own: number[] = [];
  for (let at = 0; at < labels.length; at++) if (labels[at] === part) own.push(at);
  if (own.length === 0) return new Float32Array(0);
  // Seeds spread over the brightness: the same pixels always give the same colours.
  own.sort((one, other) => (planes.l[one] as number) - (planes.l[other] as number) || one - other);
  const palette = new Float32Array(COLORS * 3);
  for (let color = 0; color < COLORS; color++) {
    const at = own[Math.floor(((color + 0.5) / COLORS) * own.length)] as number;
    palette.set([planes.l[at] as number, planes.a[at] as number, planes.b[at] as number], color * 3);
  }
  const step = Math.max(1, Math.floor(own.length / 3000));
  for (let round = 0; round < ROUNDS; round++) improve(planes, own, step, palette);
  return palette;
}

function improve(planes: LabPlanes, own: readonly number[], step: number, palette: Palette): void {
  const sums = new Float64Array(COLORS * 4);
  for (let index = 0; index < own.length; index += step) {
    const at = own[index] as number;
    const value = [planes.l[at] as number, planes.a[at] as number, planes.b[at] as number, 1];
    const color = nearest(palette, value[0] as number, value[1] as number, value[2] as number).color;
    for (let axis = 0; axis < 4; axis++)
      sums[color * 4 + axis] = (sums[color * 4 + axis] as number) + (value[axis] as number);
  }
  for (let color = 0; color < COLORS; color++) {
    const count = sums[color * 4 + 3] as number;
    if (count > 0)
      for (let axis = 0; axis < 3; axis++) palette[color * 3 + axis] = (sums[color * 4 + axis] as number) / count;
  }
}

/** The nearest colour of the palette and the square of its distance. */
function nearest(palette: Palette, l: number, a: number, b: number): { color: number; square: number } {
  let [color, square] = [0, Number.POSITIVE_INFINITY];
  for (let at = 0; at < palette.length; at += 3) {
    const distance =
      (l - (palette[at] as number)) ** 2 +
      (a - (palette[at + 1] as number)) ** 2 +
      (b - (palette[at + 2] as number)) ** 2;
    if (distance < square) {
      square = distance;
      color = at / 3;
    }
  }
  return { color, square };
}

/** In colour units; endless for an empty palette. */
export function distanceTo(palette: Palette, l: number, a: number, b: number): number {
  return Math.sqrt(nearest(palette, l, a, b).square);
}
