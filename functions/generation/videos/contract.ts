// More than 300 lines: ten routes with the descriptions and the examples of one object.
/**
 * The Videos dialect: the shape of the Videos API of August 2026, which its owner switched off and its clients and open
 * engines still speak. Members and fields that it did not have are additions, and marked so. Unknown members are
 * refused: what is not understood should not be charged for.
 */
import * as z from 'zod';
import { DEFAULT_SIZE, SIZES } from '../../catalogue/frame-size.ts';
import { list, MODELS } from '../../catalogue/models.ts';
import { IMAGE_REFUSALS, STARTING } from '../../catalogue/refusal.ts';
import { LONGEST_RETENTION_DAYS } from '../../catalogue/retention.ts';
import { VIDEO_FUNCTIONS } from '../../catalogue/video-request.ts';
import { neuralOnly, noEffect } from '../../http/member-effect-contract.ts';
import { metadata } from '../../http/metadata-contract.ts';
import { afterId, hasMore, pageNumber, wholeNumber } from '../../http/page-contract.ts';
import type { Entry, Family } from '../../http/route.ts';
import { id, VIDEO_STATUSES, videoObject, videoQuote } from './object-contract.ts';

const CREATE: Entry = {
  source: 'functions/generation/videos/create-video.lambda.ts',
  uses: {
    core: ['GetItem', 'UpdateItem', 'ConditionCheckItem', 'PutItem'],
    jobs: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    ledger: ['PutItem'],
    idempotency: ['GetItem', 'PutItem'],
    generations: ['start'],
    media: ['GetObject', 'PutObject', 'PutObjectTagging'],
  },
  settings: ['ENGINE', 'IMAGE_SOURCE_ALLOW'],
  memory: 1024,
};

const READ: Entry = {
  source: 'functions/generation/videos/read-video.lambda.ts',
  uses: { jobs: ['GetItem', 'BatchGetItem', 'Query'], queue: ['measure'] },
};

/** A client that reads 100 MB at 4 Mbit/s is done by then; whoever is not goes on with a range. */
export const DOWNLOAD_SECONDS = 240;
/** A connection of watch-video-command.ts, with what it takes to begin and to end it. */
export const WATCH_SECONDS = 140;

const CONTENT: Entry = {
  source: 'functions/generation/videos/content-video.lambda.ts',
  uses: { core: ['UpdateItem'], jobs: ['GetItem'], media: ['GetObject'] },
  streams: { seconds: DOWNLOAD_SECONDS },
};

const WATCH: Entry = {
  source: 'functions/generation/videos/watch-video.lambda.ts',
  uses: { core: ['UpdateItem'], jobs: ['GetItem'] },
  streams: { seconds: WATCH_SECONDS },
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
  uses: { jobs: ['GetItem', 'UpdateItem', 'PutItem'], mediaVersions: ['purge'] },
};

const prompt = z.string().trim().min(1).max(5000);
const unixSecond = wholeNumber.pipe(z.int().min(0));
/** The video that a path or a body names. */
const existing = id.describe('The id of a video, such as `video_250473926504802`.');
/** Forms send switches as text. */
const flag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform(text => text === 'true')], {
    error: 'it must be true or false',
  })
  .meta({ id: 'Switch', description: 'True or false, as such or in quotes.' });
const file = z.custom<Uint8Array>(value => value instanceof Uint8Array);

/** Additions that every creation takes. */
const additions = {
  seed: wholeNumber
    .pipe(z.int().min(0).max(2147483647))
    .optional()
    .describe('The same seed and body make the same video.'),
  deadline_seconds: wholeNumber
    .pipe(z.int().min(10).max(3600))
    .optional()
    .describe('Ended, and its credits given back, where it is not finished by then.'),
  metadata: metadata
    .optional()
    .describe(
      'Pairs of your own, such as which of your customers it is for: kept, shown, and what lists and usage filter by.',
    ),
  retention: wholeNumber
    .pipe(z.int().min(1).max(LONGEST_RETENTION_DAYS))
    .optional()
    .describe('Days that its files, and a file sent along, are kept; the most that the plan keeps where left out.'),
  dry_run: flag.optional().describe('Everything is checked and priced, and nothing happens: the response is a quote.'),
  user: noEffect(z.string().max(512), 'nothing is kept of it'),
};

/** Where left out, as the original: yes, where the model can. */
const audio = flag.optional().describe('Whether it has sound; where left out, it has where the model can.');

/** The video to start from: one that was made here, or a file. */
const video = z
  .union([z.strictObject({ id: existing }), id.transform(text => ({ id: text })), file], {
    error: 'it must be a file, or {"id": "video_…"} of a finished video of this account',
  })
  .describe('A finished video of yours: `{"id": "video_…"}`, or its id alone; or a file.');

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

const ID = 'video_250473926504802';
/** The video that others are made of. */
const FROM = 'video_250473911122334';

const QUEUED = {
  id: ID,
  object: 'video',
  status: 'queued',
  progress: 0,
  model: 'v6',
  prompt: 'a lighthouse at dawn, waves',
  seconds: '4',
  size: '1280x720',
  created_at: 1795407237,
  completed_at: null,
  expires_at: null,
  error: null,
  remixed_from_video_id: null,
  stage: 'queued',
  function: 'text_to_video',
  seed: 7,
  estimated_queue_position: null,
  estimated_start_at: null,
  deadline_at: null,
  credits_held: 48,
  credits_charged: 0,
  moderation: null,
  metadata: { customer: '42' },
  provenance: { engine: null, ai_generated: true, digital_source_type: null },
  links: {
    self: `https://api.example.com/v1/videos/${ID}`,
    events: `https://api.example.com/v1/videos/${ID}/events`,
    cancel: `https://api.example.com/v1/videos/${ID}/cancel`,
  },
};
const DONE = {
  ...QUEUED,
  status: 'completed',
  progress: 100,
  completed_at: 1795407252,
  expires_at: 1803254400,
  stage: 'succeeded',
  credits_held: 0,
  credits_charged: 48,
  provenance: {
    engine: 'preview',
    ai_generated: true,
    digital_source_type: 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
  },
  links: {
    self: `https://api.example.com/v1/videos/${ID}`,
    content: `https://api.example.com/v1/videos/${ID}/content`,
    thumbnail: `https://api.example.com/v1/videos/${ID}/content?variant=thumbnail`,
  },
};
/** What remixing and editing respond with: both change a video. */
const CHANGING = {
  ...QUEUED,
  size: 'auto',
  model: 'modify',
  function: 'modify',
  remixed_from_video_id: FROM,
  credits_held: 64,
};

export const createVideo = {
  entry: CREATE,
  ...creation,
  path: '/v1/videos',
  summary: 'Starts a video from a prompt, and an image where one is given.',
  input: z.strictObject({
    prompt: prompt.describe('What the video shows.'),
    model: z
      .string()
      .max(100)
      .optional()
      .describe(
        `One of ${list(MODELS.map(({ name }) => name))}; \`sora-2\` and \`sora-2-pro\` stand for v6. v6 where left out.`,
      ),
    seconds: wholeNumber
      .optional()
      .describe('How long; what a model makes: see Models. 4, or the next that it makes, where left out.'),
    size: z
      .string()
      .max(20)
      .optional()
      .describe(`\`${DEFAULT_SIZE}\` where left out or \`auto\`, or one of ${list([...SIZES.keys()])}.`),
    input_reference: z
      .union(
        [
          z.strictObject({
            image_url: z
              .string()
              .min(1)
              .describe('On the public web, a link of this platform, or `data:image/…;base64,…`.'),
          }),
          z.strictObject({
            file_id: z.string().describe('The `img_id` of an uploaded image, also as `file_<img_id>`.'),
          }),
          file,
        ],
        { error: 'it must be a file, {"image_url": "…"} or {"file_id": "…"}' },
      )
      .optional()
      .describe('An image to start from: a file, a URL (also a data URL), or an image that you uploaded.'),
    negative_prompt: neuralOnly(
      z.string().max(2048).optional(),
      'What it should not show.',
      'it draws what the prompt names, and nothing else',
    ),
    audio,
    ...additions,
  }),
  files: { input_reference: 'A PNG, JPEG or WebP image below 20 MB.' },
  example: {
    body: { prompt: 'a lighthouse at dawn, waves', seconds: '4', size: '1280x720', seed: 7 },
    form: { prompt: 'snow falls, the camera rises', seconds: '4', size: '1280x720', input_reference: '@hills.jpg' },
    answer: QUEUED,
  },
} as const;

export const remixVideo = {
  entry: CREATE,
  ...creation,
  path: '/v1/videos/{id}/remix',
  summary: 'Makes a finished video anew with another prompt.',
  input: z.strictObject({ id: existing, prompt: prompt.describe('How it should be instead.'), ...additions }),
  example: {
    path: { id: FROM },
    body: { prompt: 'the same in a storm' },
    answer: { ...CHANGING, prompt: 'the same in a storm' },
  },
} as const;

export const editVideo = {
  entry: CREATE,
  ...creation,
  path: '/v1/videos/edits',
  summary: 'Changes a finished video as the prompt says.',
  input: z.strictObject({ prompt: prompt.describe('What changes.'), video, ...additions }),
  example: {
    body: { prompt: 'make it night', video: { id: FROM } },
    answer: { ...CHANGING, prompt: 'make it night' },
  },
} as const;

export const extendVideo = {
  entry: CREATE,
  ...creation,
  path: '/v1/videos/extensions',
  summary: 'Continues a finished video by so many seconds.',
  input: z.strictObject({
    prompt: prompt.describe('How it goes on.'),
    video,
    seconds: wholeNumber.describe('How many more.'),
    model: z.string().max(100).optional().describe("The video's own where left out, if it can extend."),
    audio,
    ...additions,
  }),
  example: {
    body: { prompt: 'a boat passes', video: { id: FROM }, seconds: 4 },
    answer: { ...QUEUED, size: 'auto', function: 'extend', prompt: 'a boat passes' },
  },
} as const;

export const listVideos = {
  entry: READ,
  ...reading,
  path: '/v1/videos',
  summary: 'Lists the videos of the account, newest first unless `order` says otherwise.',
  input: z.strictObject({
    after: id.optional().describe(afterId),
    limit: pageNumber(100).describe('How many on a page; 20 where left out.'),
    order: z.enum(['asc', 'desc']).optional().describe('By time of creation; `desc` where left out.'),
    status: z.enum(VIDEO_STATUSES).optional().describe('Only videos of this status.'),
    function: z.enum(VIDEO_FUNCTIONS).optional().describe('Only videos by this function.'),
    model: z.string().max(100).optional().describe('Only videos of this model, as it is sent or shown.'),
    created_after: unixSecond.optional().describe('Only videos of this Unix second or later.'),
    created_before: unixSecond.optional().describe('Only videos of before this Unix second.'),
    metadata: metadata
      .optional()
      .describe('Only videos with this pair: `metadata[customer]=42`; with all, where several.'),
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(videoObject)
      .describe(
        'The videos on this page. With a filter there may be fewer than requested, or none, and more after it.',
      ),
    first_id: id.nullable().describe('The first on this page.'),
    last_id: id
      .nullable()
      .describe('As far as this page looked, with a filter beyond the last on it: `after` for the next.'),
    has_more: hasMore,
  }),
  example: {
    query: { limit: 1, order: 'desc' },
    answer: { object: 'list', data: [DONE], first_id: ID, last_id: ID, has_more: true },
  },
} as const;

export const retrieveVideo = {
  entry: READ,
  ...reading,
  path: '/v1/videos/{id}',
  summary: 'Retrieves a video: how far it is, what it cost.',
  input: z.strictObject({ id: existing }),
  output: videoObject,
  example: { path: { id: ID }, answer: DONE },
} as const;

export const videoContent = {
  entry: CONTENT,
  ...reading,
  path: '/v1/videos/{id}/content',
  summary: 'Downloads the finished file.',
  input: z.strictObject({
    id: existing,
    variant: z.enum(['video', 'thumbnail', 'spritesheet']).optional().describe('`video` where left out.'),
    redirect: flag.optional().describe('Whether to redirect to a link that lives for 15 minutes.'),
  }),
  output: z.undefined(),
  headers: {
    range: 'One range of bytes.',
    'if-range': 'The `etag` that the range is of.',
    'if-none-match': 'An `etag` that is not wanted again.',
  },
  success: { status: 200, contentType: ['video/mp4', 'image/jpeg'], partial: true },
  empty: {
    302: 'With `redirect=true`: `location` is a link of another origin. Send no key along.',
    304: 'It is what `if-none-match` names.',
    416: 'The range is beyond its end; `content-range` says how many bytes there are.',
  },
  example: { path: { id: ID }, query: { variant: 'video' } },
} as const;

export const videoEvents = {
  entry: WATCH,
  ...reading,
  path: '/v1/videos/{id}/events',
  summary: 'Streams the changes of a video as server-sent events, for up to two minutes.',
  input: z.strictObject({ id: existing }),
  output: z.undefined(),
  headers: { 'last-event-id': 'The last event that was received; what comes is newer.' },
  success: { status: 200, contentType: 'text/event-stream' },
  empty: { 204: 'The video has ended and its last event was received: there is nothing to come.' },
  example: { path: { id: ID } },
} as const;

export const cancelVideo = {
  entry: CANCEL,
  method: 'POST',
  permission: 'videos:create',
  path: '/v1/videos/{id}/cancel',
  summary: 'Cancels a video that is not finished and gives its credits back.',
  input: z.strictObject({ id: existing }),
  output: videoObject,
  example: {
    path: { id: ID },
    answer: {
      ...QUEUED,
      status: 'failed',
      stage: 'cancelled',
      completed_at: 1795407243,
      credits_held: 0,
      error: { code: 'cancelled', message: 'it was cancelled; its credits were given back' },
      links: { self: `https://api.example.com/v1/videos/${ID}` },
    },
  },
} as const;

export const deleteVideo = {
  entry: DELETE,
  method: 'DELETE',
  permission: 'videos:delete',
  path: '/v1/videos/{id}',
  summary: 'Deletes a video that has ended, with all its files, its words and its metadata.',
  input: z.strictObject({ id: existing }),
  output: z.object({
    id: id.describe('The id of the video.'),
    object: z.literal('video.deleted').describe('What this is.'),
    deleted: z.literal(true).describe('It and its files are deleted.'),
    certificate_id: z
      .string()
      .nullable()
      .describe(
        'The certificate of deletion, at `GET /v1/certificates/{id}` when all is gone; null of one that was deleted before there were any.',
      ),
  }),
  example: {
    path: { id: ID },
    answer: { id: ID, object: 'video.deleted', deleted: true, certificate_id: 'cert_019f2a6b3d90Hc8Jk2LmN4pQrS' },
  },
} as const;

export const VIDEO_CREATION: Family = {
  name: 'Create videos',
  about: 'The Videos API: start, remix, edit or extend a video, as the official `openai` clients call it.',
  dialect: 'videos',
  routes: { createVideo, remixVideo, editVideo, extendVideo },
  refuses: [...STARTING, ...IMAGE_REFUSALS, 'not_found', 'video_deleted', 'wrong_state', 'too_many_refused'],
};

export const VIDEOS: Family = {
  name: 'Videos',
  about: 'Read, list, watch, download, cancel and delete what was started.',
  dialect: 'videos',
  routes: { listVideos, retrieveVideo, videoContent, videoEvents, cancelVideo, deleteVideo },
  refuses: ['not_found', 'video_deleted', 'wrong_state', 'too_many_streams'],
};
