/** Opens a mouth in a picture: the picture is bent apart at the mouth's line, and the gap shows the inside of a mouth in the picture's own light. */
import type { Color } from '../drawing/color.ts';
import { clamp, smoothstep } from '../drawing/curves.ts';
import type { MouthShape } from '../speech/mouth-track.ts';

export interface Spot {
  /** The middle of the mouth, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Half its width, in pixels. */
  readonly half: number;
  /** 0 to 1: how much of lips must be drawn because the picture shows none. */
  readonly bare: number;
}

interface Look {
  readonly form: Form;
  readonly shape: MouthShape;
  readonly colors: MouthColors;
  readonly bare: number;
  /** One pixel, in half widths. */
  readonly pixel: number;
}

const LIP = { upper: 0.15, lower: 0.22 } as const;

/** Paints the mouth into RGBA `pixels` of `width` x `height`. */
export function paintMouth(
  pixels: Uint8ClampedArray,
  width: number,
  height: number,
  spot: Spot,
  shape: MouthShape,
): void {
  const { x, y, half, bare } = spot;
  const left = Math.max(0, Math.ceil(x + BOX.left * half));
  const right = Math.min(width, Math.floor(x + BOX.right * half));
  const top = Math.max(0, Math.ceil(y + BOX.top * half));
  const bottom = Math.min(height, Math.floor(y + BOX.bottom * half));
  if (right <= left || bottom <= top || half < 1) return;
  const colors = mouthColors(pixels, width, height, spot);
  const look: Look = { form: formOf(shape), shape, colors, bare, pixel: 1 / half };
  const before = pixels.slice(top * width * 4, bottom * width * 4);
  const rows = bottom - top;
  const origin = { u: 0, v: 0 };
  const rgb: [number, number, number] = [0, 0, 0];
  for (let column = left; column < right; column++) {
    const u = (column - x) / half;
    const rise = look.form.rise(u);
    const drop = look.form.drop(u);
    for (let row = 0; row < rows; row++) {
      const v = (row + top - y) / half;
      look.form.origin(u, v, rise, drop, origin);
      sample(before, width, rows, x + origin.u * half, y + origin.v * half - top, rgb);
      paintLips(look, u, v, rise, drop, rgb);
      paintInside(look, u, v, rise, drop, rgb);
      pixels.set(rgb, ((row + top) * width + column) * 4);
    }
  }
}

function sample(from: Uint8ClampedArray, width: number, rows: number, x: number, y: number, rgb: number[]): void {
  const cx = clamp(x, 0, width - 1.001);
  const cy = clamp(y, 0, rows - 1.001);
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const fx = cx - x0;
  const fy = cy - y0;
  const at = (y0 * width + x0) * 4;
  const below = Math.min(rows - 1, y0 + 1) * width * 4 + x0 * 4;
  for (let channel = 0; channel < 3; channel++) {
    const upper =
      (from[at + channel] as number) * (1 - fx) + (from[at + 4 + channel] ?? (from[at + channel] as number)) * fx;
    const lower =
      (from[below + channel] as number) * (1 - fx) +
      (from[below + 4 + channel] ?? (from[below + channel] as number)) * fx;
    rgb[channel] = upper * (1 - fy) + lower * fy;
  }
}

/** A soft tint around the opening, thinner to the corners, with light on the lower lip and a shadow below it. */
function paintLips(look: Look, u: number, v: number, rise: number, drop: number, rgb: number[]): void {
  const { form, shape, colors, bare } = look;
  const across = Math.abs(u) / (form.reach * 1.06);
  if (across >= 1) return;
  const taper = Math.sqrt(1 - across * across);
  const outside = v > drop ? v - drop : v < -rise ? -rise - v : 0;
  const thick = (v > 0 ? LIP.lower : LIP.upper) * (0.35 + 0.65 * taper) * (1 + 0.25 * Math.max(0, -shape.wide));
  const strength = 0.18 * smoothstep(0, 0.25, shape.open) + 0.5 * bare;
  const on = smoothstep(thick * 1.15, thick * 0.45, outside) * taper ** 0.5 * strength;
  mixInto(rgb, colors.lip, on);
  if (v <= 0) return;
  const gleam = Math.exp(-(((outside - thick * 0.45) / (thick * 0.3)) ** 2)) * Math.exp(-((u / 0.4) ** 2));
  const shade = Math.exp(-(((outside - thick * 1.5) / (thick * 0.6)) ** 2)) * taper;
  const lit = 1 + 0.13 * gleam * strength - 0.11 * shade * (0.5 * shape.open + 0.5 * bare);
  for (let channel = 0; channel < 3; channel++) rgb[channel] = (rgb[channel] as number) * lit;
}

/** The dark of the mouth, the upper teeth, the tongue; on a closed mouth that the picture lacks, the line between the lips. */
function paintInside(look: Look, u: number, v: number, rise: number, drop: number, rgb: number[]): void {
  const { form, shape, colors, bare, pixel } = look;
  const gap = rise + drop;
  const line = bare * 0.55 * Math.sqrt(Math.max(0, 1 - (u / form.reach) ** 2));
  if (line > 0) mixInto(rgb, colors.throat, line * Math.exp(-((v / Math.max(0.035, pixel)) ** 2)) * (1 - shape.open));
  if (gap <= pixel * 0.2) return;
  const covered = clamp((v + rise) / pixel + 0.5) * clamp((drop - v) / pixel + 0.5);
  if (covered === 0) return;
  const deep = (v + rise) / gap;
  const inside: [number, number, number] = [colors.throat[0], colors.throat[1], colors.throat[2]];
  const corner = Math.abs(u) / form.reach;
  mixInto(inside, colors.tongue, 0.75 * smoothstep(0.5, 1, deep) * smoothstep(0.85, 0.2, corner) * shape.open);
  const bite = 0.05 + 0.15 * shape.teeth;
  const tooth = smoothstep(bite + 0.035, bite - 0.01, v + rise) * smoothstep(0.88, 0.6, corner);
  mixInto(inside, colors.teeth, 0.86 * tooth * smoothstep(0.02, 0.3, shape.teeth));
  // The lips shade what lies behind them.
  const shaded = 0.62 + 0.38 * smoothstep(0, 0.12, Math.min(v + rise, drop - v));
  for (let channel = 0; channel < 3; channel++) inside[channel] = (inside[channel] as number) * shaded;
  mixInto(rgb, inside, covered);
}

function mixInto(rgb: number[], color: Color, amount: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const from = rgb[channel] as number;
    rgb[channel] = from + ((color[channel] as number) - from) * amount;
  }
}

// The form of an opened mouth. Lengths are in half widths of the closed mouth, `u` across and `v` down from its middle. The picture
// above the mouth's line moves up a little, the one below moves down with the jaw; the movement dies away before `BOX` ends.

/** How far around the middle anything moves. */
export const BOX = { left: -2.2, right: 2.2, top: -1.25, bottom: 2.3 } as const;

const MOST_UP = 0.17;
const MOST_DOWN = 0.62;
const ROUNDER = 0.34;
const WIDER = 0.13;

export interface Form {
  /** Half the opening's width. */
  readonly reach: number;
  /** How high the upper lip and how low the lower lip stands at `u`; both 0 outside the opening. */
  rise(u: number): number;
  drop(u: number): number;
  /** Where a point outside the opening comes from. */
  origin(u: number, v: number, rise: number, drop: number, out: { u: number; v: number }): void;
}

export function formOf({ open, wide }: MouthShape): Form {
  const stretch = wide > 0 ? 1 + WIDER * wide : 1 + ROUNDER * wide;
  const reach = 0.94 * stretch;
  // A rounded mouth opens as an oval, one drawn wide as a slit.
  const tall = open * (1 - 0.18 * Math.max(0, wide));
  const arch = (u: number): number => {
    const across = u / reach;
    return across * across >= 1 ? 0 : (1 - across * across) ** 0.72;
  };
  return {
    reach,
    rise: u => MOST_UP * tall * arch(u),
    drop: u => MOST_DOWN * tall * arch(u),
    origin(u, v, rise, drop, out) {
      const fade = Math.exp(-0.5 * u * u - 2.2 * v * v) * edge(u, v);
      out.u = u / (1 + (stretch - 1) * fade);
      out.v = v;
      if (v > 0) {
        const t = Math.min(1, (v - drop) / (BOX.bottom - drop));
        const jaw = 0.16 * tall * Math.exp(-(u * u) / 1.3) * Math.sin(Math.PI * t) * (1 - t);
        out.v = v - drop * (1 - t) ** 1.5 - jaw * edge(u, v);
      } else {
        const t = Math.min(1, (-v - rise) / (-BOX.top - rise));
        out.v = v + rise * (1 - t) ** 1.5;
      }
    },
  };
}

/** 1 in the middle of the box, 0 at its sides. */
function edge(u: number, v: number): number {
  const across = Math.min(1, Math.abs(u) / BOX.right);
  const along = v > 0 ? v / BOX.bottom : v / BOX.top;
  return (1 - across ** 4) * (1 - Math.min(1, along) ** 4);
}

// The colours of a mouth, taken from the picture about it, so that it is lit as the picture is.

export interface MouthColors {
  readonly lip: Color;
  readonly throat: Color;
  readonly tongue: Color;
  readonly teeth: Color;
}

/** Places about the mouth, in half widths of it: cheeks, chin, below the nose. */
const AROUND = [
  [-1.35, -0.15],
  [1.35, -0.15],
  [-1.2, 0.55],
  [1.2, 0.55],
  [0, 1.05],
  [-0.55, 0.95],
  [0.55, 0.95],
] as const;

/** Of RGBA `pixels` about the mouth at `spot`. */
export function mouthColors(pixels: Uint8ClampedArray, width: number, height: number, spot: Spot): MouthColors {
  const channel = (of: number): number => {
    const values = AROUND.map(([u, v]) => {
      const x = Math.round(clamp(spot.x + u * spot.half, 0, width - 1));
      const y = Math.round(clamp(spot.y + v * spot.half, 0, height - 1));
      return pixels[(y * width + x) * 4 + of] as number;
    }).sort((a, b) => a - b);
    return values[values.length >> 1] as number;
  };
  const [r, g, b] = [channel(0), channel(1), channel(2)];
  const light = clamp((0.3 * r + 0.59 * g + 0.11 * b) / 185, 0.3, 1.1);
  const lit = (red: number, green: number, blue: number): Color => [red * light, green * light, blue * light];
  return {
    lip: [r * 0.85, g * 0.62, b * 0.62],
    throat: lit(48, 14, 16),
    tongue: lit(160, 76, 76),
    teeth: lit(224, 217, 205),
  };
}
