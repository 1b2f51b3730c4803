/** A job as a result of the PixVerse dialect. Pure. */
import type { z } from 'zod';
import { pixverseStatus } from '../../catalogue/job-states.ts';
import { momentText } from '../../catalogue/retention.ts';
import type { Job } from '../job.ts';
import type { imageResult, videoResult } from './results-contract.ts';

/** Said with everything finished, as the terms ask (clause 3.3.8). */
export function successMessage({ state }: Pick<Job, 'state'>, kind: 'video' | 'image'): string {
  return state === 'succeeded' ? `Success. The content of this ${kind} is AI-generated.` : 'Success';
}

export function videoOf(
  job: Job,
  links: { readonly url: string; readonly thumbnail_url: string },
): z.output<typeof videoResult.output> {
  const { jobId, request, deliverable: made } = job;
  return {
    id: jobId,
    status: pixverseStatus(job.state),
    url: links.url,
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
    expires_at: momentText(job.keptUntilMs),
    has_audio: made?.hasAudio ?? request.audio,
    credits: job.credits,
    state: job.state,
    progress: job.progress,
    engine: made?.engine ?? '',
    thumbnail_url: links.thumbnail_url,
    failure: job.failure ?? '',
  };
}

export function imageOf(
  { jobId, state, request, deliverable: made, ...job }: Job,
  url: string,
): z.output<typeof imageResult.output> {
  return {
    image_id: jobId,
    id: jobId,
    status: pixverseStatus(state),
    state,
    url,
    prompt: request.prompt,
    prompt_translate: '',
    seed: request.seed,
    template_id: request.templateId ?? 0,
    create_time: job.createdAt,
    modify_time: job.updatedAt,
    expires_at: momentText(job.keptUntilMs),
    credits: job.credits,
    outputWidth: made?.width ?? 0,
    outputHeight: made?.height ?? 0,
    progress: job.progress,
    engine: made?.engine ?? '',
    failure: job.failure ?? '',
    customer_paths: {
      ext_info: null,
      agent_info: null,
      cameo_id_list: null,
      fusion_id_list: null,
      duration_type: '',
      model_evaluator: '',
      customer_img_paths: [],
      gen_img_req_img_ids: (request.images ?? []).map(({ id }) => id),
    },
  };
}
