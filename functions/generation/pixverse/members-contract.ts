/** Members that several bodies of the PixVerse dialect share, in every form in which real clients send them. */
import * as z from 'zod';
import { openId } from '../../http/pixverse-members-contract.ts';

export const flag = z.boolean();

const PROMPT_MAX = 5000;
const LEGACY_PROMPT_MAX = 2048;
/** PixVerse documents 140 characters for speech in a clip and 200 for lip sync; here both may be 200. */
const SPOKEN_MAX = 200;

export const openPrompt = z.string().trim().max(PROMPT_MAX);
export const prompt = openPrompt.min(1);
export const legacyText = z.string().max(LEGACY_PROMPT_MAX);
export const seed = z.int().min(0).max(2147483647);

/** A speaker's id is text; clients also send its digits as a number. */
const speakerId = z.union([z.string().trim().max(64), z.int().transform(String)]);

/** Who speaks and what. */
export const speech = {
  lip_sync_tts_speaker_id: speakerId.optional(),
  lip_sync_tts_content: z.string().trim().max(SPOKEN_MAX).optional(),
};

/** A recording, or a speaker and a text. */
export const voice = { audio_media_id: openId, ...speech };

/** The film to work on: made here, or uploaded. `source_media_id` is a misprint of the Chinese pages. */
export const source = { source_video_id: openId, video_media_id: openId, source_media_id: openId };

/** What every clip is asked for with. */
export const clip = {
  model: z.string(),
  duration: z.int(),
  quality: z.string(),
  negative_prompt: legacyText.optional(),
  motion_mode: z.string().optional(),
  seed: seed.optional(),
};

/** Sound of every kind, and the other switches. */
export const switches = {
  generate_audio_switch: flag.optional(),
  sound_effect_switch: flag.optional(),
  sound_effect_content: legacyText.optional(),
  lip_sync_tts_switch: flag.optional(),
  lip_sync_switch: flag.optional(),
  ...speech,
  generate_multi_clip_switch: flag.optional(),
  thinking_type: z.string().optional(),
};

/** How a clip looks. */
export const look = { camera_movement: z.string().optional(), style: z.string().optional() };

/** Both spellings of what a creation cost. */
export const started = z
  .object({ video_id: z.int(), credits: z.int(), credit: z.int() })
  .meta({ id: 'Started', description: 'What was started, and what it costs.' });

/** From a query, or from a JSON body, which official clients send with GET. */
const counter = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number),
]);
export const page = counter.pipe(z.int().min(1)).optional();
export const pageSize = counter.pipe(z.int().min(1).max(100)).optional();

export const TRACE = {
  'ai-trace-id':
    'A UUID of yours: the same one with the same body is the same job, charged once, for a day. Anything else is only a trace.',
} as const;
