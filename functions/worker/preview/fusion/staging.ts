/**
 * Where everybody stands. The first in the script is nearest, largest and most in the middle; the further down, the deeper and the more to
 * the sides. Everybody has a place of their own across the frame, so that nobody is hidden. Pure; all in fractions of the frame.
 */
import { mix } from '../curves.ts';
import type { Role } from './script.ts';

export interface Spot {
  /** The middle of the feet. */
  readonly x: number;
  readonly y: number;
  /** The box that the figure fits in. */
  readonly width: number;
  readonly height: number;
  /** 0 far, 1 near: the order of drawing and how the camera moves it. */
  readonly depth: number;
}

/** Half the width of the frame is used up to here, so that a figure at the side is not cut off. */
const EDGE = 0.1;

export function stage(roles: readonly Pick<Role<unknown>, 'side' | 'depth' | 'action'>[]): Spot[] {
  const places = placesFor(roles);
  const count = roles.length;
  return roles.map(({ depth: said, action }, index) => {
    const rank = count === 1 ? 0 : index / (count - 1);
    const near = said === 'front' ? 1 : said === 'back' ? 0.28 : mix(0.95, 0.42, rank);
    const room = (1 - EDGE) / count;
    const aloft = action === 'fly' ? mix(0.2, 0.3, rank) : 0;
    return {
      x: places[index] as number,
      y: mix(0.74, 0.95, near) - aloft,
      width: Math.min(0.62, room * mix(1.25, count > 4 ? 1.4 : 1.7, near)),
      height: mix(0.42, 0.74, near) * (count > 4 ? 0.86 : 1) * (aloft > 0 ? 0.74 : 1),
      depth: near,
    };
  });
}

/** One place across the frame for each role: those that the words put to a side first, then from the middle outwards. */
function placesFor(roles: readonly Pick<Role<unknown>, 'side'>[]): number[] {
  const count = roles.length;
  const free = Array.from({ length: count }, (_, index) => mix(EDGE, 1 - EDGE, (index + 0.5) / count));
  const places = new Array<number>(count).fill(0.5);
  const take = (index: number, wished: number): void => {
    const nearest = free.reduce((best, place) => (Math.abs(place - wished) < Math.abs(best - wished) ? place : best));
    free.splice(free.indexOf(nearest), 1);
    places[index] = nearest;
  };
  const wished = { left: 0, right: 1, middle: 0.5 };
  for (const [index, { side }] of roles.entries()) if (side !== undefined) take(index, wished[side]);
  // A hair left of the middle: of two, the first called stands at the left, as one reads.
  for (const [index, { side }] of roles.entries()) if (side === undefined) take(index, 0.49);
  return places;
}
