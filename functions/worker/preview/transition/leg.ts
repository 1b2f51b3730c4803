/**
 * The way from one picture to the next. It is exactly the first picture at 0 and exactly the second at 1; in between the camera never
 * stands, and in the middle one gives way to the other.
 */
import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Color } from '../color.ts';
import { clamp, smoothstep } from '../curves.ts';
import { makeNoises } from '../noise.ts';
import type { Bend, Drift, Still } from '../picture/still.ts';
import { Random } from '../random.ts';
import { holds, plain } from '../words.ts';
import type { Change } from './change.ts';
import { CHANGES, type ChangeName, chooseChange, headingIn } from './choose-change.ts';

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
