/**
 * A fusion's prompt read as a script: who is called, in which order, and what each does. `@name` calls a reference; the words from one call
 * to the next are about the one that was called. Who is never called comes last, in the order of the request. Pure.
 */

import { mix } from '../drawing/curves.ts';
import { holds, mentioned, plain } from '../reading/words.ts';

export type Action = 'stand' | 'walk' | 'run' | 'jump' | 'fly' | 'dance' | 'spin' | 'swim' | 'approach' | 'grow';

export interface Role<R> {
  readonly reference: R;
  readonly action: Action;
  /** Where the words put it; undefined where they do not say. */
  readonly side?: 'left' | 'right' | 'middle';
  readonly depth?: 'front' | 'back';
  /** Which way it goes. */
  readonly heading?: 'left' | 'right';
}

const ACTION_WORDS: Readonly<Record<Exclude<Action, 'stand'>, readonly string[]>> = {
  jump: ['jump', 'jumping', 'hop', 'hopping', 'bounce', 'bouncing', 'leap', 'leaping', '跳'],
  fly: ['fly', 'flying', 'float', 'floating', 'hover', 'hovering', 'soar', 'soaring', 'in the sky', 'in the air', '飞'],
  dance: ['dance', 'dancing', 'party', 'sing', 'singing', 'celebrate', '跳舞'],
  spin: ['spin', 'spinning', 'rotate', 'rotating', 'turn', 'turning', '旋转'],
  swim: ['swim', 'swimming', 'sail', 'sailing', 'drift', 'drifting', 'dive', 'diving', '游'],
  run: ['run', 'running', 'chase', 'chasing', 'race', 'racing', 'rush', 'gallop', '跑'],
  walk: ['walk', 'walking', 'stroll', 'strolling', 'cross', 'crossing', 'enter', 'entering', 'march', '走'],
  approach: ['approach', 'approaching', 'come closer', 'coming closer', 'towards the camera', 'to the camera'],
  grow: ['grow', 'growing', 'appear', 'appearing', 'rise', 'rising'],
};
const LEFT = ['on the left', 'at left', 'left side', 'to the left of'];
const RIGHT = ['on the right', 'at right', 'right side', 'to the right of'];
const MIDDLE = ['in the middle', 'in the center', 'in the centre'];
const FRONT = ['in front', 'in the foreground', 'close up', 'foreground'];
const BACK = ['behind', 'in the back', 'in the background', 'in the distance', 'far away', 'background'];

/** The roles of the references in the order of the prompt. */
export function readScript<R extends { readonly name: string }>(prompt: string, references: readonly R[]): Role<R>[] {
  const calls = callsIn(prompt, references);
  const opening = plain(prompt.slice(0, calls[0]?.at ?? prompt.length));
  const roles = calls.map(({ reference, end }, index) =>
    roleOf(reference, plain(prompt.slice(end, calls[index + 1]?.at)), opening),
  );
  const silent = references.filter(reference => !calls.some(call => call.reference === reference));
  return [...roles, ...silent.map(reference => roleOf(reference, ' ', opening))];
}

/** The prompt without its calls: what it says of the scene. */
export function withoutCalls(prompt: string, references: readonly { readonly name: string }[]): string {
  let text = prompt;
  for (const { name } of byLength(references)) text = text.replaceAll(`@${name}`, ' ');
  return text;
}

interface Call<R> {
  readonly reference: R;
  readonly at: number;
  readonly end: number;
}

/** The first call of each reference, in the order of the prompt. A longer name is tried first: `@cat2` does not call `cat`. */
function callsIn<R extends { readonly name: string }>(prompt: string, references: readonly R[]): Call<R>[] {
  const calls: Call<R>[] = [];
  const taken: [from: number, to: number][] = [];
  for (const reference of byLength(references)) {
    const call = `@${reference.name}`;
    let first: Call<R> | undefined;
    for (let at = prompt.indexOf(call); at !== -1; at = prompt.indexOf(call, at + 1)) {
      const end = at + call.length;
      if (taken.some(([from, to]) => at >= from && at < to) || /^[\p{L}\p{N}_]/u.test(prompt.slice(end))) continue;
      taken.push([at, end]);
      first ??= { reference, at, end };
    }
    if (first !== undefined) calls.push(first);
  }
  return calls.sort((one, other) => one.at - other.at);
}

function byLength<R extends { readonly name: string }>(references: readonly R[]): R[] {
  return references.toSorted((one, other) => other.name.length - one.name.length);
}

/** `about` is what is said of it, `opening` what was said before anyone was called. */
function roleOf<R>(reference: R, about: string, opening: string): Role<R> {
  const any = (phrases: readonly string[]): boolean => phrases.some(phrase => holds(about, phrase));
  const [action] = [...mentioned(about, ACTION_WORDS), ...mentioned(opening, ACTION_WORDS)];
  const side = any(LEFT) ? 'left' : any(RIGHT) ? 'right' : any(MIDDLE) ? 'middle' : undefined;
  const depth = any(FRONT) ? 'front' : any(BACK) ? 'back' : undefined;
  const heading = holds(about, 'to the left') ? 'left' : holds(about, 'to the right') ? 'right' : undefined;
  return {
    reference,
    action: action ?? 'stand',
    ...(side && { side }),
    ...(depth && { depth }),
    ...(heading && { heading }),
  };
}

// Where everybody stands. The first in the script is nearest, largest and most in the middle; the further down, the deeper and the more to
// the sides. Everybody has a place of their own across the frame, so that nobody is hidden. Pure; all in fractions of the frame.

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
