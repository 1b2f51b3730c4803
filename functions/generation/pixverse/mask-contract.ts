/** What is changed inside a film: its masks, what is put in their place, and changes in words. */
import * as z from 'zod';
import { STARTING } from '../../catalogue/refusal.ts';
import { id } from '../../http/pixverse-members-contract.ts';
import type { Family } from '../../http/route.ts';
import { CREATE, SELECT_MASKS } from './entries-contract.ts';
import { flag, prompt, seed, source, started, TRACE } from './members-contract.ts';

/** PixVerse counts from 1, and its example says 0. */
const keyframe = z.union([
  z.int().min(0),
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number),
]);
const maskId = z.union([z.string().trim().min(1).max(64), z.int().transform(String)]);

export const maskSelection = {
  entry: SELECT_MASKS,
  method: 'POST',
  path: '/openapi/v2/video/mask/selection',
  summary: 'Finds what can be selected in one frame of a film, and answers when it is found.',
  permission: 'videos:create',
  input: z.looseObject({ ...source, keyframe_id: keyframe.optional(), seed: seed.optional() }),
  output: z.object({
    keyframe_id: z.int(),
    keyframe_url: z.string(),
    credits: z.int(),
    credit: z.int(),
    mask_info: z.array(z.object({ mask_id: z.string(), mask_name: z.string(), mask_url: z.string() })),
  }),
} as const;

export const swap = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/swap/generate',
  summary: 'Starts a video in which an uploaded image takes the place of what a mask of the film selects.',
  permission: 'videos:create',
  input: z.looseObject({
    ...source,
    keyframe_id: keyframe.optional(),
    mask_id: maskId,
    img_id: id,
    quality: z.string(),
    original_sound_switch: flag.optional(),
    seed: seed.optional(),
  }),
  output: started,
} as const;

export const modify = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/modify/generate',
  summary: 'Starts a video that changes a film by words, with up to three images and three masks.',
  permission: 'videos:create',
  input: z.looseObject({
    ...source,
    prompt,
    quality: z.string(),
    img_ids: z.array(id).optional(),
    mask_ids: z.array(maskId).optional(),
    keyframe_ids: z.union([keyframe, z.array(keyframe)]).optional(),
    mask_urls: z.array(z.unknown()).optional(),
    seed: seed.optional(),
  }),
  output: started,
} as const;

export const VIDEO_CHANGES: Family = {
  name: 'Change within a video',
  about: 'Find what can be selected in a frame, put a picture in its place, or change the film in words.',
  dialect: 'pixverse',
  routes: { maskSelection, swap, modify },
  refuses: [...STARTING, 'not_made'],
  headers: TRACE,
};
