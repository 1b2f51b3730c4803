/** What the Videos dialect answers about a video, and about one that would be made. */
import * as z from 'zod';

export const id = z.string().max(40).meta({ id: 'VideoId', description: 'The id of a video: `video_` and digits.' });
const unixSeconds = z.int();

export const videoObject = z
  .object({
    id,
    object: z.literal('video'),
    status: z.enum(['queued', 'in_progress', 'completed', 'failed']),
    /** 0 to 100. */
    progress: z.int(),
    model: z.string(),
    prompt: z.string().nullable(),
    seconds: z.string(),
    /** `WxH` in pixels; `auto` while a picture or a film that is not read yet decides. */
    size: z.string(),
    created_at: unixSeconds,
    completed_at: unixSeconds.nullable(),
    /** When the files go; null: they stay until they are deleted. */
    expires_at: unixSeconds.nullable(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    remixed_from_video_id: id.nullable(),
    // Additions.
    /** queued, generating, screening, in_review, succeeded, rejected, failed, cancelled or deleted. */
    stage: z.string(),
    function: z.string(),
    seed: z.int(),
    /** Only in the answer about one video that waits; both are guesses from the length of the queue. */
    estimated_queue_position: z.int().nullable(),
    estimated_start_at: unixSeconds.nullable(),
    deadline_at: unixSeconds.nullable(),
    credits_held: z.int(),
    credits_charged: z.int(),
    provenance: z.object({
      /** What made the pictures, once it has; `preview` is drawn on the CPU and is not a neural model. */
      engine: z.string().nullable(),
      ai_generated: z.literal(true),
      /** IPTC's term for what the pictures are. */
      digital_source_type: z.string().nullable(),
    }),
    /** null where nothing was decided about its content. */
    moderation: z.object({ decision: z.enum(['pending', 'rejected']) }).nullable(),
    /** Paths of this API. */
    links: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Video', description: 'A video: where it stands, what it cost.' });

/** The answer to a dry run. */
export const videoQuote = z
  .object({
    object: z.literal('video.quote'),
    model: z.string(),
    function: z.string(),
    seconds: z.string(),
    size: z.string(),
    credits: z.int(),
    /** Whether the same call without `dry_run` would have been admitted at this moment. */
    would_be_admitted: z.boolean(),
    refusal: z.object({ code: z.string(), message: z.string() }).nullable(),
    /** What screening its texts came to. */
    moderation: z.object({
      text: z.enum(['clear', 'refused']),
      category: z.string().nullable(),
      rule: z.string().nullable(),
      policy_version: z.string(),
    }),
    balance: z.object({ available: z.int(), after: z.int() }),
    running: z.object({ now: z.int(), limit: z.int() }),
    /** Videos of this UTC day. */
    today: z.object({ started: z.int(), remaining: z.int(), limit: z.int() }),
  })
  .meta({ id: 'VideoQuote', description: 'What a video would cost, and whether it would be admitted.' });
