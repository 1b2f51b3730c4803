/**
 * Opens a mouth in a picture: the picture is bent apart at the mouth's line, and the gap shows the inside of a mouth in the picture's own
 * light. Lengths are in half widths of the closed mouth, `u` across and `v` down from its middle.
 */
import type { Color } from '../drawing/color.ts';
import { clamp, mix, smoothstep } from '../drawing/curves.ts';
import type { MouthShape } from '../speech/mouth-track.ts';
import { between } from '../subject/alpha.ts';

export interface Spot {
  /** The middle of the mouth, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Half its width, in pixels. */
  readonly half: number;
  /** 0 to 1: how much of lips must be drawn because the picture shows none. */
  readonly bare: number;
}

/** How far around the middle anything moves. */
export const BOX = { left: -2.2, right: 2.2, top: -1.25, bottom: 2.3 } as const;
const MOST_UP = 0.17;
const MOST_DOWN = 0.62;
/** How much narrower a rounded mouth is, and how much wider one drawn wide. */
const ROUNDER = 0.34;
const WIDER = 0.13;
const LIP = 0.2;

/** Paints the mouth into RGBA `pixels` of `width` x `height`. */
export function paintMouth(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  spot: Spot,
  shape: MouthShape,
): void {
  const { x, y, half, bare } = spot;
  const { open, wide, teeth } = shape;
  const left = Math.max(0, Math.ceil(x + BOX.left * half));
  const right = Math.min(width, Math.floor(x + BOX.right * half));
  const top = Math.max(0, Math.ceil(y + BOX.top * half));
  const bottom = Math.min(height, Math.floor(y + BOX.bottom * half));
  if (right - left < 2 || bottom - top < 2 || half < 1) return;
  const [r, g, b] = skinAbout(pixels, width, height, spot);
  const light = clamp((0.3 * r + 0.59 * g + 0.11 * b) / 185, 0.3, 1.1);
  const [rows, columns] = [bottom - top, right - left];
  const before = [0, 1, 2].map(channel =>
    Float32Array.from({ length: rows * columns }, (_, at) => {
      const from = (top + Math.floor(at / columns)) * width + left + (at % columns);
      return pixels[from * 4 + channel] as number;
    }),
  );
  const stretch = 1 + (wide > 0 ? WIDER : ROUNDER) * wide;
  const reach = 0.94 * stretch;
  // A rounded mouth opens as an oval, one drawn wide as a slit.
  const tall = open * (1 - 0.18 * Math.max(0, wide));
  for (let column = left; column < right; column++) {
    const u = (column - x) / half;
    const across = Math.min(1, (u / reach) ** 2);
    const arch = (1 - across) ** 0.72;
    const [rise, drop] = [MOST_UP * tall * arch, MOST_DOWN * tall * arch];
    for (let row = top; row < bottom; row++) {
      const v = (row - y) / half;
      // The picture above the line moves up a little, the one below goes down with the jaw; both die away towards the box's edge.
      const far = v > 0 ? (v - drop) / (BOX.bottom - drop) : (v + rise) / (BOX.top + rise);
      const moved = (1 - clamp(far)) ** 1.5;
      const fade = Math.exp(-0.5 * u * u - 2.2 * v * v) * (1 - Math.min(1, Math.abs(u) / BOX.right) ** 4);
      const px = clamp(x + (u / (1 + (stretch - 1) * fade)) * half - left, 0, columns - 1.001);
      const py = clamp(y + (v + (v > 0 ? -drop : rise) * moved) * half - top, 0, rows - 1.001);
      const from = Math.floor(py) * columns + Math.floor(px);
      const outside = Math.max(0, v - drop, -v - rise);
      const lips =
        smoothstep(LIP, LIP * 0.4, outside) * Math.sqrt(1 - across) * (0.18 * smoothstep(0, 0.25, open) + 0.5 * bare);
      const line = bare * 0.55 * Math.sqrt(1 - across) * Math.exp(-((v / Math.max(0.035, 1 / half)) ** 2)) * (1 - open);
      const gap = clamp((v + rise) * half + 0.5) * clamp((drop - v) * half + 0.5);
      const inside = rise + drop > 0.2 / half ? gap : 0;
      const inner = inside === 0 ? THROAT : insideAt(v + rise, rise + drop, Math.sqrt(across), shape, teeth);
      for (let channel = 0; channel < 3; channel++) {
        const skin = between(before[channel] as Float32Array, from, columns, px % 1, py % 1);
        const lip = mix(skin, [r * 0.85, g * 0.62, b * 0.62][channel] as number, lips);
        const shut = mix(lip, (THROAT[channel] as number) * light, line);
        pixels[(row * width + column) * 4 + channel] = mix(shut, (inner[channel] as number) * light, inside);
      }
    }
  }
}

const THROAT: Color = [48, 14, 16];
const TONGUE: Color = [160, 76, 76];
const TEETH: Color = [224, 217, 205];

/** The dark of the mouth, the tongue at its bottom, the upper teeth at its top. */
function insideAt(down: number, gap: number, corner: number, { open }: MouthShape, teeth: number): Color {
  const tongue = 0.75 * smoothstep(0.5, 1, down / gap) * smoothstep(0.85, 0.2, corner) * open;
  const bite = 0.05 + 0.15 * teeth;
  const tooth =
    0.86 * smoothstep(bite + 0.035, bite - 0.01, down) * smoothstep(0.88, 0.6, corner) * smoothstep(0.02, 0.3, teeth);
  // The lips shade what lies behind them.
  const shaded = 0.62 + 0.38 * smoothstep(0, 0.12, Math.min(down, gap - down));
  const at = (channel: 0 | 1 | 2): number =>
    mix(mix(THROAT[channel], TONGUE[channel], tongue), TEETH[channel], tooth) * shaded;
  return [at(0), at(1), at(2)];
}

/** Places about the mouth, in half widths of it: cheeks, chin, below the nose. */
const AROUND = [
  [-1.35, -0.15],
  [1.35, -0.15],
  [-1.2, 0.55],
  [1.2, 0.55],
  [0, 1.05],
] as const;

/** The middle colour of what lies about the mouth. */
function skinAbout(pixels: Uint8ClampedArray, width: number, height: number, { x, y, half }: Spot): Color {
  const middle = (channel: number): number => {
    const values = AROUND.map(([u, v]) => {
      const column = Math.round(clamp(x + u * half, 0, width - 1));
      const row = Math.round(clamp(y + v * half, 0, height - 1));
      return pixels[(row * width + column) * 4 + channel] as number;
    });
    return values.sort((one, other) => one - other)[values.length >> 1] as number;
  };
  return [middle(0), middle(1), middle(2)];
}
