/** Films and recordings that callers bring. */
import * as z from 'zod';
import { id, url } from '../http/pixverse-members-contract.ts';

export const uploadImage = {
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
  method: 'POST',
  path: '/openapi/v2/audio/verification',
  summary: 'Says whether an uploaded recording can be used as a voice.',
  permission: 'media:write',
  input: z.looseObject({ audio_media_id: id }),
  output: z.object({}),
} as const;
