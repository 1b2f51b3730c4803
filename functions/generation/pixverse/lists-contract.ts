/** What can be chosen from: speakers, looks, effects. */
import * as z from 'zod';
import { id } from '../../http/pixverse-members-contract.ts';
import type { Entry, Family } from '../../http/route.ts';
import { flag, page, pageSize } from './members-contract.ts';

export const SPEAKERS: Entry = {
  source: 'functions/generation/voices.lambda.ts',
  uses: { jobs: ['GetItem', 'PutItem', 'UpdateItem'] },
};

const LISTS: Entry = {
  source: 'functions/generation/lists.lambda.ts',
  uses: {},
};

const pages = { page_num: page, page_size: pageSize };
const speaker = z.object({ speaker_id: z.string(), name: z.string() });

export const ttsList = {
  entry: SPEAKERS,
  method: 'GET',
  path: '/openapi/v2/video/lip_sync/tts_list',
  summary: 'Lists the speakers that everybody may use.',
  permission: 'videos:read',
  input: z.looseObject(pages),
  output: z.object({ total: z.int(), data: z.array(speaker) }),
} as const;

export const listSpeakers = {
  entry: SPEAKERS,
  method: 'GET',
  path: '/openapi/v2/video/tts_speaker',
  summary: "Lists speakers: everybody's, this account's own, or all.",
  permission: 'videos:read',
  input: z.looseObject({ ...pages, speaker_type: z.string().optional() }),
  output: z.object({
    total: z.int(),
    data: z.array(speaker.extend({ speaker_type: z.enum(['system', 'custom']) })),
  }),
} as const;

export const createSpeaker = {
  entry: SPEAKERS,
  method: 'POST',
  path: '/openapi/v2/video/tts_speaker',
  summary: 'Makes a speaker of an uploaded recording.',
  permission: 'media:write',
  input: z.looseObject({ name: z.string().trim().min(1).max(64), audio_media_id: id }),
  output: speaker,
} as const;

export const deleteSpeaker = {
  entry: SPEAKERS,
  method: 'DELETE',
  path: '/openapi/v2/video/tts_speaker/{speaker_id}',
  summary: "Removes one of this account's own speakers.",
  permission: 'media:write',
  input: z.looseObject({ speaker_id: z.string().trim().min(1).max(64) }),
  output: z.object({ speaker_id: z.string() }),
} as const;

export const restyleList = {
  entry: LISTS,
  method: 'GET',
  path: '/openapi/v2/video/restyle/list',
  summary: 'Lists the looks in which a film can be shown.',
  permission: 'videos:read',
  input: z.looseObject(pages),
  output: z.object({
    total: z.int(),
    data: z.array(z.object({ restyle_id: z.int(), restyle_name: z.string(), description: z.string() })),
  }),
} as const;

export const effectsList = {
  entry: LISTS,
  method: 'GET',
  path: '/openapi/v2/video/effects/templates/list',
  summary: 'Lists the templates (effects): type 1 makes videos, type 2 pictures.',
  permission: 'videos:read',
  input: z.looseObject({ type: page, page, pageSize, ...pages }),
  output: z.object({
    total: z.int(),
    effect_items: z.array(
      z.object({
        template_id: z.int(),
        name: z.string(),
        description: z.string(),
        /** 1 video, 2 picture. */
        type: z.union([z.literal(1), z.literal(2)]),
        /** How many images it takes. */
        img_count: z.int(),
        activated: flag,
      }),
    ),
  }),
} as const;

export const CHOICES: Family = {
  name: 'Choices',
  about: 'What a creation may name: speakers, looks, templates (effects).',
  dialect: 'pixverse',
  routes: { ttsList, listSpeakers, createSpeaker, deleteSpeaker, restyleList, effectsList },
  refuses: ['not_found', 'content_refused'],
};
