/** Where objects of an account lie in the bucket of media: everything of it under its prefix. Pure. */
import { sortable } from '../runtime/ids.ts';

export const imageObjectKey = (accountId: string, imageId: number): string =>
  `accounts/${accountId}/images/${sortable(imageId)}`;

export const mediaObjectKey = (accountId: string, mediaId: number): string =>
  `accounts/${accountId}/media/${sortable(mediaId)}`;

/** Where an attempt puts what it made: a late attempt never touches what another delivered. */
export function deliverableKeys(
  accountId: string,
  jobId: number,
  attempt: number,
): { videoKey: string; thumbnailKey: string; spritesheetKey: string } {
  const folder = attemptFolder(accountId, jobId, attempt);
  return {
    videoKey: `${folder}/video.mp4`,
    thumbnailKey: `${folder}/thumbnail.jpg`,
    spritesheetKey: `${folder}/spritesheet.jpg`,
  };
}

/** The image of one mask, beside what the attempt made. */
export function maskObjectKey(accountId: string, jobId: number, attempt: number, maskId: string): string {
  return `${attemptFolder(accountId, jobId, attempt)}/mask-${maskId}.png`;
}

function attemptFolder(accountId: string, jobId: number, attempt: number): string {
  return `${jobFolder(accountId, jobId)}${attempt}`;
}

/** Where everything lies that attempts at a job have made. */
export const jobFolder = (accountId: string, jobId: number): string =>
  `accounts/${accountId}/videos/${sortable(jobId)}/`;
