/**
 * A fusion's prompt read as a script: who is called, in which order, and what each does. `@name` calls a reference; the words from one call
 * to the next are about the one that was called. Who is never called comes last, in the order of the request. Pure.
 */
import { holds, mentioned, plain } from '../words.ts';

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
