/**
 * How many different things were seen, in bounded room: the lowest hashes of all of them, at most `KEPT`. Up to then the
 * number is exact; beyond, it follows from how dense they lie, some 13 per cent to either side. Adding is commutative and
 * idempotent, so neither order nor repetition matters, and the number never falls. Pure.
 */
import { hash } from 'node:crypto';

export const KEPT = 64;
/** Of 48 bits: exact as a number. */
const SPAN = 2 ** 48;

/** In ascending order. */
export type Sketch = number[];

export function hashOf(text: string): number {
  return (hash('sha256', text, 'buffer') as Buffer).readUIntBE(0, 6);
}

/** Adds what has this hash, in place. */
export function add(sketch: Sketch, hashed: number): void {
  const isFull = sketch.length >= KEPT;
  if (isFull && hashed >= (sketch.at(-1) ?? 0)) return;
  let [low, high] = [0, sketch.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sketch[middle] ?? 0) < hashed) low = middle + 1;
    else high = middle;
  }
  if (sketch[low] === hashed) return;
  sketch.splice(low, 0, hashed);
  if (isFull) sketch.pop();
}

export function sizeOf(sketch: readonly number[]): number {
  if (sketch.length < KEPT) return sketch.length;
  return Math.max(KEPT, Math.round(((KEPT - 1) * SPAN) / ((sketch.at(-1) ?? 0) + 1)));
}
