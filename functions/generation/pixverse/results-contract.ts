/** Reading what was started in the PixVerse dialect. */
import * as z from 'zod';
import { PLANNED, STATES_DESCRIPTION } from '../../catalogue/job-states.ts';
import { id } from '../../http/pixverse-members-contract.ts';
import type { Entry, Family } from '../../http/route.ts';
import { EXAMPLE_IDS, exampleLink } from './members-contract.ts';

const READ: Entry = {
  source: 'functions/generation/result.lambda.ts',
  uses: { jobs: ['GetItem'], media: ['GetObject'] },
};

const UNUSED = 'Always empty here: there for clients that read it.';

/** What both results have. */
const result = {
  status: z
    .union([z.literal(1), z.literal(5), z.literal(6), z.literal(7), z.literal(8)])
    .describe(
      `1 succeeded, 5 being made, 6 deleted, 7 rejected by moderation, 8 failed or cancelled. 7 is reserved for ${PLANNED.writtenBy}, which is not in use yet.`,
    ),
  url: z
    .string()
    .describe('The file, by a link that lives for 15 minutes; empty until it succeeded. Read again for a new one.'),
  prompt: z.string().describe('As it was sent; empty of what was deleted.'),
  seed: z.int().describe('The seed that was sent, or drawn.'),
  outputWidth: z.int().describe('Pixels; 0 until it succeeded.'),
  outputHeight: z.int().describe('Pixels; 0 until it succeeded.'),
  create_time: z.string().describe('ISO 8601, UTC.'),
  modify_time: z.string().describe('ISO 8601, UTC.'),
  credits: z.int().describe('What it cost, or holds while it is not finished.'),
  // Additive: what PixVerse does not say.
  expires_at: z.string().describe('Until when its files are kept, ISO 8601, UTC; empty while there are none.'),
  state: z.string().describe(STATES_DESCRIPTION),
  progress: z.int().describe('Per cent, 0 to 100.'),
  engine: z.string().describe('What made it, once it has; `preview` draws on the CPU and is not a neural model.'),
  failure: z.string().describe('Why it failed; empty otherwise.'),
};

export const videoResult = {
  entry: READ,
  method: 'GET',
  path: '/openapi/v2/video/result/{id}',
  summary: 'Reads a video: its status, and once it succeeded a link that lives for minutes.',
  permission: 'videos:read',
  input: z.looseObject({ id: id.describe('The `video_id` that a creation responded with.') }),
  output: z.object({
    id: z.int().describe('The id of the video.'),
    ...result,
    negative_prompt: z.string().describe('As it was sent; empty of what was deleted.'),
    size: z.int().describe('Bytes.'),
    style: z.string().describe('As it was sent; empty for none, and of what was deleted.'),
    resolution_ratio: z.int().describe('The lines of its quality, such as 540.'),
    has_audio: z.boolean().describe('Whether it has sound.'),
    thumbnail_url: z.string().describe('A still image of it, by a link that lives for 15 minutes.'),
  }),
  example: {
    path: { id: String(EXAMPLE_IDS.video) },
    answer: {
      id: EXAMPLE_IDS.video,
      status: 1,
      url: exampleLink('video.mp4'),
      prompt: 'a lighthouse at dawn, waves',
      negative_prompt: '',
      seed: 7,
      size: 1284011,
      style: '',
      resolution_ratio: 540,
      outputWidth: 960,
      outputHeight: 540,
      create_time: '2026-11-23T04:13:57.000Z',
      modify_time: '2026-11-23T04:14:12.512Z',
      expires_at: '2027-02-22T00:00:00.000Z',
      has_audio: true,
      credits: 35,
      state: 'succeeded',
      progress: 100,
      engine: 'preview',
      thumbnail_url: exampleLink('video.jpg'),
      failure: '',
    },
  },
} as const;

export const imageResult = {
  entry: READ,
  method: 'GET',
  path: '/openapi/v2/image/result/{image_id}',
  summary: 'Reads an image made by a template: its status, and once it succeeded a link that lives for minutes.',
  permission: 'videos:read',
  input: z.looseObject({ image_id: id.describe('The `image_id` that the creation responded with.') }),
  output: z.object({
    image_id: z.int().describe('The id of the image.'),
    ...result,
    prompt_translate: z.string().describe(UNUSED),
    template_id: z.int().describe('The template.'),
    customer_paths: z
      .object({
        ext_info: z.null().describe(UNUSED),
        agent_info: z.null().describe(UNUSED),
        cameo_id_list: z.null().describe(UNUSED),
        duration_type: z.string().describe(UNUSED),
        fusion_id_list: z.null().describe(UNUSED),
        model_evaluator: z.string().describe(UNUSED),
        customer_img_paths: z.array(z.string()).describe(UNUSED),
        gen_img_req_img_ids: z.array(z.int()).describe('The images that it was made of.'),
      })
      .describe('What went into the image.'),
    // Additive: the video's shape has an `id`, which the how-to shows here too.
    id: z.int().describe('The same as `image_id`.'),
  }),
  example: {
    path: { image_id: String(EXAMPLE_IDS.image) },
    answer: {
      image_id: EXAMPLE_IDS.image,
      id: EXAMPLE_IDS.image,
      status: 5,
      state: 'generating',
      url: '',
      prompt: '',
      seed: 7,
      prompt_translate: '',
      template_id: 302325299692701,
      create_time: '2026-11-23T04:15:09.000Z',
      modify_time: '2026-11-23T04:15:10.208Z',
      expires_at: '',
      outputWidth: 0,
      outputHeight: 0,
      credits: 10,
      progress: 30,
      engine: '',
      failure: '',
      customer_paths: {
        ext_info: null,
        agent_info: null,
        cameo_id_list: null,
        duration_type: '',
        fusion_id_list: null,
        model_evaluator: '',
        customer_img_paths: [],
        gen_img_req_img_ids: [EXAMPLE_IDS.hills],
      },
    },
  },
} as const;

export const RESULTS: Family = {
  name: 'Results',
  about: 'Poll until `status` is no longer 5: 1 succeeded, 8 failed or cancelled (its credits are back), 6 deleted.',
  dialect: 'pixverse',
  routes: { videoResult, imageResult },
  refuses: ['not_found'],
};
