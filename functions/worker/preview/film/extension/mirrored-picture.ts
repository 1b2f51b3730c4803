/** A picture with itself mirrored around its edges: what a camera sees that moves beyond them. */
import type { Picture } from '../../picture/open-picture.ts';

/** Of each side: as far as any camera move looks out. */
const MARGIN = 0.16;

export function mirrored({ pixels, width, height }: Picture): { picture: Picture; margin: { x: number; y: number } } {
  const margin = { x: Math.ceil(width * MARGIN), y: Math.ceil(height * MARGIN) };
  const across = width + 2 * margin.x;
  const down = height + 2 * margin.y;
  const out = new Uint32Array(across * down);
  const columns = Array.from({ length: across }, (_, x) => reflect(x - margin.x, width));
  for (let y = 0, at = 0; y < down; y++) {
    const row = reflect(y - margin.y, height) * width;
    for (let x = 0; x < across; x++, at++) out[at] = pixels[row + (columns[x] as number)] as number;
  }
  return { picture: { pixels: out, width: across, height: down }, margin };
}

function reflect(at: number, length: number): number {
  return at < 0 ? -1 - at : at >= length ? 2 * length - 1 - at : at;
}
