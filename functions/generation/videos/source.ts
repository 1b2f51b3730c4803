/** The video that another starts from, as far as that other needs it. Pure. */

import { LONGEST_SOURCE_SECONDS, qualityOf, SOURCE_GRACE_SECONDS } from '../../catalogue/functions.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import type { Quality, SourceReference } from '../../catalogue/video-request.ts';
import type { MediaFacts } from '../../uploads/media-inspection.ts';
import { isOpen } from '../job.ts';
import type { Job } from '../job-item.ts';
import { noSuchVideo } from './video-id.ts';

/** Functions that make no video. */
const PICTURES: readonly string[] = ['mask_selection', 'image_template'];

export interface SourceVideo {
  /** Where it lies; absent for a file that is not stored yet. */
  readonly reference?: SourceReference;
  /** What made it; empty where that is not known. */
  readonly model: string;
  readonly quality: Quality;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
}

/** Throws `not_found` where there is none, and `wrong_state` where it is not a finished video. `id` and `field` as the caller gave them. */
export function sourceOf(job: Job | undefined, id: string, field: string): SourceVideo {
  if (!job || job.state === 'deleted') throw noSuchVideo(id, field);
  const { jobId, state, request, deliverable } = job;
  if (state !== 'succeeded' || !deliverable) {
    const why = isOpen(state) ? 'is not finished yet' : `has ${state}`;
    throw new Refusal('wrong_state', `video ${id} ${why}: start from a completed one`, field);
  }
  if (PICTURES.includes(request.function)) {
    throw new Refusal('invalid_parameter', `${id} is a picture: start from a video`, field);
  }
  const { durationSeconds, hasAudio } = deliverable;
  if (durationSeconds > LONGEST_SOURCE_SECONDS + SOURCE_GRACE_SECONDS) {
    const said = `video ${id} lasts ${durationSeconds.toFixed(1)} seconds: at most ${LONGEST_SOURCE_SECONDS} are taken`;
    throw new Refusal('invalid_parameter', said, field);
  }
  return {
    ...{ reference: { kind: 'video', id: jobId }, model: request.model, quality: request.quality },
    ...{ durationSeconds, hasAudio },
  };
}

/** A file that was looked at. */
export function sourceOfFile(
  { mediaType, durationSeconds, hasAudio, width = 0, height = 0 }: MediaFacts,
  field: string,
): SourceVideo {
  if (mediaType !== 'video') throw new Refusal('invalid_parameter', `${field} is sound: it must be a video`, field);
  return { model: '', quality: qualityOf({ width, height }), durationSeconds, hasAudio };
}
