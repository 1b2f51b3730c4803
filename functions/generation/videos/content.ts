/** Which object is a variant of a video's content. Pure. */
import { Refusal } from '../../catalogue/refusal.ts';
import { isOpen } from '../job.ts';
import type { Job } from '../job-item.ts';
import { noSuchVideo, videoId } from './video-id.ts';

export type Variant = 'video' | 'thumbnail' | 'spritesheet';

/** The S3 key, and the name to save it under; a Refusal where there is no such file. */
export function contentOf(job: Job, variant: Variant = 'video'): { key: string; name: string } {
  const { jobId, state, deliverable: made } = job;
  const id = videoId(jobId);
  if (state === 'deleted') throw noSuchVideo(id);
  if (state !== 'succeeded' || !made) {
    const why = isOpen(state) ? 'is not finished yet' : `has ${state}`;
    throw new Refusal('wrong_state', `video ${id} ${why}: only a completed one has content`);
  }
  if (variant === 'video') return { key: made.videoKey, name: `${id}.mp4` };
  if (variant === 'thumbnail') return { key: made.thumbnailKey, name: `${id}.jpg` };
  if (made.spritesheetKey === undefined) {
    throw new Refusal('not_found', `video ${id} has no spritesheet`, 'variant');
  }
  return { key: made.spritesheetKey, name: `${id}-sprites.jpg` };
}
