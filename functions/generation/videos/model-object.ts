/** Models as this dialect lists them. Pure. */
import type { z } from 'zod';
import { MODELS, type Model } from '../../catalogue/models.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import { modelOf } from './creation.ts';
import type { modelObject } from './models-contract.ts';

/** 1 November 2026, when this version of the API began, in Unix seconds. */
const OFFERED_SINCE = Date.UTC(2026, 10, 1) / 1000;

function describeModel({ name, functions, durations, aspectRatios, audio }: Model): z.output<typeof modelObject> {
  const seconds = Object.entries(durations).map(([quality, offered]): [string, number[]] => [quality, [...offered]]);
  return {
    id: name,
    object: 'model',
    created: OFFERED_SINCE,
    owned_by: 'mutoscope',
    functions: [...functions],
    seconds: Object.fromEntries(seconds),
    aspect_ratios: [...aspectRatios],
    audio,
  };
}

/** All models, the oldest first. */
export const LISTED_MODELS = MODELS.map(describeModel);

/** The model that a creation with this name is made by; throws where there is none. */
export function findModel(id: string): z.output<typeof modelObject> {
  const found = LISTED_MODELS.find(model => model.id === modelOf(id));
  if (found) return found;
  const names = LISTED_MODELS.map(model => model.id).join(', ');
  throw new Refusal('not_found', `there is no model ${id}; there are ${names}`, 'id');
}
