/** Reading what was started in the PixVerse dialect. */
import * as z from 'zod';
import { id } from '../../http/pixverse-members-contract.ts';
import type { Entry, Family } from '../../http/route.ts';

const READ: Entry = {
  source: 'functions/generation/result.lambda.ts',
  uses: { jobs: ['GetItem'], media: ['GetObject'] },
};

export const videoResult = {
  entry: READ,
  method: 'GET',
  path: '/openapi/v2/video/result/{id}',
  summary: 'Reads a video: its status, and once it succeeded a link that lives for minutes.',
  permission: 'videos:read',
  input: z.looseObject({ id }),
  output: z.object({
    id: z.int(),
    /** 1 success, 5 generating, 6 deleted, 7 moderation failed, 8 generation failed. */
    status: z.union([z.literal(1), z.literal(5), z.literal(6), z.literal(7), z.literal(8)]),
    url: z.string(),
    prompt: z.string(),
    negative_prompt: z.string(),
    seed: z.int(),
    /** Bytes. */
    size: z.int(),
    style: z.string(),
    resolution_ratio: z.int(),
    outputWidth: z.int(),
    outputHeight: z.int(),
    create_time: z.string(),
    modify_time: z.string(),
    has_audio: z.boolean(),
    credits: z.int(),
    // Additive: what PixVerse does not say.
    /** queued, generating, screening, in_review, succeeded, rejected, failed, cancelled or deleted. */
    state: z.string(),
    /** 0 to 100. */
    progress: z.int(),
    /** What made the pictures; `preview` is drawn on the CPU and is not a neural model. */
    engine: z.string(),
    thumbnail_url: z.string(),
    /** Why it failed or was rejected; empty otherwise. */
    failure: z.string(),
  }),
} as const;

export const imageResult = {
  entry: READ,
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

export const RESULTS: Family = {
  name: 'Results',
  about: 'Poll until `status` is no longer 5: 1 succeeded, 7 rejected, 8 failed (its credits are back), 6 deleted.',
  dialect: 'pixverse',
  routes: { videoResult, imageResult },
  refuses: ['not_found'],
};
