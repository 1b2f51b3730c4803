/** What several routes of the PixVerse dialect share: members, in every form in which real clients send them, and entries. */
import * as z from 'zod';
import { CAMERA_MOVEMENTS, list, MODELS, type Model } from '../../catalogue/models.ts';
import { QUALITIES } from '../../catalogue/video-request.ts';
import { neuralOnly, noEffect, notOffered } from '../../http/member-effect-contract.ts';
import { pageNumber } from '../../http/page-contract.ts';
import { id, openId } from '../../http/pixverse-members-contract.ts';
import type { Entry, Uses } from '../../http/route.ts';

/** What admission writes and reads, and the start of the execution. */
const ADMITTING: Uses = {
  core: ['GetItem', 'UpdateItem', 'ConditionCheckItem', 'PutItem'],
  jobs: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
  ledger: ['PutItem'],
  idempotency: ['GetItem', 'PutItem'],
  generations: ['start'],
};

export const CREATE: Entry = {
  source: 'functions/generation/generate.lambda.ts',
  uses: ADMITTING,
  settings: ['ENGINE'],
};

export const SELECT_MASKS: Entry = {
  source: 'functions/generation/select-masks.lambda.ts',
  uses: { ...ADMITTING, media: ['GetObject'] },
  settings: ['ENGINE'],
};

export const flag = z.boolean();

const PROMPT_MAX = 5000;
const LEGACY_PROMPT_MAX = 2048;
/** PixVerse documents 140 characters for speech in a clip and 200 for lip sync; here both may be 200. */
const SPOKEN_MAX = 200;

/** The models that offer something. */
const offeredBy = (offers: (model: Model) => boolean): string => list(MODELS.filter(offers).map(({ name }) => name));
const STYLES = [...new Set(MODELS.flatMap(({ styles }) => styles))];

export const openPrompt = z.string().trim().max(PROMPT_MAX);
export const prompt = openPrompt.min(1).describe('What the video shows. Spaces at both ends do not count.');
export const legacyText = z.string().max(LEGACY_PROMPT_MAX);
const seedNumber = z.int().min(0).max(2147483647).optional();
export const seed = seedNumber.describe('The same seed and body make the same video.');
/** Of what leaves nothing to chance. */
export const unusedSeed = noEffect(
  seedNumber,
  'the same body makes the same whatever the seed is; it is kept and shown',
);

/** A speaker's id is text; clients also send its digits as a number. */
const speakerId = z.union([z.string().trim().max(64), z.int().transform(String)]);

/** Who speaks and what. */
const speech = {
  lip_sync_tts_speaker_id: speakerId.optional().describe('Who speaks: a listed speaker, one of your own, or `Auto`.'),
  lip_sync_tts_content: z.string().trim().max(SPOKEN_MAX).optional().describe('What is said.'),
};

/** Uploaded audio, or a speaker and a text. */
export const voice = {
  audio_media_id: openId.describe('Audio that you uploaded. In place of a speaker and a text.'),
  ...speech,
};

/** The video to work on: made here, or uploaded. `source_media_id` is a misprint of the Chinese pages. */
export const source = {
  source_video_id: openId.describe('A finished video that was made here. Either this or `video_media_id` is required.'),
  video_media_id: openId.describe(
    'A video that you uploaded, at most 30 seconds. Either this or `source_video_id` is required.',
  ),
  source_media_id: openId.describe('Another name of `video_media_id`.'),
};

/** A choice that may be left open: clients of PixVerse write so in these words, in capitals too, and with an empty text. */
const choice = (...none: readonly string[]) =>
  z
    .string()
    .transform(text => (none.includes(text.trim().toLowerCase()) ? '' : text))
    .optional();

/** What is queried of the model for every clip. */
export const clip = {
  model: z.string().describe(`One of ${list(MODELS.map(({ name }) => name))}. What each offers: see Models.`),
  duration: z.int().describe('Seconds. What a model makes at a quality: see Models.'),
  quality: z.string().describe(`One of ${list(QUALITIES)}.`),
  negative_prompt: neuralOnly(
    legacyText.optional(),
    'What the video should not show.',
    'it draws what the prompt names, and nothing else',
  ),
  motion_mode: choice('none', 'default').describe(
    `\`normal\` or \`fast\`; fast is 5 seconds below 1080p, with ${offeredBy(model => model.fastMotion)}.`,
  ),
  seed,
};

/** Sound of every kind, and the other switches. */
export const switches = {
  generate_audio_switch: flag
    .optional()
    .describe(`Sound made together with the video, with ${offeredBy(model => model.audio)}.`),
  sound_effect_switch: flag
    .optional()
    .describe(`Sound laid under the finished video, with ${offeredBy(model => model.soundEffect)}.`),
  sound_effect_content: legacyText.optional().describe('What is to be heard; where left out, what fits the video.'),
  lip_sync_tts_switch: flag
    .optional()
    .describe(`A speaker over the finished video, with ${offeredBy(model => model.speech)}.`),
  lip_sync_switch: flag.optional().describe('An older name of `lip_sync_tts_switch`.'),
  ...speech,
  generate_multi_clip_switch: flag
    .optional()
    .describe(`More than one shot, with ${offeredBy(model => model.multiClip)}.`),
  thinking_type: noEffect(
    choice('none', 'default'),
    `no engine here rewrites prompts, and it costs nothing. \`enabled\`, \`disabled\` or \`auto\`; enabled is taken with ${offeredBy(model => model.thinking)}`,
  ),
};

/** What every call that starts something may name and is not there yet. */
export const webhook = {
  webhook_id: notOffered(
    'webhooks are not there yet; leave it out and poll the result, or watch GET /v1/videos/{id}/events',
    'WebhookId',
  ),
};

export const waterMark = noEffect(flag, 'every video is labelled as generated, whatever is sent');

/** What clients send from earlier days, and from the vendor's own web page. */
export const legacy = {
  water_mark: waterMark,
  off_peak_mode: notOffered('there is no cheaper hour here; leave it out'),
  play_bgm: noEffect(z.unknown(), 'sound is asked for with `generate_audio_switch` or `sound_effect_switch`'),
  sound_mode: noEffect(z.unknown(), 'sound is asked for with `generate_audio_switch` or `sound_effect_switch`'),
};

const style = choice('none', 'default', 'realistic');
const STYLE = `With ${offeredBy(model => model.styles.length > 0)}: ${list(STYLES)}. \`realistic\` is none.`;
/** Of what moves an image. */
export const imageStyle = neuralOnly(style, STYLE, 'it moves the image as it is');

/** How a clip looks. */
export const appearance = {
  camera_movement: choice('none', 'default').describe(
    `With ${offeredBy(model => model.camera)}: ${list(CAMERA_MOVEMENTS)}. \`default\` is none.`,
  ),
  style: style.describe(STYLE),
};

/** What was uploaded; what it is for says the description. */
export const uploadId = (description: string) => id.describe(description);

/** Both spellings of what a creation costs. */
export const cost = {
  credits: z.int().describe('What it costs in credits: held now, charged once it succeeds, given back otherwise.'),
  credit: z.int().describe('The same as `credits`, as other clients spell it.'),
};

export const started = z
  .object({ video_id: z.int().describe('The id of the video: poll it at `video/result/{id}`.'), ...cost })
  .meta({ id: 'Started', description: 'What was started, and what it costs.' });

/** From a query, or from a JSON body, which official clients send with GET. */
export const page = pageNumber().describe('Which page, from 1.');
export const pageSize = pageNumber(100).describe('How many on a page; 20 where left out.');
export const total = z.int().describe('How many there are on all pages.');

export const TRACE = {
  'ai-trace-id':
    'A UUID of yours: the same one with the same body is the same job, charged once, for a day. Anything else is only a trace.',
} as const;

/** Ids of one account, for examples: uploaded images, a video and audio, a finished video, a mask in it, a made image. */
export const EXAMPLE_IDS = {
  hills: 250474010391023,
  lake: 250474010391187,
  portrait: 250474010391442,
  upload: 250474155093218,
  audio: 250474155093301,
  video: 250473926504802,
  mask: '250474230017655-1',
  image: 250474301928833,
} as const;

/** The response to an example that starts a video. */
export const startedExample = (credits: number) => ({ video_id: 250474402817364, credits, credit: credits });

/** A link as responses have it, for examples. */
export const exampleLink = (file: string) => `https://media.example.com/${file}?X-Amz-Expires=900&X-Amz-Signature=…`;
