/**
 * The Videos dialect: the shape of the Videos API of August 2026, which its owner switched off and its clients and open
 * engines still speak. Members and fields that it did not have are additions, and marked so. Unknown members are
 * refused: what is not understood should not be charged for.
 */
import * as z from 'zod';
import { IMAGE_REFUSALS, STARTING } from '../../catalogue/refusal.ts';
import type { Entry, Family } from '../../http/route.ts';
import { id, videoObject, videoQuote } from './object-contract.ts';

const CREATE: Entry = {
  source: 'functions/generation/videos/create-video.lambda.ts',
  uses: {
    core: ['GetItem', 'UpdateItem', 'ConditionCheckItem', 'PutItem'],
    jobs: ['GetItem', 'PutItem', 'ConditionCheckItem'],
    ledger: ['PutItem'],
    idempotency: ['GetItem', 'PutItem'],
    generations: ['start'],
    media: ['PutObject'],
  },
  settings: ['ENGINE', 'IMAGE_SOURCE_ALLOW'],
  memory: 1024,
};

const READ: Entry = {
  source: 'functions/generation/videos/read-video.lambda.ts',
  uses: { jobs: ['GetItem', 'Query'], media: ['GetObject'], queue: ['measure'] },
};

const WATCH: Entry = {
  source: 'functions/generation/videos/watch-video.lambda.ts',
  uses: { jobs: ['GetItem'] },
};

const CANCEL: Entry = {
  source: 'functions/generation/videos/cancel-video.lambda.ts',
  uses: {
    core: ['UpdateItem'],
    jobs: ['GetItem', 'UpdateItem', 'PutItem'],
    ledger: ['PutItem'],
    generations: ['stop'],
  },
};

const DELETE: Entry = {
  source: 'functions/generation/videos/delete-video.lambda.ts',
  uses: { jobs: ['GetItem', 'UpdateItem'], mediaVersions: ['purge'] },
};

const prompt = z.string().trim().min(1).max(5000);
/** Forms send numbers and switches as text. */
const whole = z.union(
  [
    z.int(),
    z
      .string()
      .regex(/^\d{1,10}$/)
      .transform(Number),
  ],
  {
    error: 'it must be a whole number, as a number or in quotes',
  },
);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')], {
  error: 'it must be true or false',
});
const file = z.custom<Uint8Array>(value => value instanceof Uint8Array);

/** Additions that every creation takes. */
const additions = {
  seed: whole.pipe(z.int().min(0).max(2147483647)).optional(),
  /** Cancelled where it is not finished by then. */
  deadline_seconds: whole.pipe(z.int().min(10).max(3600)).optional(),
  /** Everything is checked and priced, and nothing happens. */
  dry_run: flag.optional(),
  /** Whose request it is for the caller's own purposes; not kept. */
  user: z.string().max(512).optional(),
};

/** Sound made with the picture; where left out, as the original: yes, where the model can. */
const audio = flag.optional();

/** The video to start from: one that was made here, or a file. */
const video = z.union([z.strictObject({ id }), id.transform(text => ({ id: text })), file], {
  error: 'it must be a file, or {"id": "video_…"} of a finished video of this account',
});

const CREATION_HEADERS = {
  'idempotency-key': '1 to 255 printable characters: the same key with the same body is the same video, for a day.',
  prefer: '`dry-run` does what `dry_run` does.',
  'cancel-after': 'Seconds; does what `deadline_seconds` does.',
} as const;

const creation = {
  method: 'POST',
  permission: 'videos:create',
  output: z.union([videoObject, videoQuote]),
  headers: CREATION_HEADERS,
  bodies: ['json', 'multipart', 'urlencoded'],
} as const;
const reading = { method: 'GET', permission: 'videos:read' } as const;

export const createVideo = {
  entry: CREATE,
  ...creation,
  path: '/v1/videos',
  summary: 'Starts a video from a prompt, and a picture where one is given.',
  input: z.strictObject({
    prompt,
    model: z.string().max(100).optional(),
    seconds: whole.optional(),
    size: z.string().max(20).optional(),
    input_reference: z
      .union([z.strictObject({ image_url: z.string().min(1) }), z.strictObject({ file_id: z.string() }), file], {
        error: 'it must be a file, {"image_url": "…"} or {"file_id": "…"}',
      })
      .optional(),
    negative_prompt: z.string().max(2048).optional(),
    audio,
    ...additions,
  }),
  files: { input_reference: 'A PNG, JPEG or WebP picture below 20 MB.' },
} as const;

export const remixVideo = {
  entry: CREATE,
  ...creation,
  path: '/v1/videos/{id}/remix',
  summary: 'Makes a finished video anew under another prompt.',
  input: z.strictObject({ id, prompt, ...additions }),
} as const;

export const editVideo = {
  entry: CREATE,
  ...creation,
  path: '/v1/videos/edits',
  summary: 'Changes a finished video as the prompt says.',
  input: z.strictObject({ prompt, video, ...additions }),
} as const;

export const extendVideo = {
  entry: CREATE,
  ...creation,
  path: '/v1/videos/extensions',
  summary: 'Continues a finished video by so many seconds.',
  input: z.strictObject({ prompt, video, seconds: whole, model: z.string().max(100).optional(), audio, ...additions }),
} as const;

export const listVideos = {
  entry: READ,
  ...reading,
  path: '/v1/videos',
  summary: 'Lists the videos of the account, newest first unless asked otherwise.',
  input: z.strictObject({
    after: id.optional(),
    limit: whole.pipe(z.int().min(1).max(100)).optional(),
    order: z.enum(['asc', 'desc']).optional(),
  }),
  output: z.object({
    object: z.literal('list'),
    data: z.array(videoObject),
    first_id: id.nullable(),
    last_id: id.nullable(),
    has_more: z.boolean(),
  }),
} as const;

export const retrieveVideo = {
  entry: READ,
  ...reading,
  path: '/v1/videos/{id}',
  summary: 'Reads a video: where it stands, what it cost.',
  input: z.strictObject({ id }),
  output: videoObject,
} as const;

export const videoContent = {
  entry: READ,
  ...reading,
  path: '/v1/videos/{id}/content',
  summary: 'Leads to the finished file by a link that lives for minutes.',
  input: z.strictObject({ id, variant: z.enum(['video', 'thumbnail', 'spritesheet']).optional() }),
  output: z.undefined(),
  success: { status: 302, contentType: 'text/plain' },
} as const;

export const videoEvents = {
  entry: WATCH,
  ...reading,
  path: '/v1/videos/{id}/events',
  summary: 'Waits up to 20 seconds for the next change and tells it as a server-sent event.',
  input: z.strictObject({ id }),
  output: z.undefined(),
  headers: { 'last-event-id': 'The last event that was seen; what comes is newer.' },
  success: { status: 200, contentType: 'text/event-stream' },
  empty: { 204: 'The video has ended and its last event was seen: there is nothing to come.' },
} as const;

export const cancelVideo = {
  entry: CANCEL,
  method: 'POST',
  permission: 'videos:create',
  path: '/v1/videos/{id}/cancel',
  summary: 'Stops a video that is not finished and gives its credits back.',
  input: z.strictObject({ id }),
  output: videoObject,
} as const;

export const deleteVideo = {
  entry: DELETE,
  method: 'DELETE',
  permission: 'videos:delete',
  path: '/v1/videos/{id}',
  summary: 'Deletes a video that has ended, with all its files.',
  input: z.strictObject({ id }),
  output: z.object({ id, object: z.literal('video.deleted'), deleted: z.literal(true) }),
} as const;

export const VIDEO_CREATION: Family = {
  name: 'Create videos',
  about: 'The Videos API: start, remix, edit or extend a video, as the official `openai` clients call it.',
  dialect: 'videos',
  routes: { createVideo, remixVideo, editVideo, extendVideo },
  refuses: [...STARTING, ...IMAGE_REFUSALS, 'not_found', 'wrong_state'],
};

export const VIDEOS: Family = {
  name: 'Videos',
  about: 'Read, list, watch, download, cancel and delete what was started.',
  dialect: 'videos',
  routes: { listVideos, retrieveVideo, videoContent, videoEvents, cancelVideo, deleteVideo },
  refuses: ['not_found', 'wrong_state'],
};
