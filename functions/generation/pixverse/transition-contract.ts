/** Clips between images: from a first to a last, through several, or with several in it. */
import * as z from 'zod';
import { id } from '../../http/pixverse-members-contract.ts';
import { clip, openPrompt, prompt, started, switches } from './members-contract.ts';

export const transition = {
  method: 'POST',
  path: '/openapi/v2/video/transition/generate',
  summary: 'Starts a video that goes from one uploaded image to another.',
  permission: 'videos:create',
  input: z.looseObject({ prompt, ...clip, ...switches, first_frame_img: id, last_frame_img: id }),
  output: started,
} as const;

const { duration: _, ...unmeasured } = clip;

export const multiTransition = {
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
