/** A picture that speaks, and pictures by a template. */
import * as z from 'zod';
import { id } from '../../http/pixverse-members-contract.ts';
import { openPrompt, seed, started, voice } from './members-contract.ts';

export const avatar = {
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
  method: 'POST',
  path: '/openapi/v2/image/template/generate',
  summary: 'Starts a picture that a template makes of uploaded images.',
  permission: 'videos:create',
  input: z.looseObject({ img_ids: z.array(id).min(1).max(20), template_id: id, seed: seed.optional() }),
  output: z.object({ image_id: z.int(), credits: z.int(), credit: z.int() }),
} as const;

export const imageResult = {
  method: 'GET',
  path: '/openapi/v2/image/result/{image_id}',
  summary: 'Reads a picture made by a template: its status, and once it succeeded a link that lives for minutes.',
  permission: 'videos:read',
  input: z.looseObject({ image_id: id }),
  output: z.object({
    image_id: z.int(),
    /** 1 success, 5 generating, 6 deleted, 7 moderation failed, 8 generation failed. */
    status: z.union([z.literal(1), z.literal(5), z.literal(6), z.literal(7), z.literal(8)]),
    url: z.string(),
    prompt: z.string(),
    prompt_translate: z.string(),
    seed: z.int(),
    template_id: z.int(),
    create_time: z.string(),
    modify_time: z.string(),
    outputWidth: z.int(),
    outputHeight: z.int(),
    credits: z.int(),
    customer_paths: z.object({
      ext_info: z.null(),
      agent_info: z.null(),
      cameo_id_list: z.null(),
      duration_type: z.string(),
      fusion_id_list: z.null(),
      model_evaluator: z.string(),
      customer_img_paths: z.array(z.string()),
      gen_img_req_img_ids: z.array(z.int()),
    }),
    // Additive: the video's shape has an `id`, which the how-to shows here too.
    id: z.int(),
    state: z.string(),
    progress: z.int(),
    engine: z.string(),
    failure: z.string(),
  }),
} as const;
