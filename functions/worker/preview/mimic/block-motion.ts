/** How far each block of a small frame has moved since the frame before, by block matching: a coarse grid of steps, with how sure each is. */

/** Frames of brightness, 0 to 255. */
export interface LumaFrame {
  readonly width: number;
  readonly height: number;
  readonly luma: Uint8Array;
}

/** In pixels of the small frame; x, y the block's middle. */
export interface BlockStep {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  /** 0 to 1: an even block could have moved anywhere. */
  readonly sure: number;
  /** It has not changed, but is too even to tell whether it moved: evidence of a still camera, not of anything that moves. */
  readonly even: boolean;
}

export const COLUMNS = 12;
/** Half a block's side and the furthest step, in pixels of a frame 160 wide: 7 a frame crosses it in a second. */
const HALF = 8;
const REACH = 7;
/** What a step of one pixel must gain for each pixel of the block, in levels of brightness: noise does not move anything. */
const INERTIA = 0.12;
/** How far from a guess the common step of several blocks is looked for. */
const NEAR = 2;
/** A block that has not changed at all says that it stands still, however even it is. */
const STILL_SURE = 0.25;
/** Levels of brightness by which a block differs at its own place when it has moved at all, if only by a part of a pixel. */
const CHANGED = 1.5;

export function rowsFor({ width, height }: Pick<LumaFrame, 'width' | 'height'>): number {
  return Math.max(3, Math.round((COLUMNS * height) / width));
}

/** One step for each of `COLUMNS` times `rowsFor` blocks, in reading order. */
export function blockSteps(before: LumaFrame, after: LumaFrame): BlockStep[] {
  const rows = rowsFor(before);
  return Array.from({ length: COLUMNS * rows }, (_, block) => {
    const x = Math.round((((block % COLUMNS) + 0.5) * before.width) / COLUMNS);
    const y = Math.round(((Math.floor(block / COLUMNS) + 0.5) * before.height) / rows);
    return stepOf(before, after, x, y);
  });
}

function stepOf(before: LumaFrame, after: LumaFrame, x: number, y: number): BlockStep {
  const costs = new Map<number, number>();
  const cost = (dx: number, dy: number): number => {
    const key = dy * 64 + dx;
    const known = costs.get(key) ?? difference(before, after, x, y, dx, dy) + INERTIA * Math.hypot(dx, dy);
    costs.set(key, known);
    return known;
  };
  const still = cost(0, 0);
  let best = { dx: 0, dy: 0, cost: still };
  for (let dy = -REACH; dy <= REACH; dy++)
    for (let dx = -REACH; dx <= REACH; dx++) {
      const found = cost(dx, dy);
      if (found < best.cost) best = { dx, dy, cost: found };
    }
  const { dx, dy } = best;
  const sides = [cost(dx - 1, dy), cost(dx + 1, dy), cost(dx, dy - 1), cost(dx, dy + 1)] as const;
  // How steeply it gets worse on every side: an edge alone says nothing of motion along it.
  const across = Math.min(sides[0], sides[1]) - best.cost;
  const down = Math.min(sides[2], sides[3]) - best.cost;
  const steep = Math.min(1, Math.max(0, (Math.min(across, down) - INERTIA) / 3));
  const fits = Math.min(1, Math.max(0, 1.4 - best.cost / 18));
  if (dx === 0 && dy === 0 && still < CHANGED) {
    const even = steep * fits < STILL_SURE;
    return { x, y, dx, dy, sure: even ? STILL_SURE : steep * fits, even };
  }
  return {
    x,
    y,
    dx: dx + vertex(sides[0], best.cost, sides[1]),
    dy: dy + vertex(sides[2], best.cost, sides[3]),
    sure: steep * fits,
    even: false,
  };
}

/** The step near `guess` that all `blocks` fit best together, in pixels: what is not told by any edge alone is told by all of them. */
export function commonStep(
  before: LumaFrame,
  after: LumaFrame,
  blocks: readonly { readonly x: number; readonly y: number; readonly weight: number }[],
  guess: { readonly x: number; readonly y: number },
): { x: number; y: number } {
  const costs = new Map<string, number>();
  const cost = (dx: number, dy: number): number => {
    const key = `${dx} ${dy}`;
    const known =
      costs.get(key) ??
      blocks.reduce((sum, { x, y, weight }) => sum + weight * difference(before, after, x, y, dx, dy), 0);
    costs.set(key, known);
    return known;
  };
  let best = { x: Math.round(guess.x), y: Math.round(guess.y) };
  const { x: midX, y: midY } = best;
  for (let dy = midY - NEAR; dy <= midY + NEAR; dy++)
    for (let dx = midX - NEAR; dx <= midX + NEAR; dx++)
      if (cost(dx, dy) < cost(best.x, best.y)) best = { x: dx, y: dy };
  const { x, y } = best;
  return {
    x: x + vertex(cost(x - 1, y), cost(x, y), cost(x + 1, y)),
    y: y + vertex(cost(x, y - 1), cost(x, y), cost(x, y + 1)),
  };
}

/** Mean difference in levels; pixels that would leave the frame do not count. */
function difference(before: LumaFrame, after: LumaFrame, x: number, y: number, dx: number, dy: number): number {
  const { width, height } = before;
  const left = Math.max(0, x - HALF, -dx);
  const right = Math.min(width, x + HALF, width - dx);
  const top = Math.max(0, y - HALF, -dy);
  const bottom = Math.min(height, y + HALF, height - dy);
  // A block half of which would leave proves nothing.
  if ((right - left) * (bottom - top) < HALF * HALF * 2) return 255;
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    let from = row * width + left;
    let to = (row + dy) * width + left + dx;
    for (let column = left; column < right; column++, from++, to++)
      sum += Math.abs((before.luma[from] as number) - (after.luma[to] as number));
  }
  return sum / ((right - left) * (bottom - top));
}

/** Where between the two neighbours the parabola through the three costs is lowest, -0.5 to 0.5. */
function vertex(low: number, middle: number, high: number): number {
  const bend = low - 2 * middle + high;
  return bend <= 1e-6 ? 0 : Math.min(0.5, Math.max(-0.5, (low - high) / (2 * bend)));
}
