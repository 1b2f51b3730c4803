import { pixverse, serve } from '../platform/pixverse.ts';
import { Refusal } from '../platform/refusal.ts';
import { setting } from '../platform/runtime.ts';
import { videoResult } from './contract.ts';
import { pixverseStatus } from './job.ts';
import type { Job } from './job-item.ts';
import { findJob } from './jobs-store.ts';
import { mintLink } from './media-store.ts';

const JOBS_TABLE = setting('JOBS_TABLE');
const MEDIA_BUCKET = setting('MEDIA_BUCKET');

/** Said with every finished video, as the terms ask (clause 3.3.8). */
const AI_GENERATED = 'Success. The content of this video is AI-generated.';

export const handler = pixverse(
  serve(videoResult, async ({ caller, input }) => {
    const job = await findJob(JOBS_TABLE, caller.accountId, Number(input.id));
    if (!job) throw new Refusal('not_found', `there is no video ${input.id}`);
    return { resp: await describe(job), message: job.state === 'succeeded' ? AI_GENERATED : 'Success' };
  }),
);

async function describe(job: Job) {
  const { jobId, request, deliverable: made } = job;
  const link = (key: string | undefined, name: string) => (key ? mintLink(MEDIA_BUCKET, key, name) : '');
  return {
    id: jobId,
    status: pixverseStatus(job.state),
    url: await link(made?.videoKey, `${jobId}.mp4`),
    prompt: request.prompt,
    negative_prompt: request.negativePrompt,
    seed: request.seed,
    size: made?.bytes ?? 0,
    style: request.style,
    resolution_ratio: Number.parseInt(request.quality, 10),
    outputWidth: made?.width ?? 0,
    outputHeight: made?.height ?? 0,
    create_time: job.createdAt,
    modify_time: job.updatedAt,
    has_audio: made?.hasAudio ?? request.audio,
    credits: job.credits,
    state: job.state,
    progress: job.progress,
    engine: made?.engine ?? '',
    thumbnail_url: await link(made?.thumbnailKey, `${jobId}.jpg`),
    failure: job.failure ?? '',
  };
}
