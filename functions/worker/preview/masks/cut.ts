/** Whether another scene begins: broad light and colour lie elsewhere than before. A flash changes how much there is, a pan moves it a little. */
import type { LabPlanes } from './lab-planes.ts';

/** Cells across and down in which light and colour are compared. */
const ACROSS = 16;
const DOWN = 9;
/** Less alike than this, as a correlation, and this far apart, in colour units a cell, is another scene. */
const ALIKE = 0.3;
const APART = 5;

export function isCut(before: LabPlanes, after: LabPlanes): boolean {
  const [one, other] = [cellsOf(before), cellsOf(after)];
  let [both, ones, others, apart] = [0, 0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    const [a, b] = [one[at] as number, other[at] as number];
    both += a * b;
    ones += a * a;
    others += b * b;
    apart += Math.abs(a - b);
  }
  return apart / (ACROSS * DOWN) > APART && both < ALIKE * Math.sqrt(ones * others);
}

/** Mean lightness and colours of each cell, each less its own mean over the frame. */
function cellsOf({ width, height, l, a, b }: LabPlanes): Float32Array {
  const cells = ACROSS * DOWN;
  const out = new Float32Array(cells * 3);
  const counts = new Float32Array(cells);
  for (let at = 0; at < l.length; at++) {
    const column = Math.floor(((at % width) * ACROSS) / width);
    const cell = Math.floor((Math.floor(at / width) * DOWN) / height) * ACROSS + column;
    counts[cell] = (counts[cell] as number) + 1;
    out[cell] = (out[cell] as number) + (l[at] as number);
    out[cells + cell] = (out[cells + cell] as number) + (a[at] as number);
    out[2 * cells + cell] = (out[2 * cells + cell] as number) + (b[at] as number);
  }
  for (let plane = 0; plane < 3; plane++) {
    let sum = 0;
    for (let cell = 0; cell < cells; cell++) {
      const at = plane * cells + cell;
      out[at] = (out[at] as number) / Math.max(1, counts[cell] as number);
      sum += out[at] as number;
    }
    for (let cell = 0; cell < cells; cell++)
      out[plane * cells + cell] = (out[plane * cells + cell] as number) - sum / cells;
  }
  return out;
}
