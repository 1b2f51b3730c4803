/** Ids as this dialect writes them: `video_` and the job's number. */
import { Refusal } from '../../catalogue/refusal.ts';

export const videoId = (jobId: number): string => `video_${jobId}`;

/** The number in an id; throws `not_found` for what cannot be one, as for a video that never was. */
export function jobIdOf(id: string, field = 'id'): number {
  const [, digits = ''] = /^(?:video_)?([1-9]\d{0,15})$/.exec(id) ?? [];
  const jobId = Number(digits);
  if (jobId === 0 || !Number.isSafeInteger(jobId)) throw noSuchVideo(id, field);
  return jobId;
}

export function noSuchVideo(id: string, field = 'id'): Refusal {
  return new Refusal('not_found', `there is no video ${id}`, field);
}
