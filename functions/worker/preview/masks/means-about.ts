/** A plane blurred into a new one. */
import { boxBlur } from '../film/restyle/planes.ts';

/** The mean of the square of `2 radius + 1` pixels about each pixel; edges repeat. */
export function meansAbout(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(values.length);
  return boxBlur(values, { width, height }, radius, out, new Float32Array(values.length));
}
