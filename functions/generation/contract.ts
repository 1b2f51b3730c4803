/**
 * The first routes of the PixVerse dialect; the others stand in pixverse/, a file for each family. Types and lengths are
 * here; what depends on the model stands in models.ts. Unknown members are allowed: real clients send legacy ones.
 */
import * as z from 'zod';
import { id, openId } from '../http/pixverse-members-contract.ts';
import { clip, flag, look, openPrompt, prompt, started, switches } from './pixverse/members-contract.ts';

const generate = { ...clip, ...look, ...switches, template_id: openId, water_mark: flag.optional() };

export const generateFromText = {
  method: 'POST',
  path: '/openapi/v2/video/text/generate',
  summary: 'Starts a video from a prompt.',
  permission: 'videos:create',
  input: z.looseObject({ prompt, ...generate, aspect_ratio: z.string() }),
  output: started,
} as const;

export const generateFromImage = {
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
export const videoResult = {
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
