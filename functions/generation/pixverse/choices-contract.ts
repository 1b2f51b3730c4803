/** What can be chosen from: speakers, styles, templates (effects). */
import * as z from 'zod';
import type { Entry, Family } from '../../http/route.ts';
import { EXAMPLE_IDS, flag, page, pageSize, total, uploadId } from './members-contract.ts';

export const SPEAKERS: Entry = {
  source: 'functions/generation/speakers.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], jobs: ['GetItem', 'PutItem', 'UpdateItem'] },
};

const LISTS: Entry = {
  source: 'functions/generation/lists.lambda.ts',
  uses: {},
};

const pages = { page_num: page, page_size: pageSize };
const speaker = z
  .object({
    speaker_id: z.string().describe('Its id: name it as `lip_sync_tts_speaker_id`.'),
    name: z.string().describe('What it is called.'),
  })
  .meta({ id: 'Speaker', description: 'Who can speak.' });

export const ttsList = {
  entry: SPEAKERS,
  method: 'GET',
  path: '/openapi/v2/video/lip_sync/tts_list',
  summary: 'Lists the speakers that everybody may use.',
  permission: 'videos:read',
  input: z.looseObject(pages),
  output: z.object({ total, data: z.array(speaker).describe('The speakers on this page.') }),
  example: {
    query: { page_num: 1, page_size: 2 },
    answer: {
      total: 15,
      data: [
        { speaker_id: '1', name: 'Emily' },
        { speaker_id: '2', name: 'James' },
      ],
    },
  },
} as const;

export const listSpeakers = {
  entry: SPEAKERS,
  method: 'GET',
  path: '/openapi/v2/video/tts_speaker',
  summary: "Lists speakers: everybody's, this account's own, or all.",
  permission: 'videos:read',
  input: z.looseObject({
    ...pages,
    speaker_type: z.string().optional().describe('`system`, `custom` or `all`; all where left out.'),
  }),
  output: z.object({
    total,
    data: z
      .array(
        speaker.extend({
          speaker_type: z.enum(['system', 'custom']).describe("`system` is everybody's, `custom` is yours."),
        }),
      )
      .describe('The speakers on this page.'),
  }),
  example: {
    query: { speaker_type: 'custom' },
    answer: { total: 1, data: [{ speaker_id: '250474512200471', name: 'Captain', speaker_type: 'custom' }] },
  },
} as const;

export const createSpeaker = {
  entry: SPEAKERS,
  method: 'POST',
  path: '/openapi/v2/video/tts_speaker',
  summary: 'Makes a speaker of uploaded audio.',
  permission: 'media:write',
  input: z.looseObject({
    name: z.string().trim().min(1).max(64).describe('What you call the speaker.'),
    audio_media_id: uploadId('The uploaded audio of the one whose speech it is.'),
  }),
  output: speaker,
  example: {
    body: { name: 'Captain', audio_media_id: EXAMPLE_IDS.audio },
    answer: { speaker_id: '250474512200471', name: 'Captain' },
  },
} as const;

export const deleteSpeaker = {
  entry: SPEAKERS,
  method: 'DELETE',
  path: '/openapi/v2/video/tts_speaker/{speaker_id}',
  summary: "Removes one of this account's own speakers.",
  permission: 'media:write',
  input: z.looseObject({ speaker_id: z.string().trim().min(1).max(64).describe('One of your own speakers.') }),
  output: z.object({ speaker_id: z.string().describe('The speaker that was removed.') }),
  example: { path: { speaker_id: '250474512200471' }, answer: { speaker_id: '250474512200471' } },
} as const;

export const restyleList = {
  entry: LISTS,
  method: 'GET',
  path: '/openapi/v2/video/restyle/list',
  summary: 'Lists the styles in which a video can be shown.',
  permission: 'videos:read',
  input: z.looseObject(pages),
  output: z.object({
    total,
    data: z
      .array(
        z.object({
          restyle_id: z.int().describe('Its id: name it in `restyle`.'),
          restyle_name: z.string().describe('What it is called.'),
          description: z.string().describe('What it looks like.'),
        }),
      )
      .describe('The styles on this page.'),
  }),
  example: {
    query: { page_num: 1, page_size: 1 },
    answer: {
      total: 12,
      data: [{ restyle_id: 1, restyle_name: 'Anime', description: 'anime, flat cel shading and dark outlines' }],
    },
  },
} as const;

export const effectsList = {
  entry: LISTS,
  method: 'GET',
  path: '/openapi/v2/video/effects/templates/list',
  summary: 'Lists the templates (effects): type 1 makes videos, type 2 images.',
  permission: 'videos:read',
  input: z.looseObject({
    type: page.describe('1 for those that make videos, 2 for images; both where left out.'),
    page: page.describe('The same as `page_num`, which it goes before.'),
    pageSize: pageSize.describe('The same as `page_size`, which it goes before.'),
    ...pages,
  }),
  output: z.object({
    total,
    effect_items: z
      .array(
        z.object({
          template_id: z.int().describe('Its id: name it in creations.'),
          name: z.string().describe('What it is called.'),
          description: z.string().describe('What it does.'),
          type: z.union([z.literal(1), z.literal(2)]).describe('1 makes a video, 2 an image.'),
          img_count: z.int().describe('How many images it takes: no more, no fewer.'),
          activated: flag.describe('Whether this account may use it.'),
        }),
      )
      .describe('The templates on this page.'),
  }),
  example: {
    query: { type: 2, page_size: 1 },
    answer: {
      total: 4,
      effect_items: [
        {
          template_id: 302325299692701,
          name: 'Postcard',
          type: 2,
          img_count: 1,
          activated: true,
          description: 'The picture as a printed greeting with stamp and postmark.',
        },
      ],
    },
  },
} as const;

export const CHOICES: Family = {
  name: 'Choices',
  about: 'What a creation may name: speakers, styles, templates (effects).',
  dialect: 'pixverse',
  routes: { ttsList, listSpeakers, createSpeaker, deleteSpeaker, restyleList, effectsList },
  refuses: ['not_found', 'content_refused'],
};
