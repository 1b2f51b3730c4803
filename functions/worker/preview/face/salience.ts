/** The part of a picture that catches the eye: unlike the picture's edge in brightness and colour, full of detail, not far from the middle. */
import type { Box, Planes } from './planes.ts';

/** How many standard deviations from the middle of the salient mass its box reaches. */
const REACH = 1.5;

/** In pixels of the planes; always inside the picture. */
export function salientBox(planes: Planes): Box {
  const { width, height } = planes;
  const weights = weigh(planes);
  const enough = weights.toSorted()[Math.floor(weights.length * 0.72)] ?? 0;
  let [mass, sumX, sumY, squareX, squareY] = [1e-6, (1e-6 * width) / 2, (1e-6 * height) / 2, 0, 0];
  for (let at = 0; at < weights.length; at++) {
    const weight = Math.max(0, (weights[at] as number) - enough);
    const x = at % width;
    const y = Math.floor(at / width);
    mass += weight;
    sumX += weight * x;
    sumY += weight * y;
    squareX += weight * x * x;
    squareY += weight * y * y;
  }
  const [x, y] = [sumX / mass, sumY / mass];
  const halfX = bounded(REACH * Math.sqrt(Math.max(0, squareX / mass - x * x)), width * 0.12, width * 0.4);
  const halfY = bounded(REACH * Math.sqrt(Math.max(0, squareY / mass - y * y)), height * 0.12, height * 0.4);
  const left = bounded(x - halfX, 0, width - 2 * halfX);
  const top = bounded(y - halfY, 0, height - 2 * halfY);
  return { x: left, y: top, width: 2 * halfX, height: 2 * halfY };
}

function weigh({ width, height, luma, red }: Planes): Float32Array {
  const whole = { x: 0, y: 0, width, height };
  const core = { x: width * 0.1, y: height * 0.1, width: width * 0.8, height: height * 0.8 };
  const edge = { luma: luma.meanAround(core, whole), red: red.meanAround(core, whole) };
  return Float32Array.from({ length: width * height }, (_, at) => {
    const x = at % width;
    const y = Math.floor(at / width);
    const near = { x: x - 2, y: y - 2, width: 5, height: 5 };
    const unlike = Math.abs(luma.mean(near) - edge.luma) + 1.5 * Math.abs(red.mean(near) - edge.red);
    const detail = Math.abs(luma.at(x + 1, y) - luma.at(x - 1, y)) + Math.abs(luma.at(x, y + 1) - luma.at(x, y - 1));
    const off = Math.hypot(x / width - 0.5, y / height - 0.5);
    return (unlike + 0.6 * detail) * Math.max(0.1, 1 - 1.3 * off);
  });
}

function bounded(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
