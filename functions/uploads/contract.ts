/** Images, video and audio that callers bring. */
import * as z from 'zod';
import { IMAGE_REFUSALS } from '../catalogue/refusal.ts';
import { noEffect } from '../http/member-effect-contract.ts';
import { id, url } from '../http/pixverse-members-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const IMAGES: Entry = {
  source: 'functions/uploads/upload-image.lambda.ts',
  uses: { jobs: ['GetItem', 'PutItem'], media: ['GetObject', 'PutObject', 'PutObjectTagging'] },
  settings: ['IMAGE_SOURCE_ALLOW'],
  memory: 1024,
};

const MEDIA: Entry = {
  source: 'functions/uploads/upload-media.lambda.ts',
  uses: { jobs: ['GetItem', 'PutItem'], media: ['GetObject', 'PutObject', 'PutObjectTagging'] },
  settings: ['IMAGE_SOURCE_ALLOW'],
  // 100 MB by URL, held once as it comes and once as it is put together.
  memory: 1024,
};

const SPEAKERS: Entry = {
  source: 'functions/generation/speakers.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], jobs: ['GetItem', 'PutItem', 'UpdateItem'] },
};

/** Additive: PixVerse says nothing of it. */
const expiresAt = z.string().describe('Until when it is kept, ISO 8601, UTC: by the plan.');

export const uploadImage = {
  entry: IMAGES,
  method: 'POST',
  path: '/openapi/v2/image/upload',
  summary: 'Stores an image: a file (multipart) or the URL of one.',
  permission: 'media:write',
  input: z.looseObject({
    image_url: url
      .optional()
      .describe('In place of a file: where the image is, on the public web, or a link of this platform.'),
    tag: noEffect(z.unknown(), 'nothing is known of what it is for'),
  }),
  output: z.object({
    img_id: z.int().describe('The id of the image: name it in creations.'),
    img_url: z.string().describe('The image, by a link that lives for 15 minutes.'),
    expires_at: expiresAt,
  }),
  bodies: ['json', 'multipart', 'urlencoded'],
  files: { image: 'A PNG, JPEG or WebP image below 20 MB, each side at most 10,000 pixels.' },
  example: {
    body: { image_url: 'https://images.example.com/hills.jpg' },
    form: { image: '@hills.jpg' },
    answer: {
      img_id: 250474010391023,
      img_url: 'https://media.example.com/hills.jpg?X-Amz-Signature=…',
      expires_at: '2027-02-22T00:00:00.000Z',
    },
  },
} as const;

export const uploadMedia = {
  entry: MEDIA,
  method: 'POST',
  path: '/openapi/v2/media/upload',
  summary: 'Stores video or audio: a file (multipart) or the URL of one.',
  permission: 'media:write',
  // Clients name the kind in either of these, and what the bytes say counts.
  input: z.looseObject({
    file_url: url
      .optional()
      .describe('In place of a file: where it is, on the public web, or a link of this platform.'),
    media_type: noEffect(z.string(), 'the bytes decide'),
    kind: noEffect(z.string(), 'the bytes decide'),
  }),
  output: z.object({
    media_id: z.int().describe('The id of what was uploaded: name it in creations.'),
    media_type: z.enum(['video', 'audio']).describe('What its bytes are.'),
    url: z.string().describe('The file, by a link that lives for 15 minutes.'),
    width: z.int().optional().describe('Of a video, in pixels.'),
    height: z.int().optional().describe('Of a video, in pixels.'),
    duration: z.number().describe('Seconds.'),
    has_audio: z.boolean().describe('Whether it has sound.'),
    expires_at: expiresAt,
  }),
  bodies: ['json', 'multipart', 'urlencoded'],
  files: { file: 'Video (MP4, MOV, WebM) or audio (MP3, WAV, M4A, AAC, OGG, FLAC) of at most 30 seconds.' },
  example: {
    body: { file_url: 'https://videos.example.com/dance.mp4' },
    form: { file: '@dance.mp4' },
    answer: {
      media_id: 250474155093218,
      media_type: 'video',
      url: 'https://media.example.com/video.mp4?X-Amz-Expires=900&X-Amz-Signature=…',
      width: 1280,
      height: 720,
      duration: 5,
      has_audio: true,
      expires_at: '2027-02-22T00:00:00.000Z',
    },
  },
} as const;

export const verifyAudio = {
  entry: SPEAKERS,
  method: 'POST',
  path: '/openapi/v2/audio/verification',
  summary: 'Says whether uploaded audio can be spoken with.',
  permission: 'media:write',
  input: z.looseObject({ audio_media_id: id.describe('The uploaded audio.') }),
  output: z.object({}),
  example: { body: { audio_media_id: 250474155093301 }, answer: {} },
} as const;

export const UPLOADS: Family = {
  name: 'Uploads',
  about: 'Bring images, video and audio: as a file, or by the URL of one.',
  dialect: 'pixverse',
  routes: { uploadImage, uploadMedia, verifyAudio },
  refuses: [...IMAGE_REFUSALS, 'busy'],
};
