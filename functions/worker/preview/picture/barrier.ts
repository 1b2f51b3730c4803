/**
 * How much stands between each cell and the border of the picture: along the best way there, the least difference between the brightest and
 * the darkest (and in the other two colours) that must be crossed. Slow gradients and blurred rooms cost little, an outline costs its
 * contrast. This is the minimum barrier distance of Zhang and others (ICCV 2015), by passes over the rows.
 */
import type { Cells } from './cells.ts';

const PASSES = 4;

/** 0 (part of what runs off the frame) to 1 (most apart), for each cell. `starts` says which cells are border. */
export function barrierFromBorder({ columns, rows, colors }: Cells, starts: (cell: number) => boolean): Float32Array {
  const sum = new Float32Array(columns * rows);
  for (let part = 0; part < 3; part++) {
    const values = Float32Array.from({ length: columns * rows }, (_, cell) => colors[cell * 3 + part] as number);
    const apart = spread(values, columns, rows, starts);
    for (let cell = 0; cell < sum.length; cell++) sum[cell] = (sum[cell] as number) + (apart[cell] as number);
  }
  // What few cells exceed is 1: one glint must not make all else faint.
  const most = Math.max(1e-4, sum.toSorted()[Math.floor(sum.length * 0.97)] as number);
  // Softened, so that one loud part does not make the rest of a subject count as background.
  return sum.map(value => Math.min(1, value / most) ** 0.7);
}

function spread(values: Float32Array, columns: number, rows: number, starts: (cell: number) => boolean): Float32Array {
  const apart = new Float32Array(values.length).fill(Number.POSITIVE_INFINITY);
  const high = values.slice();
  const low = values.slice();
  for (let cell = 0; cell < apart.length; cell++) if (starts(cell)) apart[cell] = 0;
  const reach = (cell: number, from: number): void => {
    const value = values[cell] as number;
    const top = Math.max(high[from] as number, value);
    const bottom = Math.min(low[from] as number, value);
    if (top - bottom >= (apart[cell] as number) || apart[from] === Number.POSITIVE_INFINITY) return;
    apart[cell] = top - bottom;
    high[cell] = top;
    low[cell] = bottom;
  };
  for (let pass = 0; pass < PASSES; pass++) {
    const back = pass % 2 === 1;
    for (let step = 0; step < apart.length; step++) {
      const cell = back ? apart.length - 1 - step : step;
      const column = cell % columns;
      const beside = back ? 1 : -1;
      if (back ? column < columns - 1 : column > 0) reach(cell, cell + beside);
      const above = cell + beside * columns;
      if (above >= 0 && above < rows * columns) reach(cell, above);
    }
  }
  return apart;
}

/** The value that parts the high from the low ones best (Otsu, 1979); values lie in 0..1. */
export function partingValue(values: Float32Array): number {
  const bins = new Float64Array(64);
  for (const value of values)
    bins[Math.min(63, Math.floor(value * 64))] = (bins[Math.min(63, Math.floor(value * 64))] as number) + 1;
  const all = bins.reduce((sum, count, bin) => sum + count * bin, 0);
  let below = 0;
  let belowSum = 0;
  let best = 32;
  let most = 0;
  for (let bin = 0; bin < 63; bin++) {
    below += bins[bin] as number;
    belowSum += (bins[bin] as number) * bin;
    const above = values.length - below;
    if (below === 0 || above === 0) continue;
    const apart = below * above * (belowSum / below - (all - belowSum) / above) ** 2;
    if (apart > most) {
      most = apart;
      best = bin + 1;
    }
  }
  return best / 64;
}
