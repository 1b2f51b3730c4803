/** Colours are [red, green, blue] in 0..255 and are mixed in OKLab, where the way between two colours stays clean instead of going grey. */
import { clamp } from './curves.ts';

export type Color = readonly [red: number, green: number, blue: number];

export function hex(code: string): Color {
  const value = Number.parseInt(code.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

export function css(color: Color, alpha = 1): string {
  return `rgba(${Math.round(color[0])}, ${Math.round(color[1])}, ${Math.round(color[2])}, ${alpha.toFixed(4)})`;
}

export function blend(from: Color, to: Color, amount: number): Color {
  const a = toLab(from);
  const b = toLab(to);
  const t = clamp(amount);
  return fromLab(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t);
}

/** Lighter (> 1) or darker (< 1), the hue kept. */
export function shade(color: Color, factor: number): Color {
  const [l, a, b] = toLab(color);
  const chroma = factor > 1 ? 1 : 0.35 + 0.65 * factor;
  return fromLab(clamp(l * factor), a * chroma, b * chroma);
}

/** More (> 1) or less (< 1) colourful. */
export function saturate(color: Color, factor: number): Color {
  const [l, a, b] = toLab(color);
  return fromLab(l, a * factor, b * factor);
}

/** Takes on the hue of `tint` by `amount` and keeps its own lightness. */
export function tinted(color: Color, tint: Color, amount: number): Color {
  const [l, a, b] = toLab(color);
  const [, ta, tb] = toLab(tint);
  return fromLab(l, a + (ta - a) * amount, b + (tb - b) * amount);
}

/** A ramp of `steps` colours through `stops`, evenly spaced, as a flat array of bytes for lookups. */
export function ramp(stops: readonly Color[], steps: number): Uint8ClampedArray {
  const table = new Uint8ClampedArray(steps * 3);
  for (let step = 0; step < steps; step++) {
    const place = (step / (steps - 1)) * (stops.length - 1);
    const low = Math.min(stops.length - 2, Math.floor(place));
    const color = blend(stops[low] as Color, stops[low + 1] as Color, place - low);
    table.set(color, step * 3);
  }
  return table;
}

function toLab(color: Color): [number, number, number] {
  const r = linear(color[0]);
  const g = linear(color[1]);
  const b = linear(color[2]);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromLab(lightness: number, a: number, b: number): Color {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    companded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    companded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    companded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function linear(channel: number): number {
  const value = clamp(channel / 255);
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function companded(value: number): number {
  const v = clamp(value);
  return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
}
