/**
 * What works on a video that exists: one made here (`source_video_id`) or an uploaded one (`video_media_id`). Something is
 * made of it, or it is changed inside: its masks, what takes their place, and changes by a prompt.
 */
import * as z from 'zod';
import { FUNCTIONS } from '../../catalogue/functions.ts';
import { list } from '../../catalogue/models.ts';
import { STARTING } from '../../catalogue/refusal.ts';
import type { VideoFunction } from '../../catalogue/video-request.ts';
import { notOffered } from '../../http/member-effect-contract.ts';
import { wholeNumber } from '../../http/page-contract.ts';
import { id, openId } from '../../http/pixverse-members-contract.ts';
import type { Family } from '../../http/route.ts';
import {
  appearance,
  CREATE,
  clip,
  cost,
  exampleLink,
  flag,
  EXAMPLE_IDS as IDS,
  legacyText,
  openPrompt,
  prompt,
  SELECT_MASKS,
  seed,
  source,
  started,
  startedExample,
  switches,
  TRACE,
  unusedSeed,
  uploadId,
  voice,
  waterMark,
  webhook,
} from './members-contract.ts';

const shared = { ...source, ...webhook };
const seeded = { ...shared, seed };
const unseeded = { ...shared, seed: unusedSeed };
const qualityOf = (name: VideoFunction) =>
  z.string().describe(`One of ${list(FUNCTIONS[name].qualities as readonly string[])}.`);

export const extend = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/extend/generate',
  summary: 'Starts a video that goes on where another ends.',
  permission: 'videos:create',
  input: z.looseObject({
    prompt: prompt.describe('How the video goes on.'),
    ...clip,
    style: appearance.style,
    ...source,
    template_id: notOffered('a template works on images; leave it out'),
    generate_audio_switch: switches.generate_audio_switch,
    water_mark: waterMark,
    ...webhook,
  }),
  output: started,
  example: {
    body: { prompt: 'a boat passes', model: 'v6', duration: 5, quality: '540p', source_video_id: IDS.video },
    answer: startedExample(35),
  },
} as const;

export const lipSync = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/lip_sync/generate',
  summary: 'Starts a video in which the mouth of another follows uploaded audio, or a text that a speaker reads.',
  permission: 'videos:create',
  input: z.looseObject({ ...unseeded, ...voice }),
  output: started,
  example: {
    body: {
      source_video_id: IDS.video,
      lip_sync_tts_speaker_id: 'Auto',
      lip_sync_tts_content: 'Land ahead!',
    },
    answer: startedExample(4),
  },
} as const;

export const soundEffect = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/sound_effect/generate',
  summary: 'Starts a video with sound laid under another.',
  permission: 'videos:create',
  input: z.looseObject({
    ...seeded,
    original_sound_switch: flag.optional().describe('Whether the sound of the video stays under the new.'),
    sound_effect_content: legacyText.optional().describe('What is to be heard; where left out, what fits the video.'),
    // What newer clients call it.
    prompt: openPrompt.optional().describe('Another name of `sound_effect_content`, which goes before it.'),
  }),
  output: started,
  example: {
    body: { source_video_id: IDS.video, sound_effect_content: 'waves and gulls' },
    answer: startedExample(10),
  },
} as const;

export const restyle = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/restyle/generate',
  summary: 'Starts a video that shows another in a style: a listed one or one by a prompt.',
  permission: 'videos:create',
  input: z.looseObject({
    ...seeded,
    restyle_id: openId.describe('A style, as listed under Choices. 0 or empty is none.'),
    restyle_prompt: openPrompt.optional().describe('A style in words, in place of `restyle_id`.'),
  }),
  output: started,
  example: { body: { source_video_id: IDS.video, restyle_id: 3 }, answer: startedExample(50) },
} as const;

export const mimic = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/mimic/generate',
  summary: 'Starts a video in which an uploaded image follows the motion of another.',
  permission: 'videos:create',
  input: z.looseObject({
    ...unseeded,
    img_id: uploadId('The image that follows the motion of the video.'),
    quality: qualityOf('mimic'),
  }),
  output: started,
  example: {
    body: { video_media_id: IDS.upload, img_id: IDS.portrait, quality: '540p' },
    answer: startedExample(50),
  },
} as const;

export const upscale = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/upscale/generate',
  summary: 'Starts a video that is another with more pixels.',
  permission: 'videos:create',
  input: z.looseObject({
    ...unseeded,
    quality: z
      .string()
      .optional()
      .describe(
        `One of ${list(FUNCTIONS.upscale.qualities as readonly string[])}, and more than the video has; where left out, the next larger.`,
      ),
  }),
  output: started,
  example: { body: { source_video_id: IDS.video, quality: '1080p' }, answer: startedExample(50) },
} as const;

/** PixVerse counts from 1, and its example says 0. */
const keyframe = wholeNumber.pipe(z.int().min(0));
const keyframeId = keyframe.optional().describe('The frame, counted from 1, 24 a second; the first where left out.');
const maskId = z.union([z.string().trim().min(1).max(64), z.int().transform(String)]);

export const maskSelection = {
  entry: SELECT_MASKS,
  method: 'POST',
  path: '/openapi/v2/video/mask/selection',
  summary: 'Finds what can be selected in one frame of a video, and responds when it is found.',
  permission: 'videos:create',
  input: z.looseObject({ ...unseeded, keyframe_id: keyframeId }),
  output: z.object({
    keyframe_id: z.int().describe('The frame.'),
    keyframe_url: z.string().describe('The frame as an image, by a link that lives for 15 minutes.'),
    ...cost,
    mask_info: z
      .array(
        z.object({
          mask_id: z.string().describe('The id of the mask, for `swap` and `modify`.'),
          mask_name: z.string().describe('What it seems to be.'),
          mask_url: z
            .string()
            .describe('The mask as an image, by a link that lives for 15 minutes: white is selected.'),
        }),
      )
      .describe('What can be selected in it.'),
  }),
  example: {
    body: { source_video_id: IDS.video, keyframe_id: 1 },
    answer: {
      keyframe_id: 1,
      keyframe_url: exampleLink('frame.jpg'),
      credits: 2,
      credit: 2,
      mask_info: [{ mask_id: IDS.mask, mask_name: 'tower', mask_url: exampleLink('mask-1.png') }],
    },
  },
} as const;

export const swap = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/swap/generate',
  summary: 'Starts a video in which an uploaded image takes the place of what a mask of another selects.',
  permission: 'videos:create',
  input: z.looseObject({
    ...source,
    keyframe_id: keyframeId,
    mask_id: maskId.describe('A mask that `mask/selection` found in this video.'),
    img_id: uploadId('The image that takes the place of what the mask selects.'),
    quality: qualityOf('swap'),
    original_sound_switch: flag.optional().describe('Whether the sound of the video stays; it does where left out.'),
    seed: unusedSeed,
    ...webhook,
  }),
  output: started,
  example: {
    body: { source_video_id: IDS.video, mask_id: IDS.mask, img_id: IDS.lake, quality: '540p' },
    answer: startedExample(50),
  },
} as const;

export const modify = {
  entry: CREATE,
  method: 'POST',
  path: '/openapi/v2/video/modify/generate',
  summary: 'Starts a video that changes another by a prompt, with up to three images and three masks.',
  permission: 'videos:create',
  input: z.looseObject({
    ...source,
    prompt: prompt.describe(
      'What changes. Mentions every image as `@img0`, `@img1`, … and every mask as `@selection0`, ….',
    ),
    quality: qualityOf('modify'),
    img_ids: z.array(id).optional().describe('Up to three images, which the prompt mentions as `@img0` and so on.'),
    mask_ids: z
      .array(maskId)
      .optional()
      .describe('Up to three masks of one frame of this video, which the prompt mentions as `@selection0` and so on.'),
    keyframe_ids: z
      .union([keyframe, z.array(keyframe)])
      .optional()
      .describe('The frame of the masks, once or for each; it may be left out.'),
    mask_urls: notOffered('use mask_ids of /openapi/v2/video/mask/selection'),
    seed,
    ...webhook,
  }),
  output: started,
  example: {
    body: {
      source_video_id: IDS.video,
      prompt: 'make it night, @img0 on the horizon',
      quality: '540p',
      img_ids: [IDS.lake],
    },
    answer: startedExample(70),
  },
} as const;

export const VIDEO_WORK: Family = {
  name: 'Work on a video',
  about: 'Start a video from one that was made here (`source_video_id`) or that you uploaded (`video_media_id`).',
  dialect: 'pixverse',
  routes: { extend, lipSync, soundEffect, restyle, mimic, upscale },
  refuses: STARTING,
  headers: TRACE,
};

export const VIDEO_CHANGES: Family = {
  name: 'Change within a video',
  about: 'Find what can be selected in a frame, put an image in its place, or change the video by a prompt.',
  dialect: 'pixverse',
  routes: { maskSelection, swap, modify },
  refuses: [...STARTING, 'not_made'],
  headers: TRACE,
};
