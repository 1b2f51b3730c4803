/** What is made of a film that exists: one made here (`source_video_id`) or an uploaded one (`video_media_id`). */
import * as z from 'zod';
import { STARTING } from '../../catalogue/refusal.ts';
import { id, openId } from '../../http/pixverse-members-contract.ts';
import type { Family } from '../../http/route.ts';
import { CREATE } from './entries-contract.ts';
import {
  clip,
  flag,
  legacyText,
  look,
  openPrompt,
  prompt,
  seed,
  source,
  started,
  switches,
  TRACE,
  voice,
} from './members-contract.ts';

const shared = { ...source, seed: seed.optional() };

export const extend = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/extend/generate',
  summary: 'Starts a video that goes on where a film ends.',
  permission: 'videos:create',
  input: z.looseObject({
    prompt,
    ...clip,
    style: look.style,
    ...source,
    template_id: openId,
    generate_audio_switch: switches.generate_audio_switch,
  }),
  output: started,
} as const;

export const lipSync = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/lip_sync/generate',
  summary: 'Starts a video in which the mouth of a film follows a recording, or a text that a speaker reads.',
  permission: 'videos:create',
  input: z.looseObject({ ...shared, ...voice }),
  output: started,
} as const;

export const soundEffect = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/sound_effect/generate',
  summary: 'Starts a video with sound laid under a film.',
  permission: 'videos:create',
  input: z.looseObject({
    ...shared,
    original_sound_switch: flag.optional(),
    sound_effect_content: legacyText.optional(),
    // What newer clients call it.
    prompt: openPrompt.optional(),
  }),
  output: started,
} as const;

export const restyle = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/restyle/generate',
  summary: 'Starts a video that shows a film in another look: a listed one or one in words.',
  permission: 'videos:create',
  input: z.looseObject({ ...shared, restyle_id: openId, restyle_prompt: openPrompt.optional() }),
  output: started,
} as const;

export const mimic = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/mimic/generate',
  summary: "Starts a video in which an uploaded image follows a film's motion.",
  permission: 'videos:create',
  input: z.looseObject({ ...shared, img_id: id, quality: z.string() }),
  output: started,
} as const;

export const upscale = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/upscale/generate',
  summary: 'Starts a video that is a film with more pixels.',
  permission: 'videos:create',
  input: z.looseObject({ ...shared, quality: z.string().optional() }),
  output: started,
} as const;

export const VIDEO_WORK: Family = {
  name: 'Work on a video',
  about: 'Start a video from one that was made here (`source_video_id`) or that you uploaded (`video_media_id`).',
  dialect: 'pixverse',
  routes: { extend, lipSync, soundEffect, restyle, mimic, upscale },
  refuses: STARTING,
  headers: TRACE,
};
