import { pixverseHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { mintLink } from '../uploads/media-store.ts';
import { pixverseStatus } from './job.ts';
import type { Job } from './job-item.ts';
import { findJob } from './jobs-store.ts';
import { imageResult, videoResult } from './pixverse/results-contract.ts';

const JOBS_TABLE = setting('JOBS_TABLE');
const MEDIA_BUCKET = setting('MEDIA_BUCKET');

/** Said with everything finished, as the terms ask (clause 3.3.8). */
const AI_GENERATED = 'Success. The content of this video is AI-generated.';
const AI_PICTURE = 'Success. The content of this image is AI-generated.';

/** Pictures have results of their own. */
function isPicture({ request }: Job): boolean {
  return request.function === 'image_template' || request.function === 'mask_selection';
}

export const handler = pixverseHandler(
  route(videoResult, async ({ caller, input }) => {
    const job = await findJob(JOBS_TABLE, caller.accountId, input.id);
    if (!job || isPicture(job)) throw new Refusal('not_found', `there is no video ${input.id}`);
    return { body: await describe(job), message: job.state === 'succeeded' ? AI_GENERATED : 'Success' };
  }),
  route(imageResult, async ({ caller, input }) => {
    const job = await findJob(JOBS_TABLE, caller.accountId, input.image_id);
    if (job?.request.function !== 'image_template') {
      throw new Refusal('not_found', `there is no image ${input.image_id}`);
    }
    return { body: await describePicture(job), message: job.state === 'succeeded' ? AI_PICTURE : 'Success' };
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

async function describePicture({ jobId, state, request, deliverable: made, ...job }: Job) {
  return {
    ...{ image_id: jobId, id: jobId, status: pixverseStatus(state), state },
    // The picture is the whole of what was made: it lies where a video's thumbnail does.
    url: made ? await mintLink(MEDIA_BUCKET, made.thumbnailKey, `${jobId}.jpg`) : '',
    ...{ prompt: request.prompt, prompt_translate: '', seed: request.seed, template_id: request.templateId ?? 0 },
    ...{ create_time: job.createdAt, modify_time: job.updatedAt, credits: job.credits },
    ...{ outputWidth: made?.width ?? 0, outputHeight: made?.height ?? 0 },
    ...{ progress: job.progress, engine: made?.engine ?? '', failure: job.failure ?? '' },
    customer_paths: {
      ...{ ext_info: null, agent_info: null, cameo_id_list: null, fusion_id_list: null },
      ...{ duration_type: '', model_evaluator: '', customer_img_paths: [] },
      gen_img_req_img_ids: (request.images ?? []).map(({ id }) => id),
    },
  };
}
