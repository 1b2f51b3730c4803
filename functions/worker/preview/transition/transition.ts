/**
 * Transitions: one between two pictures, or a chain through several, each part with its own seconds and words. Frames 0 and last, and the
 * frames where parts meet, are the caller's pictures untouched: nothing is laid over them but the label.
 */

import type { SKRSContext2D } from '@napi-rs/canvas';
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import type { Color } from '../drawing/color.ts';
import { clamp, smoothstep } from '../drawing/curves.ts';
import { makeNoises, Random } from '../drawing/random.ts';
import { imageWorld } from '../image/image-scene.ts';
import { type Bend, type Drift, Still } from '../image/warp.ts';
import { readPrompt } from '../reading/prompt.ts';
import { holds, plain } from '../reading/words.ts';
import { makeWeather } from '../scenes/weather.ts';
import type { Scene, World } from '../scenes/world.ts';
import { addWhooshes } from '../sound/instruments.ts';
import { recordSound } from '../sound/score.ts';
import type { TransitionSource } from '../source.ts';
import { type Change, type ChangeBuilder, dissolve, iris, whip, zoomThrough } from './changes.ts';

interface Part {
  readonly leg: Leg;
  readonly weather: Scene;
  /** The frames that show its pictures alone. */
  readonly first: number;
  readonly last: number;
}

/** The frames of a transition through at least two pictures. Throws MediaError `bad_image`. */
export async function transitionScene(source: TransitionSource, format: ClipFormat): Promise<FrameSource> {
  const { width, height, fps, durationSeconds } = format;
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  const stills: Still[] = [];
  for (const path of source.imagePaths) stills.push(await Still.open(path, width, height));
  const ends = meetings(source, frames);
  const worlds = source.legs.map(leg => worldFor(source, leg.prompt, stills[0] as Still, width, height));
  const parts: Part[] = source.legs.map((words, index) => {
    const world = worlds[index] as World;
    const leg = makeLeg(stills[index] as Still, stills[index + 1] as Still, {
      prompt: words.prompt,
      seed: source.seed + index,
      fast: source.motion === 'fast',
      glow: world.direction.colors[0] ?? world.light.glow,
    });
    return { leg, weather: makeWeather(world), first: ends[index] ?? 0, last: ends[index + 1] ?? frames - 1 };
  });
  return {
    scene: parts.map(({ leg }) => leg.kind).join('+'),
    sound(rate, samples) {
      const track = recordSound(worlds[0] as World, rate, samples);
      addWhooshes(
        track,
        rate,
        parts.map(part => whooshOf(part, fps)),
        source.seed,
      );
      return track;
    },
    paint(index, { context }) {
      const { leg, weather, first, last } = parts.find(part => index <= part.last) ?? (parts.at(-1) as Part);
      const frameCount = Math.max(1, last - first);
      const progress = (index - first) / frameCount;
      leg.paint(context, progress, 1 / frameCount);
      context.save();
      context.globalAlpha = Math.sin(Math.PI * progress) ** 0.7;
      if (progress > 0 && progress < 1)
        weather.paint(context, { time: index / fps, progress, camera: { x: 0, y: 0, zoom: 1, roll: 0, stretch: 0 } });
      context.restore();
    },
  };
}

/** The frames on which the pictures stand alone: the first, where parts meet by their seconds, the last. */
function meetings({ legs }: TransitionSource, frames: number): number[] {
  const total = legs.reduce((sum, { seconds }) => sum + seconds, 0);
  const passedAfter = (count: number): number => legs.slice(0, count).reduce((sum, { seconds }) => sum + seconds, 0);
  return [...legs.keys(), legs.length].map(count => Math.round((passedAfter(count) / total) * (frames - 1)));
}

function worldFor(source: TransitionSource, prompt: string, still: Still, width: number, height: number): World {
  const direction = readPrompt({ ...source, prompt });
  return imageWorld(width, height, new Random(source.seed, 'transition'), direction, still.picture);
}

function whooshOf({ leg, first, last }: Part, fps: number): { at: number; seconds: number } {
  const [begins, ends] = leg.changes;
  const long = (last - first) / fps;
  return { at: first / fps + begins * long, seconds: (ends - begins) * long };
}

// The way from one picture to the next. It is exactly the first picture at 0 and exactly the second at 1; in between the camera never
// stands, and in the middle one gives way to the other.

export interface Leg {
  readonly kind: ChangeName;
  /** The part of the leg in which the pictures change, 0 to 1. */
  readonly changes: readonly [from: number, to: number];
  /** `progress` 0 to 1; `step` is what of it passes in one frame. */
  paint(context: SKRSContext2D, progress: number, step: number): void;
}

export interface LegWords {
  readonly prompt: string;
  readonly seed: number;
  readonly fast: boolean;
  readonly glow: Color;
}

/** How far the camera moves in a picture before the next has taken over. */
const PUSH = 0.2;
/** The share of a change's time that a fast one takes. */
const FAST = 0.6;

export function makeLeg(from: Still, to: Still, words: LegWords): Leg {
  const { width, height } = from.picture;
  const text = plain(words.prompt);
  const random = new Random(words.seed, `leg ${text}`);
  const kind = chooseChange(text, random.fork('kind'));
  const heading = headingIn(text);
  const change = CHANGES[kind]({
    width,
    height,
    random: random.fork('change'),
    noises: makeNoises(random.fork('noises')),
    fromDepth: from.depth,
    toDepth: to.depth,
    glow: words.glow,
    ...(heading && { heading }),
  });
  const span = change.span * (words.fast ? FAST : 1);
  const drift = driftFor(text, random.fork('drift'), words.fast);
  const begins = 0.5 - span / 2;
  return {
    kind,
    changes: [begins, begins + span],
    paint(context, progress, step) {
      const place = clamp((progress - begins) / span);
      const amount = smoothstep(0, 1, place);
      const leaving = amount < 1 ? from.at(drift(progress), bendBy(change, amount)) : undefined;
      // The second picture's way is the first's run backwards, so that the camera keeps its heading through the change.
      const { push, x, y } = drift(1 - progress);
      const coming = amount > 0 ? to.at({ push, x: -x, y: -y }, bendBy(change, 1 - amount)) : undefined;
      if (leaving === undefined && coming !== undefined) context.drawImage(coming, 0, 0);
      else if (coming === undefined && leaving !== undefined) context.drawImage(leaving, 0, 0);
      else if (leaving !== undefined && coming !== undefined)
        change.paint(context, leaving, coming, amount, (6 * place * (1 - place) * step) / span);
    },
  };
}

function bendBy({ bend }: Change, amount: number): Bend | undefined {
  if (bend === undefined || amount === 0) return undefined;
  return (x, y, out) => bend(x, y, amount, out);
}

/** The camera's way in a picture, from rest. */
function driftFor(text: string, random: Random, fast: boolean): (progress: number) => Drift {
  const still = holds(text, 'static') || holds(text, 'still camera') || holds(text, 'fixed camera');
  const reach = still ? 0 : PUSH * (fast ? 1.3 : 1);
  const angle = random.range(-0.5, 0.5) + (random.chance(0.5) ? Math.PI : 0);
  const x = 0.3 * Math.cos(angle);
  const y = 0.3 * Math.sin(angle);
  return progress => {
    const push = reach * progress * progress * (1.8 - 0.8 * progress);
    return { push, x: push * x, y: push * y };
  };
}

// Which kind of transition the words ask for. Where they ask for none, the seed draws one.

export const CHANGES = { dissolve, iris, whip, zoomThrough } as const satisfies Readonly<Record<string, ChangeBuilder>>;

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
  zoomThrough: [
    [6, 'zoom through, fly through, 穿越'],
    [5, 'zoom, portal, tunnel, push in'],
    [4, 'dive, diving, go inside'],
    [3, 'enter'],
    [2, 'travel, fly, flying'],
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
