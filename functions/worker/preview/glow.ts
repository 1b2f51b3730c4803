/** Light as it is drawn: soft, additive, falling off fast. Each colour's glow is painted once and then stamped, at any size. */
import { type Canvas, createCanvas, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import type { Color } from './color.ts';
import { smoothstep } from './curves.ts';

const SIDE = 128;
/** Colours seen so far; a scene has a few dozen. */
const stamps = new Map<number, Canvas>();

/** A soft round light of `radius` pixels; `strength` 0 to 1 at its middle. */
export function halo(
  context: SKRSContext2D,
  x: number,
  y: number,
  radius: number,
  color: Color,
  strength: number,
  mode: 'lighter' | 'screen' | 'source-over' = 'screen',
): void {
  const alpha = context.globalAlpha;
  const before = context.globalCompositeOperation;
  context.globalAlpha = Math.min(1, alpha * strength);
  context.globalCompositeOperation = mode;
  context.drawImage(stampOf(color), x - radius, y - radius, radius * 2, radius * 2);
  context.globalAlpha = alpha;
  context.globalCompositeOperation = before;
}

function stampOf(color: Color): Canvas {
  const [r, g, b] = [Math.round(color[0]), Math.round(color[1]), Math.round(color[2])];
  const key = (r << 16) | (g << 8) | b;
  const known = stamps.get(key);
  if (known !== undefined) return known;
  const stamp = createCanvas(SIDE, SIDE);
  const image = new ImageData(SIDE, SIDE);
  for (let at = 0; at < image.data.length; at += 4) {
    const px = ((at / 4) % SIDE) + 0.5 - SIDE / 2;
    const py = Math.floor(at / 4 / SIDE) + 0.5 - SIDE / 2;
    const away = Math.hypot(px, py) / (SIDE / 2);
    // Falls off like light does: fast at first, with a long tail that ends at the rim.
    const light = (1 / (1 + 14 * away * away)) * smoothstep(1, 0.25, away);
    image.data[at] = r;
    image.data[at + 1] = g;
    image.data[at + 2] = b;
    image.data[at + 3] = 255 * light;
  }
  stamp.getContext('2d').putImageData(image, 0, 0);
  stamps.set(key, stamp);
  return stamp;
}
