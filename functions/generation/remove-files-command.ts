/** Removing the files of a deleted video, whoever comes to it: who deletes it, or the reconciler afterwards. */

import type { Random } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { hide, purge } from '../uploads/media-store.ts';
import { jobFolder } from '../uploads/object-keys.ts';
import { mayStillUpload, type RemovedObject } from './deletion.ts';
import { completeDeletion, noteRemoved } from './deletion-store.ts';
import type { Job } from './job.ts';

export interface RemoveDependencies {
  readonly jobsTable: string;
  readonly mediaBucket: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

/**
 * Removes every file of the deleted job for good, each noted with its hash before it goes; where open jobs still work on its
 * video, that one is hidden from everybody else, and goes when this is called again after the last of them. Where nothing can
 * come any more, the deletion is complete, and its certificate follows. Answers how many objects went.
 */
export async function removeFiles(
  dependencies: RemoveDependencies,
  job: Job,
): Promise<{ objects: number; complete: boolean }> {
  const { jobsTable, mediaBucket, now, random } = dependencies;
  const { accountId, jobId, usedBy, kept, deletion } = job;
  const folder = jobFolder(accountId, jobId);
  const known = new Set(deletion?.objects.map(({ versionId }) => versionId));
  const before = async (found: readonly RemovedObject[]): Promise<void> => {
    await noteRemoved(jobsTable, job, found);
    for (const { versionId } of found) known.add(versionId);
  };
  const noting = deletion ? { known, before } : undefined;
  if (usedBy?.size && kept) {
    return { objects: await hide(mediaBucket, folder, kept.videoKey, noting), complete: false };
  }
  const objects = await purge(mediaBucket, folder, noting);
  if (objects > 0 && job.certificateId !== undefined && (!deletion || deletion.endedAt)) {
    // Nothing should come then. It is gone all the same, and its certificate does not have it.
    logger.warn('files came after a deletion was complete', { accountId, jobId, objects });
  }
  if (usedBy?.size || mayStillUpload(job, now())) return { objects, complete: false };
  return { objects, complete: await completeDeletion(jobsTable, job, now(), random) };
}
