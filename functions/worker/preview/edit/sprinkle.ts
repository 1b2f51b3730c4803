/** Weather over a film, and small things that can be added without a picture: drawn as the scenes draw them, in the film's own light. */
import { cameraAt } from '../camera-moves.ts';
import { css, hex } from '../color.ts';
import { makeMotes } from '../motes.ts';
import { pictureWorld } from '../picture/picture-scene.ts';
import { makeAurora } from '../props/aurora.ts';
import { makeBalloons } from '../props/balloon.ts';
import { makeBirds } from '../props/birds.ts';
import { makeButterflies, makePetals } from '../props/flutter.ts';
import { makeBubbles } from '../props/reef.ts';
import { readPrompt } from '../reading.ts';
import { makeWeather } from '../weather.ts';
import { mentioned } from '../words.ts';
import type { Scene, World } from '../world.ts';
import { colorOf } from './color-edits.ts';
import { type Painter, Sheet } from './edit-frame.ts';
import { SPRINKLE_WORDS, type Sprinkle } from './edit-words.ts';
import type { Floor } from './floor.ts';
import type { Edit } from './read-edits.ts';

/** The air that comes with it, under what falls. */
const AIR = {
  rain: 'rgba(38, 50, 68, 0.26)',
  storm: 'rgba(26, 32, 52, 0.4)',
  snow: 'rgba(214, 226, 240, 0.2)',
} as const;

export function weather(edit: Edit, floor: Floor): Painter {
  const world = worldOf(edit, floor);
  const falling = world.direction.weather;
  const air = (['storm', 'rain', 'snow'] as const).find(kind => falling.has(kind));
  const scene = makeWeather(world);
  return overlay(floor, [scene], air && AIR[air]);
}

export function sprinkle(edit: Edit, floor: Floor): Painter {
  const world = worldOf(edit, floor);
  const wanted = mentioned(edit.text, SPRINKLE_WORDS);
  return overlay(
    floor,
    (wanted.length > 0 ? wanted.slice(0, 2) : (['sparkles'] as const)).map(kind => MAKERS[kind](world, edit)),
  );
}

const lights = (world: World, edit: Edit, code: string, rise: number): Scene =>
  makeMotes(world, code, {
    count: 70,
    color: colorOf(edit) ?? hex(code),
    size: [0.004, 0.011],
    strength: 1,
    rise,
    blink: 0.8,
  });

const MAKERS: Readonly<Record<Sprinkle, (world: World, edit: Edit) => Scene>> = {
  // Nearer than in a scene of their own, where they are far away.
  birds: world => makeBirds({ ...world, unit: world.unit * 2.4 }, world.height * 0.24),
  butterflies: makeButterflies,
  petals: makePetals,
  balloons: world => makeBalloons(world, world.height * 0.6),
  aurora: world => makeAurora(world, world.height * 0.55),
  fireflies: (world, edit) => lights(world, edit, '#ffb84d', 0.02),
  bubbles: makeBubbles,
  sparkles: (world, edit) => lights(world, edit, '#fff3c4', 0.01),
};

function worldOf({ text }: Edit, { width, height, seed, random, first }: Floor): World {
  return pictureWorld(width, height, random.fork(text), readPrompt({ prompt: text, seed }), first);
}

function overlay({ width, height, frames }: Floor, scenes: readonly Scene[], air?: string): Painter {
  const sheet = new Sheet(width, height);
  const camera = cameraAt('fix_bg', 0, false);
  return (frame, alpha) =>
    sheet.draw(frame, alpha, context => {
      if (air !== undefined) {
        context.fillStyle = air;
        context.fillRect(0, 0, width, height);
      }
      const progress = frames <= 1 ? 0 : frame.index / (frames - 1);
      for (const scene of scenes) scene.paint(context, { time: frame.time, progress, camera });
    });
}

/** A colour as a style for drawing. */
export function inkOf(edit: Edit, otherwise: string, alpha = 1): string {
  return css(colorOf(edit) ?? hex(otherwise), alpha);
}
