/**
 * A frame in some three hundred small pieces that do not cross edges: simple linear iterative clustering over colour and place, then
 * splinters joined to what they touch. Whole numbers decide every tie, so the same frame gives the same pieces.
 */
import { colorDistance, type LabPlanes } from './lab-planes.ts';
import { gather, type Superpixels } from './superpixel-facts.ts';

const PIECES = 320;
/** What a step of one piece's width costs, in units of colour: more makes rounder pieces. */
const COMPACTNESS = 11;
const ROUNDS = 6;

interface Centres {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly l: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
}

export function superpixelsOf(planes: LabPlanes): Superpixels {
  const { width, height } = planes;
  const step = Math.sqrt((width * height) / PIECES);
  const columns = Math.max(1, Math.round(width / step));
  const rows = Math.max(1, Math.round(height / step));
  const labels = new Int32Array(width * height);
  for (let at = 0; at < labels.length; at++) {
    const column = Math.floor(((at % width) * columns) / width);
    labels[at] = Math.floor((Math.floor(at / width) * rows) / height) * columns + column;
  }
  const count = columns * rows;
  let centres = centresOf(planes, labels, count);
  for (let round = 0; round < ROUNDS; round++) {
    assign(planes, centres, count, step, labels);
    centres = centresOf(planes, labels, count);
  }
  return gather(planes, ...joinSplinters(labels, width, height, (step * step) / 4));
}

function centresOf(planes: LabPlanes, labels: Int32Array, count: number): Centres {
  const sums = { x: 0, y: 0, l: 0, a: 0, b: 0 };
  const centres = {
    x: new Float32Array(count),
    y: new Float32Array(count),
    l: new Float32Array(count),
    a: new Float32Array(count),
    b: new Float32Array(count),
  };
  const areas = new Float32Array(count);
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at] as number;
    areas[label] = (areas[label] as number) + 1;
    sums.x = at % planes.width;
    sums.y = Math.floor(at / planes.width);
    sums.l = planes.l[at] as number;
    sums.a = planes.a[at] as number;
    sums.b = planes.b[at] as number;
    for (const key of ['x', 'y', 'l', 'a', 'b'] as const)
      centres[key][label] = (centres[key][label] as number) + sums[key];
  }
  for (let label = 0; label < count; label++)
    for (const key of ['x', 'y', 'l', 'a', 'b'] as const)
      centres[key][label] = (centres[key][label] as number) / Math.max(1, areas[label] as number);
  return centres;
}

function assign(planes: LabPlanes, centres: Centres, count: number, step: number, labels: Int32Array): void {
  const { width, height } = planes;
  const nearest = new Float32Array(labels.length).fill(Number.POSITIVE_INFINITY);
  const near = (COMPACTNESS / step) ** 2;
  for (let label = 0; label < count; label++) {
    const cx = centres.x[label] as number;
    const cy = centres.y[label] as number;
    const right = Math.min(width - 1, Math.ceil(cx + step));
    const bottom = Math.min(height - 1, Math.ceil(cy + step));
    for (let y = Math.max(0, Math.floor(cy - step)); y <= bottom; y++) {
      for (let x = Math.max(0, Math.floor(cx - step)); x <= right; x++) {
        const at = y * width + x;
        const l = (planes.l[at] as number) - (centres.l[label] as number);
        const a = (planes.a[at] as number) - (centres.a[label] as number);
        const b = (planes.b[at] as number) - (centres.b[label] as number);
        const cost = l * l + a * a + b * b + near * ((x - cx) ** 2 + (y - cy) ** 2);
        if (cost < (nearest[at] as number)) {
          nearest[at] = cost;
          labels[at] = label;
        }
      }
    }
  }
}

/** Connected pieces with new numbers from 0; one smaller than `least` pixels takes its neighbour's. */
function joinSplinters(labels: Int32Array, width: number, height: number, least: number): [Int32Array, number] {
  const out = new Int32Array(labels.length).fill(-1);
  const queue = new Int32Array(labels.length);
  let count = 0;
  for (let start = 0; start < labels.length; start++) {
    if ((out[start] as number) >= 0) continue;
    const label = labels[start] as number;
    let neighbour = -1;
    let [head, tail] = [0, 1];
    queue[0] = start;
    out[start] = count;
    while (head < tail) {
      const at = queue[head++] as number;
      const x = at % width;
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= width * height) continue;
        const taken = out[next] as number;
        if (taken < 0 && labels[next] === label) {
          out[next] = count;
          queue[tail++] = next;
        } else if (taken >= 0 && taken !== count) neighbour = taken;
      }
    }
    if (tail < least && neighbour >= 0) for (let at = 0; at < tail; at++) out[queue[at] as number] = neighbour;
    else count++;
  }
  return [out, count];
}

/** How far the colours of two pieces are apart. */
export function apart(pieces: Superpixels, one: number, other: number): number {
  const { l, a, b } = pieces;
  return colorDistance(
    (l[one] as number) - (l[other] as number),
    (a[one] as number) - (a[other] as number),
    (b[one] as number) - (b[other] as number),
  );
}
