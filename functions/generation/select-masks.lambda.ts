import { setTimeout as pause } from 'node:timers/promises';
import { pixverseHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { now, setting } from '../runtime/runtime.ts';
import { mintLink } from '../uploads/media-store.ts';
import { isOpen } from './job.ts';
import type { Job } from './job-item.ts';
import { findJob } from './jobs-store.ts';
import { publicMaskId } from './masks.ts';
import { create, traceOf } from './pixverse/create.ts';
import { readMaskSelection } from './pixverse/mask.ts';
import { maskSelection } from './pixverse/mask-contract.ts';

const JOBS_TABLE = setting('JOBS_TABLE');
const MEDIA_BUCKET = setting('MEDIA_BUCKET');

/** API Gateway waits 29 seconds and the function has 28: an answer must be on its way before. */
const WAIT_MS = 24_000;
const FIRST_LOOK_MS = 250;
const LONGEST_PAUSE_MS = 1_000;

/** PixVerse answers this call with the masks themselves: the job is submitted as any other, and waited for. */
export const handler = pixverseHandler(
  route(maskSelection, async exchange => {
    const deadline = now() + WAIT_MS;
    const { jobId, credits } = await create(readMaskSelection, exchange);
    const job = await ended(exchange.caller.accountId, jobId, deadline);
    if (!job) {
      const again = traceOf(exchange.event)
        ? 'send the same call with the same Ai-trace-id again: it is charged once'
        : 'send a UUID as Ai-trace-id, and the same call may then be repeated for one charge';
      throw new Refusal('busy', `the masks are still being found (job ${jobId}); ${again}`);
    }
    const { deliverable, request, failure } = job;
    if (job.state !== 'succeeded' || !deliverable?.masks) {
      throw new Refusal('not_made', `no masks could be found: ${failure || `the job was ${job.state}`}`);
    }
    const masks = deliverable.masks.map(async ({ maskId, name, key }) => ({
      ...{ mask_id: publicMaskId(jobId, maskId), mask_name: name, mask_url: await mintLink(MEDIA_BUCKET, key) },
    }));
    return {
      body: {
        keyframe_id: request.selection?.keyframe ?? 1,
        keyframe_url: await mintLink(MEDIA_BUCKET, deliverable.thumbnailKey),
        ...{ credits, credit: credits, mask_info: await Promise.all(masks) },
      },
    };
  }),
);

/** The job once it has ended; undefined where it had not by then (epoch ms). */
async function ended(accountId: string, jobId: number, deadline: number): Promise<Job | undefined> {
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    const job = await findJob(JOBS_TABLE, accountId, jobId);
    if (job && !isOpen(job.state)) return job;
    if (now() + wait > deadline) return undefined;
    await pause(wait);
  }
}
