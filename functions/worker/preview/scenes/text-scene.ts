/**
 * The preview engine: deterministic pictures drawn on the CPU from a reading of the prompt. It is not a neural model and never says so;
 * it depicts what its vocabulary knows and answers anything else with an abstract video. Same source and format, same pixels.
 */
import type { ClipFormat, FrameSource } from '../../media/frame-source.ts';
import { makeFinish } from '../drawing/finish.ts';
import { makeNoises, Random } from '../drawing/random.ts';
import { cameraAt } from '../reading/camera.ts';
import { type Family, readPrompt } from '../reading/prompt.ts';
import { recordSound } from '../sound/score.ts';
import type { TextSource } from '../source.ts';
import { makeCity } from './city.ts';
import { makeFlow } from './flow.ts';
import { makeForest } from './forest.ts';
import { makeHills, makeWinter } from './hills.ts';
import { lightFor } from './light.ts';
import { makeMeadow } from './meadow.ts';
import { makeSea } from './sea.ts';
import { makeSpace } from './space.ts';
import { makeWeather } from './weather.ts';
import type { SceneBuilder, World } from './world.ts';

const FAST = 1.6;

/** The frames of a clip made from words. */
export function textScene(source: TextSource, format: ClipFormat): FrameSource {
  const { width, height, fps, durationSeconds } = format;
  const { startSeconds = 0 } = source;
  const direction = readPrompt(source);
  const random = new Random(source.seed, 'preview');
  const world: World = {
    width,
    height,
    unit: Math.min(width, height),
    random,
    noises: makeNoises(random.fork('noises')),
    light: lightFor(direction, random.fork('light')),
    direction,
  };
  const scene = SCENES[direction.family](world);
  const weather = makeWeather(world);
  const finish = makeFinish(width, height, random);
  const frames = Math.max(1, Math.round(durationSeconds * fps));
  return {
    scene: direction.family,
    sound: (rate, samples) => recordSound(world, rate, samples),
    paint(index, { context }) {
      const progress = frames === 1 ? 0 : index / (frames - 1);
      const time = (startSeconds + index / fps) * (direction.fast ? FAST : 1);
      const moment = { time, progress, camera: cameraAt(direction.move, progress, direction.fast) };
      scene.paint(context, moment);
      weather.paint(context, moment);
      finish.apply(context, index);
    },
  };
}

// One scene for each family.

export const SCENES: Readonly<Record<Family, SceneBuilder>> = {
  hills: makeHills,
  sea: makeSea,
  city: makeCity,
  forest: makeForest,
  space: makeSpace,
  winter: makeWinter,
  meadow: makeMeadow,
  flow: makeFlow,
};
