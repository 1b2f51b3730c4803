/** What models there are, in the shape of the original: its clients list them, also to see whether a key is good. */

import * as z from 'zod';
import { wholeList } from '../../http/page-contract.ts';
import type { Entry, Family } from '../../http/route.ts';

const MODELS: Entry = {
  source: 'functions/generation/videos/models.lambda.ts',
  uses: {},
};

export const modelObject = z
  .object({
    id: z.string().describe('Its name: send it as `model`.'),
    object: z.literal('model').describe('What this is.'),
    created: z.int().describe('Unix seconds: since when it is offered here.'),
    owned_by: z.string().describe('Whose it is.'),
    // Additions.
    functions: z.array(z.string()).describe('What it makes.'),
    seconds: z.record(z.string(), z.array(z.int())).describe('By quality: how long a video may be.'),
    aspect_ratios: z.array(z.string()).describe('In which shapes.'),
    audio: z.boolean().describe('Whether it makes sound with the images.'),
  })
  .meta({ id: 'Model', description: 'A model, and what it makes.' });

const reading = { entry: MODELS, method: 'GET', permission: 'videos:read', capability: 'read' } as const;

const V5 = {
  id: 'v5',
  object: 'model',
  created: 1793491200,
  owned_by: 'mutoscope',
  functions: ['text_to_video', 'image_to_video', 'transition', 'multi_transition', 'fusion', 'extend'],
  seconds: { '360p': [5, 8], '540p': [5, 8], '720p': [5, 8], '1080p': [5, 8] },
  aspect_ratios: ['16:9', '4:3', '1:1', '3:4', '9:16'],
  audio: false,
};

export const listModels = {
  ...reading,
  path: '/v1/models',
  summary: 'Lists the models.',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(modelObject).describe('All models.'),
    has_more: wholeList,
  }),
  example: { answer: { object: 'list', data: [V5], has_more: false } },
} as const;

export const retrieveModel = {
  ...reading,
  path: '/v1/models/{id}',
  summary: 'Retrieves a model by its name, or by a name for which one stands in, such as `sora-2`.',
  input: z.strictObject({ id: z.string().max(100).describe('The name of a model.') }),
  output: modelObject,
  example: { path: { id: 'v5' }, answer: V5 },
} as const;

export const MODEL_LIST: Family = {
  name: 'Model list',
  about: 'What models there are and what each makes, as clients of the Videos API ask for them.',
  dialect: 'videos',
  routes: { listModels, retrieveModel },
  refuses: ['account_not_active', 'not_found'],
};
