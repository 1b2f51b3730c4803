/** One scene for each family. */
import type { Family } from './families.ts';
import { makeCity } from './scenes/city.ts';
import { makeDesert } from './scenes/desert.ts';
import { makeFlow } from './scenes/flow.ts';
import { makeForest } from './scenes/forest.ts';
import { makeHills, makeWinter } from './scenes/hills.ts';
import { makeMeadow } from './scenes/meadow.ts';
import { makeSea } from './scenes/sea.ts';
import { makeSpace } from './scenes/space.ts';
import type { SceneBuilder } from './world.ts';

export const SCENES: Readonly<Record<Family, SceneBuilder>> = {
  hills: makeHills,
  sea: makeSea,
  city: makeCity,
  forest: makeForest,
  space: makeSpace,
  desert: makeDesert,
  winter: makeWinter,
  meadow: makeMeadow,
  flow: makeFlow,
};
