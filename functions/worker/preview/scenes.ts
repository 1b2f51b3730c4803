/** One scene for each family. */
import type { Family } from './families.ts';
import { makeCity } from './scenes/city.ts';
import { makeDesert } from './scenes/desert.ts';
import { makeForest } from './scenes/forest.ts';
import { makeSpace } from './scenes/space.ts';
import { makeHills, makeWinter } from './scenes/hills.ts';
import { makeSea } from './scenes/sea.ts';
import type { SceneBuilder } from './world.ts';

export const SCENES: Readonly<Record<Family, SceneBuilder>> = {
  hills: makeHills, sea: makeSea, city: makeCity, forest: makeForest, space: makeSpace, desert: makeDesert, underwater: makeSea, winter: makeWinter, meadow: makeSea, interior: makeSea, flow: makeSea,
};
