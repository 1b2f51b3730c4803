/** Any change of colours as a table: worked out once for a lattice of colours, straight in between for every pixel. */
import type { Color } from '../color.ts';
import type { Alpha } from './edit-frame.ts';

const SIDE = 25;
const STEP = 255 / (SIDE - 1);

export class ColorTable {
  private readonly values = new Float32Array(SIDE ** 3 * 3);

  constructor(change: (color: Color) => Color) {
    for (let red = 0, at = 0; red < SIDE; red++)
      for (let green = 0; green < SIDE; green++)
        for (let blue = 0; blue < SIDE; blue++, at += 3)
          this.values.set(change([red * STEP, green * STEP, blue * STEP]), at);
  }

  /** Changes RGBA `pixels` in place where `alpha` says. */
  apply(pixels: Uint8ClampedArray, alpha: Alpha): void {
    const { values } = this;
    const place = [0, 0, 0];
    const part = [0, 0, 0];
    for (let at = 0; at < pixels.length; at += 4) {
      const share = alpha ? (alpha[at >> 2] as number) / 255 : 1;
      if (share === 0) continue;
      for (let channel = 0; channel < 3; channel++) {
        const scaled = (pixels[at + channel] as number) / STEP;
        const low = Math.min(SIDE - 2, scaled | 0);
        place[channel] = low;
        part[channel] = scaled - low;
      }
      const [fr, fg, fb] = part as [number, number, number];
      const from = (((place[0] as number) * SIDE + (place[1] as number)) * SIDE + (place[2] as number)) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const base = from + channel;
        const front = plane(values, base, fg, fb);
        const found = front + (plane(values, base + SIDE * SIDE * 3, fg, fb) - front) * fr;
        const own = pixels[at + channel] as number;
        pixels[at + channel] = own + (found - own) * share;
      }
    }
  }
}

function plane(values: Float32Array, at: number, green: number, blue: number): number {
  const a = values[at] as number;
  const b = values[at + 3] as number;
  const c = values[at + SIDE * 3] as number;
  const d = values[at + SIDE * 3 + 3] as number;
  const upper = a + (b - a) * blue;
  return upper + (c + (d - c) * blue - upper) * green;
}
