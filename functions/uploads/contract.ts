/** Films and recordings that callers bring. */
import * as z from 'zod';
import { IMAGE_REFUSALS } from '../catalogue/refusal.ts';
import { id, url } from '../http/pixverse-members-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const IMAGES: Entry = {
  source: 'functions/uploads/upload-image.lambda.ts',
  uses: { jobs: ['PutItem'], media: ['GetObject', 'PutObject'] },
  settings: ['IMAGE_SOURCE_ALLOW'],
  memory: 1024,
};

const MEDIA: Entry = {
  source: 'functions/uploads/upload-media.lambda.ts',
  uses: { jobs: ['PutItem'], media: ['GetObject', 'PutObject'] },
  settings: ['IMAGE_SOURCE_ALLOW'],
  // 100 MB by URL, held once as it comes and once as it is put together.
  memory: 1024,
};

const SPEAKERS: Entry = {
  source: 'functions/generation/voices.lambda.ts',
  uses: { jobs: ['GetItem', 'PutItem', 'UpdateItem'] },
};

export const uploadImage = {
  entry: IMAGES,
  method: 'POST',
  path: '/openapi/v2/image/upload',
  summary: 'Stores an image: a file (multipart) or the URL of one.',
  permission: 'media:write',
  input: z.looseObject({ image_url: url.optional() }),
  output: z.object({ img_id: z.int(), img_url: z.string() }),
  bodies: ['json', 'multipart', 'urlencoded'],
  files: { image: 'A PNG, JPEG or WebP picture below 20 MB, each side at most 10,000 pixels.' },
} as const;

export const uploadMedia = {
  entry: MEDIA,
  method: 'POST',
  path: '/openapi/v2/media/upload',
  summary: 'Stores a film or a recording: a file (multipart) or the URL of one.',
  permission: 'media:write',
  // Clients name the kind in either of these, and what the bytes say counts.
  input: z.looseObject({ file_url: url.optional(), media_type: z.string().optional(), kind: z.string().optional() }),
  output: z.object({
    media_id: z.int(),
    media_type: z.enum(['video', 'audio']),
    url: z.string(),
    /** Of a film, in pixels. */
    width: z.int().optional(),
    height: z.int().optional(),
    /** Seconds. */
    duration: z.number(),
    has_audio: z.boolean(),
  }),
  bodies: ['json', 'multipart', 'urlencoded'],
  files: { file: 'A film (MP4, MOV, WebM) or a recording (MP3, WAV, M4A, AAC) of at most 30 seconds.' },
} as const;

export const verifyAudio = {
  entry: SPEAKERS,
  method: 'POST',
  path: '/openapi/v2/audio/verification',
  summary: 'Says whether an uploaded recording can be used as a voice.',
  permission: 'media:write',
  input: z.looseObject({ audio_media_id: id }),
  output: z.object({}),
} as const;

export const UPLOADS: Family = {
  name: 'Uploads',
  about: 'Bring pictures, films and recordings: as a file, or by the URL of one.',
  dialect: 'pixverse',
  routes: { uploadImage, uploadMedia, verifyAudio },
  refuses: IMAGE_REFUSALS,
};
