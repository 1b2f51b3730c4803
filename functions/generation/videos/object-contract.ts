/** What the Videos dialect responds with about a video, and about one that would be made. */
import * as z from 'zod';
import { PLANNED, STATES_DESCRIPTION } from '../../catalogue/job-states.ts';
import { shownMetadata } from '../../http/metadata-contract.ts';

export const id = z.string().max(40).meta({ id: 'VideoId', description: 'The id of a video: `video_` and digits.' });
const unixSeconds = z.int();
export const VIDEO_STATUSES = ['queued', 'in_progress', 'completed', 'failed'] as const;

export const videoObject = z
  .object({
    id: id.describe('The id of the video.'),
    object: z.literal('video').describe('What this is.'),
    status: z.enum(VIDEO_STATUSES).describe('Poll until it is completed or failed.'),
    progress: z.int().describe('Per cent, 0 to 100.'),
    model: z
      .string()
      .describe(
        'The model that was sent, or the one that stands for it; the function where no model makes it. It can be sent back.',
      ),
    prompt: z.string().nullable().describe('As it was sent.'),
    seconds: z.string().describe('How long it is, or will be.'),
    size: z.string().describe('`WxH` in pixels; `auto` while what it starts from decides.'),
    created_at: unixSeconds.describe('Unix seconds.'),
    completed_at: unixSeconds.nullable().describe('Unix seconds; null until it has ended.'),
    expires_at: unixSeconds
      .nullable()
      .describe('Unix seconds: its files are kept until then; null while there are none.'),
    error: z
      .object({
        code: z.string().describe('For programs.'),
        message: z.string().describe('For people.'),
      })
      .nullable()
      .describe('Why it failed.'),
    remixed_from_video_id: id.nullable().describe('The video that it was made of.'),
    // Additions.
    stage: z.string().describe(STATES_DESCRIPTION),
    function: z.string().describe('What makes it.'),
    seed: z.int().describe('The seed that was sent, or drawn.'),
    estimated_queue_position: z
      .int()
      .nullable()
      .describe('An estimate from the length of the queue, while it waits, where one video is retrieved.'),
    estimated_start_at: unixSeconds.nullable().describe('An estimate in Unix seconds, likewise.'),
    deadline_at: unixSeconds.nullable().describe('When it fails if it is not finished; Unix seconds.'),
    credits_held: z.int().describe('Held for it while it is not finished.'),
    credits_charged: z.int().describe('Charged, once it succeeded.'),
    provenance: z
      .object({
        engine: z
          .string()
          .nullable()
          .describe('What made it, once it has; `preview` draws on the CPU and is not a neural model.'),
        ai_generated: z.literal(true).describe('Always: every video is labelled so.'),
        digital_source_type: z.string().nullable().describe("IPTC's term for what the images are."),
      })
      .describe('Where its images come from.'),
    moderation: z
      .object({
        decision: z.enum(['pending', 'rejected']).describe('Rejected videos are not delivered, and not charged.'),
      })
      .nullable()
      .describe(
        `What was decided about its content; null where nothing was. Reserved for ${PLANNED.writtenBy}, which is not in use yet.`,
      ),
    metadata: shownMetadata.describe('What was sent with the call that started it; empty where nothing was.'),
    links: z.record(z.string(), z.string()).describe('Addresses of this API that make sense for it now.'),
  })
  .meta({ id: 'Video', description: 'A video: how far it is, what it cost.' });

/** The response to a dry run. */
export const videoQuote = z
  .object({
    object: z.literal('video.quote').describe('What this is.'),
    model: z.string().describe('The model that would make it; the function where no model does.'),
    function: z.string().describe('What would make it.'),
    seconds: z.string().describe('How long it would be.'),
    size: z.string().describe('`WxH` in pixels; `auto` where what it starts from decides.'),
    credits: z.int().describe('What it would cost.'),
    would_be_admitted: z.boolean().describe('Whether the same call without `dry_run` would have been admitted now.'),
    refusal: z
      .object({
        code: z.string().describe('For programs.'),
        message: z.string().describe('For people.'),
      })
      .nullable()
      .describe('Why not.'),
    moderation: z
      .object({
        text: z.enum(['clear', 'refused']).describe('Whether its texts may be made.'),
        category: z.string().nullable().describe('Of clause 3.2 of the platform terms, where they may not.'),
        rule: z.string().nullable().describe('Which rule of the policy they break: name it in an appeal.'),
        policy_version: z.string().describe('Of the policy that decided.'),
      })
      .describe('What screening its texts found. Rules alone screen them; what is made is not screened.'),
    balance: z
      .object({
        available: z.int().describe('That can be spent now.'),
        after: z.int().describe('What would be left.'),
      })
      .describe('Credits.'),
    running: z
      .object({
        now: z.int().describe('At this moment.'),
        limit: z.int().describe('By the plan.'),
      })
      .describe('Videos being made.'),
    today: z
      .object({
        started: z.int().describe('So far.'),
        remaining: z.int().describe('That may still be started.'),
        limit: z.int().describe('By the plan.'),
      })
      .describe('Videos of this UTC day.'),
  })
  .meta({ id: 'VideoQuote', description: 'What a video would cost, and whether it would be admitted.' });
