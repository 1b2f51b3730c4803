/** The way that a mask's box takes through a film, steadied: what is laid into it must not tremble with the mask's edge. */

export interface Box {
  /** The middle, and half the sides, in small pixels. */
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** Frames over which the way is smoothed, as the spread of a bell. */
const SPREAD = 2.2;
/** Pixels that lie outside the box on each side: stray ones must not stretch it. */
const STRAY = 0.01;

/** The box in each of `frames` frames; where nothing is chosen, the nearest frame's. */
export function boxesOf(chosen: (index: number) => Uint8Array, frames: number, width: number): Box[] {
  const seen = Array.from({ length: frames }, (_, index) => boxOf(chosen(index), width));
  return seen.map((_, index) => {
    let weights = 0;
    const sum = { x: 0, y: 0, halfWidth: 0, halfHeight: 0 };
    for (let near = Math.max(0, index - 6); near <= Math.min(frames - 1, index + 6); near++) {
      const box = seen[near];
      if (!box) continue;
      // As far before as after, or the ends would lag behind the motion.
      if (2 * index - near < 0 || 2 * index - near >= frames || !seen[2 * index - near]) continue;
      const weight = Math.exp(-((near - index) ** 2) / (2 * SPREAD ** 2));
      weights += weight;
      for (const key of ['x', 'y', 'halfWidth', 'halfHeight'] as const) sum[key] += weight * box[key];
    }
    if (weights === 0) return nearest(seen, index);
    return {
      x: sum.x / weights,
      y: sum.y / weights,
      halfWidth: sum.halfWidth / weights,
      halfHeight: sum.halfHeight / weights,
    };
  });
}

/** The box of what is chosen; undefined where nothing is. */
export function boxOf(chosen: Uint8Array, width: number): Box | undefined {
  const columns = new Int32Array(width);
  const rows = new Int32Array(chosen.length / width);
  let area = 0;
  for (let at = 0; at < chosen.length; at++) {
    if (chosen[at] === 0) continue;
    area++;
    const column = at % width;
    const row = Math.floor(at / width);
    columns[column] = (columns[column] as number) + 1;
    rows[row] = (rows[row] as number) + 1;
  }
  if (area === 0) return undefined;
  const [left, right] = extent(columns, area);
  const [top, bottom] = extent(rows, area);
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    halfWidth: (right - left + 1) / 2,
    halfHeight: (bottom - top + 1) / 2,
  };
}

function extent(counts: Int32Array, area: number): [number, number] {
  let low = 0;
  let high = counts.length - 1;
  for (let cut = counts[0] as number; cut <= area * STRAY && low < high; cut += counts[low] as number) low++;
  for (let cut = counts[high] as number; cut <= area * STRAY && high > low; cut += counts[high] as number) high--;
  return [low, high];
}

function nearest(seen: readonly (Box | undefined)[], index: number): Box {
  for (let away = 0; away < seen.length; away++) {
    const box = seen[index - away] ?? seen[index + away];
    if (box) return box;
  }
  return { x: 0, y: 0, halfWidth: 1, halfHeight: 1 };
}
