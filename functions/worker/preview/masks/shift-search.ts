/** Where the pixels of one part of a frame have gone in the next: the whole step in whole pixels at which they differ least. */
import type { LabPlanes } from './lab-planes.ts';

export interface Shift {
  readonly x: number;
  readonly y: number;
}

/** Pixels of a 240-pixel frame: an object that crosses it in half a second moves 20 of them a frame. */
const REACH = 14;
const MOST_SAMPLES = 700;
/** What each pixel of a longer step must gain in colour units: with nothing to tell steps apart, the part stays. */
const INERTIA = 0.06;

/** Looks around `guess`, the step that the part took before. */
export function findShift(before: LabPlanes, after: LabPlanes, own: readonly number[], guess: Shift): Shift {
  const stride = Math.max(1, Math.floor(own.length / MOST_SAMPLES));
  const cost = (x: number, y: number): number =>
    difference(before, after, own, stride, x, y) +
    INERTIA * Math.min(Math.hypot(x, y), Math.hypot(x - guess.x, y - guess.y));
  let best = { x: 0, y: 0, cost: cost(0, 0) };
  const look = (x: number, y: number): void => {
    const found = cost(x, y);
    if (found < best.cost) best = { x, y, cost: found };
  };
  for (let y = -REACH; y <= REACH; y += 2) for (let x = -REACH; x <= REACH; x += 2) look(x, y);
  look(guess.x, guess.y);
  const { x: midX, y: midY } = best;
  for (let y = -1; y <= 1; y++) for (let x = -1; x <= 1; x++) if (x !== 0 || y !== 0) look(midX + x, midY + y);
  return { x: best.x, y: best.y };
}

/** Mean difference in colour units; pixels that leave the frame count as little, so that parts may leave. */
function difference(
  before: LabPlanes,
  after: LabPlanes,
  own: readonly number[],
  stride: number,
  x: number,
  y: number,
): number {
  const { width, height } = before;
  let [sum, count] = [0, 0];
  for (let index = 0; index < own.length; index += stride, count++) {
    const at = own[index] as number;
    const column = (at % width) + x;
    const row = Math.floor(at / width) + y;
    if (column < 0 || column >= width || row < 0 || row >= height) {
      sum += LEAVING;
      continue;
    }
    const to = row * width + column;
    sum += Math.min(
      MOST_DIFFERENCE,
      Math.abs((before.l[at] as number) - (after.l[to] as number)) +
        Math.abs((before.a[at] as number) - (after.a[to] as number)) +
        Math.abs((before.b[at] as number) - (after.b[to] as number)),
    );
  }
  return sum / Math.max(1, count);
}

const LEAVING = 9;
const MOST_DIFFERENCE = 40;
