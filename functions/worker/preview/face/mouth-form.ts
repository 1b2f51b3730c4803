/**
 * The form of an opened mouth. Lengths are in half widths of the closed mouth, `u` across and `v` down from its middle. The picture
 * above the mouth's line moves up a little, the one below moves down with the jaw; the movement dies away before `BOX` ends.
 */
import type { MouthShape } from '../voice/visemes.ts';

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
