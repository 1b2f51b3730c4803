/** Removing the files of a deleted video, whoever comes to it: who deletes it, or the reconciler afterwards. */
import { hide, purge } from '../uploads/media-store.ts';
import { jobFolder } from '../uploads/object-keys.ts';
import type { Job } from './job.ts';

/**
 * Removes every file of the deleted job for good; where open jobs still work on its video, that one is hidden from
 * everybody else, and goes when it is called again after the last of them. Answers how many objects went.
 */
export function removeFiles(bucket: string, { accountId, jobId, usedBy, kept }: Job): Promise<number> {
  const folder = jobFolder(accountId, jobId);
  return usedBy?.size && kept ? hide(bucket, folder, kept.videoKey) : purge(bucket, folder);
}
