/** Which kind of transition the words ask for. Where they ask for none, the seed draws one. */
import type { Random } from '../random.ts';
import { holds } from '../words.ts';
import { burn } from './burn.ts';
import type { ChangeBuilder } from './change.ts';
import { dissolve } from './dissolve.ts';
import { iris } from './iris.ts';
import { lightSweep } from './light-sweep.ts';
import { ripple } from './ripple.ts';
import { whip } from './whip.ts';
import { zoomThrough } from './zoom-through.ts';

export const CHANGES = { dissolve, lightSweep, iris, whip, burn, zoomThrough, ripple } as const satisfies Readonly<
  Record<string, ChangeBuilder>
>;

export type ChangeName = keyof typeof CHANGES;

/** Weight, then the words that have it, separated by commas. A word that names a transition outweighs any that only suggests one. */
type WordList = readonly (readonly [weight: number, words: string])[];

const WORDS: Readonly<Record<ChangeName, WordList>> = {
  dissolve: [
    [6, 'dissolve, morph, cross fade, crossfade, 溶解'],
    [4, 'fade, blend, transform, transforms, turn into, turning into, 变成'],
    [3, 'become, evolve'],
    [2, 'age, grow, season'],
    [1, 'slowly'],
  ],
  lightSweep: [
    [6, 'light sweep, light leak, sweep of light'],
    [4, 'flash, 光'],
    [3, 'light, lightning'],
    [2, 'sunrise, dawn, sun, glow, shine, ray'],
    [1, 'day'],
  ],
  iris: [
    [6, 'iris, 圆'],
    [4, 'circle, spotlight, keyhole'],
    [3, 'eye, bubble, lens'],
    [2, 'open, opening, reveal, moon'],
  ],
  whip: [
    [6, 'whip, whip pan'],
    [5, 'swipe, slide, swish'],
    [4, 'push, pan'],
    [3, 'turn around'],
    [2, 'quick, fast, rush, drive, driving, train, race'],
  ],
  burn: [
    [6, 'burn, burning'],
    [4, 'fire, flame, ash, ember, lava, 火'],
    [3, 'explode, explosion, decay'],
    [2, 'smoke, paper'],
  ],
  zoomThrough: [
    [6, 'zoom through, fly through, 穿越'],
    [5, 'zoom, portal, tunnel, push in'],
    [4, 'dive, diving, go inside'],
    [3, 'enter'],
    [2, 'travel, fly, flying'],
  ],
  ripple: [
    [6, 'ripple'],
    [5, 'liquid'],
    [4, 'melt, water, 水'],
    [3, 'wave, dream, pour'],
    [2, 'sea, ocean, lake, rain'],
  ],
};

/** The kind that `text` (made by `plain`) asks for most; the first of the table where two are asked for alike. */
export function chooseChange(text: string, random: Random): ChangeName {
  const names = Object.keys(CHANGES) as [ChangeName, ...ChangeName[]];
  const weights = names.map(name => weigh(text, WORDS[name]));
  const most = Math.max(...weights);
  return most === 0 ? random.pick(names) : (names[weights.indexOf(most)] ?? 'dissolve');
}

function weigh(text: string, list: WordList): number {
  let sum = 0;
  for (const [weight, words] of list) sum += weight * words.split(', ').filter(word => holds(text, word)).length;
  return sum;
}

/** The way it goes, when the words say one. */
export function headingIn(text: string): readonly [x: number, y: number] | undefined {
  if (holds(text, 'left')) return [-1, 0];
  if (holds(text, 'right')) return [1, 0];
  if (holds(text, 'up') || holds(text, 'upward')) return [0, -1];
  if (holds(text, 'down') || holds(text, 'downward')) return [0, 1];
  return undefined;
}
