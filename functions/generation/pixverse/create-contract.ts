/**
 * What starts a video of the PixVerse dialect from words, from images, or between images. Types and lengths are here; what
 * depends on the model stands in catalogue/models.ts. Unknown members are allowed: real clients send legacy ones.
 */
import * as z from 'zod';
import { STARTING } from '../../catalogue/refusal.ts';
import { id, openId } from '../../http/pixverse-members-contract.ts';
import type { Family } from '../../http/route.ts';
import { CREATE } from './entries-contract.ts';
import { clip, flag, look, openPrompt, prompt, seed, started, switches, TRACE, voice } from './members-contract.ts';

const generate = { ...clip, ...look, ...switches, template_id: openId, water_mark: flag.optional() };

export const generateFromText = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/text/generate',
  summary: 'Starts a video from a prompt.',
  permission: 'videos:create',
  input: z.looseObject({ prompt, ...generate, aspect_ratio: z.string() }),
  output: started,
} as const;

export const generateFromImage = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/img/generate',
  summary: 'Starts a video that moves an uploaded image, or one by a template (effect) with its images.',
  permission: 'videos:create',
  // A template's prompt may be empty: it is not read.
  input: z.looseObject({
    prompt: openPrompt.optional(),
    ...generate,
    img_id: openId,
    img_ids: z.array(id).max(20).optional(),
  }),
  output: started,
} as const;
export const transition = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/transition/generate',
  summary: 'Starts a video that goes from one uploaded image to another.',
  permission: 'videos:create',
  input: z.looseObject({ prompt, ...clip, ...switches, first_frame_img: id, last_frame_img: id }),
  output: started,
} as const;

const { duration: _, ...unmeasured } = clip;

export const multiTransition = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/multi_transition/generate',
  summary: 'Starts a video that goes through two to seven uploaded images.',
  permission: 'videos:create',
  input: z.looseObject({
    ...unmeasured,
    multi_transition: z.array(z.looseObject({ img_id: id, duration: z.int().nullish(), prompt: openPrompt.nullish() })),
  }),
  output: started,
} as const;

export const fusion = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/fusion/generate',
  summary: 'Starts a video in which several uploaded images are brought together; the prompt names them as @name.',
  permission: 'videos:create',
  input: z.looseObject({
    prompt,
    ...clip,
    aspect_ratio: z.string(),
    image_references: z.array(
      z.looseObject({
        img_id: id,
        // The Chinese pages ask for the id alone.
        type: z.string().nullish(),
        ref_name: z.string().trim().nullish(),
      }),
    ),
    video_references: z.array(z.unknown()).optional(),
    reference_mode: z.string().optional(),
    generate_audio_switch: switches.generate_audio_switch,
  }),
  output: started,
} as const;

export const avatar = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/avatar/generate',
  summary: 'Starts a video in which an uploaded image speaks.',
  permission: 'videos:create',
  input: z.looseObject({
    img_id: id,
    quality: z.string(),
    ...voice,
    prompt: openPrompt.optional(),
    seed: seed.optional(),
  }),
  output: started,
} as const;

export const imageTemplate = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/image/template/generate',
  summary: 'Starts a picture that a template makes of uploaded images.',
  permission: 'videos:create',
  input: z.looseObject({ img_ids: z.array(id).min(1).max(20), template_id: id, seed: seed.optional() }),
  output: z.object({ image_id: z.int(), credits: z.int(), credit: z.int() }),
} as const;

export const CREATION: Family = {
  name: 'Create',
  about: 'Start a video from words, from pictures, or between pictures. Each call answers at once with a `video_id`.',
  dialect: 'pixverse',
  routes: { generateFromText, generateFromImage, transition, multiTransition, fusion, avatar, imageTemplate },
  refuses: STARTING,
  headers: TRACE,
};
