/**
 * The generation routes in the PixVerse dialect. Types and lengths are here; what depends on the model stands in
 * models.ts. Unknown members are allowed: real clients send legacy ones.
 */
import * as z from 'zod';

/** Clients quote ids or not. */
const id = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .transform(Number)
    .refine(Number.isSafeInteger, 'it must be a positive integer below 2^53'),
]);
const url = z.url({ protocol: /^https?$/ }).max(2048);
const flag = z.boolean();

const PROMPT_MAX = 5000;
const LEGACY_PROMPT_MAX = 2048;
const SPOKEN_MAX = 140;

const generate = {
  prompt: z.string().trim().min(1).max(PROMPT_MAX),
  model: z.string(),
  duration: z.int(),
  quality: z.string(),
  negative_prompt: z.string().max(LEGACY_PROMPT_MAX).optional(),
  motion_mode: z.string().optional(),
  camera_movement: z.string().optional(),
  style: z.string().optional(),
  generate_audio_switch: flag.optional(),
  sound_effect_switch: flag.optional(),
  sound_effect_content: z.string().max(LEGACY_PROMPT_MAX).optional(),
  lip_sync_tts_switch: flag.optional(),
  lip_sync_switch: flag.optional(),
  lip_sync_tts_content: z.string().max(SPOKEN_MAX).optional(),
  template_id: id.optional(),
  water_mark: flag.optional(),
  seed: z.int().min(0).max(2147483647).optional(),
};

const started = z.object({ video_id: z.int(), credits: z.int() });

export const generateFromText = {
  method: 'POST',
  path: '/openapi/v2/video/text/generate',
  summary: 'Starts a video from a prompt.',
  permission: 'videos:create',
  input: z.looseObject({ ...generate, aspect_ratio: z.string() }),
  output: started,
} as const;

export const generateFromImage = {
  method: 'POST',
  path: '/openapi/v2/video/img/generate',
  summary: 'Starts a video that moves an uploaded image.',
  permission: 'videos:create',
  input: z.looseObject({ ...generate, img_id: id }),
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

export const uploadImage = {
  method: 'POST',
  path: '/openapi/v2/image/upload',
  summary: 'Stores an image: a file (multipart) or the URL of one.',
  permission: 'media:write',
  input: z.looseObject({ image_url: url.optional() }),
  output: z.object({ img_id: z.int(), img_url: z.string() }),
} as const;
