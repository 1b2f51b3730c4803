/** The places of a frame that catch the eye, for close shots: where there is most detail. Pure. */

export interface Point {
  /** Fractions of the frame. */
  readonly x: number;
  readonly y: number;
}

const COLUMNS = 16;
const ROWS = 9;
/** The second place is not the first again. */
const APART = 0.3;
/** How much the middle counts for more than the edge: a subject is seldom in a corner. */
const CENTRAL = 0.45;

/** The two places of most detail, the first in front. `pixels` are RGBA. */
export function focusOf(pixels: Uint8ClampedArray, width: number, height: number): readonly [Point, Point] {
  const cells = Array.from({ length: COLUMNS * ROWS }, (_, index) => ({
    x: ((index % COLUMNS) + 0.5) / COLUMNS,
    y: (Math.floor(index / COLUMNS) + 0.5) / ROWS,
    detail: 0,
  }));
  for (let y = 1; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const here = luma(pixels, y * width + x);
      const change =
        Math.abs(here - luma(pixels, y * width + x - 1)) + Math.abs(here - luma(pixels, (y - 1) * width + x));
      const cell = cells[Math.floor((y / height) * ROWS) * COLUMNS + Math.floor((x / width) * COLUMNS)];
      // An edge counts by more than its steps: grass and waves have many small ones.
      if (cell) cell.detail += change * change;
    }
  }
  const ranked = cells
    .map(({ detail, ...point }) => ({
      point,
      weight: detail * (1 - CENTRAL * 2 * Math.hypot(point.x - 0.5, point.y - 0.5)),
    }))
    .sort((one, other) => other.weight - one.weight)
    .map(({ point }) => point);
  const first = ranked[0] ?? { x: 0.5, y: 0.5 };
  const second = ranked.find(({ x, y }) => Math.hypot(x - first.x, y - first.y) > APART) ?? first;
  return [first, second];
}

/** Where the window of a framing lies in a picture of this size: within it, and as near to the point as that allows. */
export function windowAt(
  { x, y }: Point,
  zoom: number,
  width: number,
  height: number,
): { left: number; top: number; width: number; height: number } {
  const size = { width: width / zoom, height: height / zoom };
  const within = (middle: number, part: number, all: number): number =>
    Math.min(all - part, Math.max(0, middle * all - part / 2));
  return { left: within(x, size.width, width), top: within(y, size.height, height), ...size };
}

function luma(pixels: Uint8ClampedArray, pixel: number): number {
  const at = pixel * 4;
  return 0.3 * (pixels[at] ?? 0) + 0.59 * (pixels[at + 1] ?? 0) + 0.11 * (pixels[at + 2] ?? 0);
}
