/**
 * What starts a video of the PixVerse dialect from a prompt, from images, or between images. Types and lengths are here; what
 * depends on the model stands in catalogue/models.ts. Unknown members are allowed: real clients send legacy ones.
 */
import * as z from 'zod';
import { FUNCTIONS } from '../../catalogue/functions.ts';
import { list } from '../../catalogue/models.ts';
import { STARTING } from '../../catalogue/refusal.ts';
import { ASPECT_RATIOS } from '../../catalogue/video-request.ts';
import { noEffect, notOffered } from '../../http/member-effect-contract.ts';
import { id, openId } from '../../http/pixverse-members-contract.ts';
import type { Family } from '../../http/route.ts';
import {
  appearance,
  CREATE,
  clip,
  cost,
  EXAMPLE_IDS as IDS,
  imageStyle,
  legacy,
  openPrompt,
  prompt,
  seed,
  started,
  startedExample,
  switches,
  TRACE,
  uploadId,
  voice,
  webhook,
} from './members-contract.ts';

const aspectRatio = z.string().describe(`One of ${list(ASPECT_RATIOS)}. What a model makes: see Models.`);

const generate = { ...clip, ...appearance, ...switches, ...legacy, ...webhook };

export const generateFromText = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/text/generate',
  summary: 'Starts a video from a prompt.',
  permission: 'videos:create',
  input: z.looseObject({
    prompt,
    ...generate,
    aspect_ratio: aspectRatio,
    template_id: notOffered('it works on images: send it to /openapi/v2/video/img/generate with img_id or img_ids'),
  }),
  output: started,
  example: {
    body: {
      prompt: 'a lighthouse at dawn, waves',
      model: 'v6',
      duration: 5,
      quality: '540p',
      aspect_ratio: '16:9',
      seed: 7,
    },
    answer: startedExample(35),
  },
} as const;

export const generateFromImage = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/img/generate',
  summary: 'Starts a video that moves an uploaded image, or one by a template (effect) with its images.',
  permission: 'videos:create',
  // A template's prompt may be empty: it is not read.
  input: z.looseObject({
    prompt: openPrompt
      .optional()
      .describe('How the image moves. Required unless `template_id` is sent, which does not read it.'),
    ...generate,
    template_id: openId.describe(
      'A template (effect) that makes a video, as listed under Choices. 0 or empty is none.',
    ),
    style: imageStyle,
    aspect_ratio: noEffect(z.unknown(), 'the image decides'),
    img_id: openId.describe('An image that you uploaded.'),
    img_ids: z.array(id).max(20).optional().describe('As many images as the template takes. In place of `img_id`.'),
  }),
  output: started,
  example: {
    body: {
      prompt: 'snow falls, the camera rises',
      model: 'v6',
      duration: 5,
      quality: '540p',
      img_id: IDS.hills,
      generate_audio_switch: true,
    },
    answer: startedExample(45),
  },
} as const;

export const transition = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/transition/generate',
  summary: 'Starts a video that goes from one uploaded image to another.',
  permission: 'videos:create',
  input: z.looseObject({
    prompt: prompt.describe('What happens on the way from the first image to the last.'),
    ...clip,
    ...switches,
    ...webhook,
    first_frame_img: uploadId('The image at the beginning.'),
    last_frame_img: uploadId('The image at the end.'),
  }),
  output: started,
  example: {
    body: {
      prompt: 'summer turns into winter',
      model: 'v6',
      duration: 5,
      quality: '540p',
      first_frame_img: IDS.hills,
      last_frame_img: IDS.lake,
    },
    answer: startedExample(35),
  },
} as const;

const { duration: _, ...unmeasured } = clip;

export const multiTransition = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/multi_transition/generate',
  summary: 'Starts a video that goes through two to seven uploaded images.',
  permission: 'videos:create',
  input: z.looseObject({
    ...unmeasured,
    ...webhook,
    multi_transition: z
      .array(
        z.looseObject({
          img_id: uploadId('An image that you uploaded.'),
          duration: z
            .int()
            .nullish()
            .describe('Seconds on the way to the next image: 1 to 8 between two images, else 1 to 5, 30 in all.'),
          prompt: openPrompt.nullish().describe('What happens on the way to the next image.'),
        }),
      )
      .describe('Two to seven images in their order.'),
  }),
  output: started,
  example: {
    body: {
      model: 'v5',
      quality: '540p',
      multi_transition: [
        { img_id: IDS.hills, duration: 3, prompt: 'clouds gather' },
        { img_id: IDS.lake, duration: 2, prompt: 'it begins to rain' },
        { img_id: IDS.portrait },
      ],
    },
    answer: startedExample(45),
  },
} as const;

export const fusion = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/fusion/generate',
  summary: 'Starts a video in which several uploaded images are brought together; the prompt names them as @name.',
  permission: 'videos:create',
  input: z.looseObject({
    prompt: prompt.describe('What the video shows; `@name` stands for an image by its `ref_name`.'),
    ...clip,
    aspect_ratio: aspectRatio,
    image_references: z
      .array(
        z.looseObject({
          img_id: uploadId('An image that you uploaded.'),
          // The Chinese pages require the id alone.
          type: z.string().nullish().describe('`subject` or `background`; a subject where left out.'),
          ref_name: z
            .string()
            .trim()
            .nullish()
            .describe('What the prompt calls it, at most 30 bytes; `image1`, `image2`, … where left out.'),
        }),
      )
      .describe('The images that are brought together; how many depends on the model.'),
    video_references: notOffered('use image_references alone'),
    reference_mode: noEffect(z.unknown(), 'as many images as the model takes are taken in each mode'),
    generate_audio_switch: switches.generate_audio_switch,
    ...webhook,
  }),
  output: started,
  example: {
    body: {
      prompt: '@her walks along the @lake',
      model: 'v6',
      duration: 5,
      quality: '540p',
      aspect_ratio: '16:9',
      image_references: [
        { img_id: IDS.portrait, type: 'subject', ref_name: 'her' },
        { img_id: IDS.lake, type: 'background', ref_name: 'lake' },
      ],
    },
    answer: startedExample(35),
  },
} as const;

export const avatar = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/avatar/generate',
  summary: 'Starts a video in which an uploaded image speaks.',
  permission: 'videos:create',
  input: z.looseObject({
    img_id: uploadId('The image that speaks.'),
    quality: z.string().describe(`One of ${list(FUNCTIONS.avatar.qualities as readonly string[])}.`),
    ...voice,
    prompt: noEffect(openPrompt, 'the one who speaks moves by the speech alone; it is kept and shown'),
    seed,
    ...webhook,
  }),
  output: started,
  example: {
    body: {
      img_id: IDS.portrait,
      quality: '540p',
      lip_sync_tts_speaker_id: '1',
      lip_sync_tts_content: 'Welcome aboard.',
    },
    answer: startedExample(20),
  },
} as const;

export const imageTemplate = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/image/template/generate',
  summary: 'Starts an image that a template makes of uploaded images.',
  permission: 'videos:create',
  input: z.looseObject({
    img_ids: z.array(id).min(1).max(20).describe('As many images as the template takes.'),
    template_id: id.describe('A template (effect) that makes an image, as listed under Choices.'),
    seed,
    ...webhook,
  }),
  output: z.object({
    image_id: z.int().describe('The id of the image: poll it at `image/result/{image_id}`.'),
    ...cost,
  }),
  example: {
    body: { template_id: 302325299692701, img_ids: [IDS.hills] },
    answer: { image_id: IDS.image, credits: 10, credit: 10 },
  },
} as const;

export const agent = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/agent/generate',
  summary: 'Not offered: refused with what to use instead.',
  permission: 'videos:create',
  input: z.looseObject({}),
  output: started,
  example: { body: {} },
} as const;

export const musicVideo = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/music_mv_agent/generate',
  summary: 'Not offered: refused with what to use instead.',
  permission: 'videos:create',
  input: z.looseObject({}),
  output: started,
  example: { body: {} },
} as const;

export const CREATION: Family = {
  name: 'Create',
  about: 'Start a video from a prompt, from images, or between images. Each call responds at once with a `video_id`.',
  dialect: 'pixverse',
  routes: { generateFromText, generateFromImage, transition, multiTransition, fusion, avatar, imageTemplate },
  refuses: STARTING,
  headers: TRACE,
};

export const NOT_OFFERED: Family = {
  name: 'Not offered',
  about: "Calls that PixVerse's clients know and this platform refuses, without charge, with what to use instead.",
  dialect: 'pixverse',
  routes: { agent, musicVideo },
  refuses: [],
};
