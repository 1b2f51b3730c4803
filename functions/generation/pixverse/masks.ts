/**
 * The ids of masks. A video knows its masks by frame and number; a caller's id names the job that found the mask besides,
 * so that who uses it is held to the video and the frame in which it was found. Pure.
 */

/** The mask as callers know it. */
export function publicMaskId(jobId: number, maskId: string): string {
  return `${jobId}-${maskId}`;
}

/** The job that found the mask, and its id within the video; undefined where this is no mask's id. */
export function readMaskId(id: string): { jobId: number; maskId: string } | undefined {
  const [, digits = '', maskId = ''] = /^([1-9]\d{0,15})-([\w-]{1,40})$/.exec(id) ?? [];
  const jobId = Number(digits);
  return maskId !== '' && Number.isSafeInteger(jobId) ? { jobId, maskId } : undefined;
}

/** Frames a second in which a keyframe is counted, whatever the video's own rate. */
export const KEYFRAME_RATE = 24;

/** How many keyframes a video has: they are counted from 1. */
export function keyframesOf(durationSeconds: number): number {
  return Math.max(1, Math.floor(durationSeconds * KEYFRAME_RATE));
}
