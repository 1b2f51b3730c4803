/** Cancelling a video that is not finished, and deleting one that has ended. */
import { isHeld } from '../../accounts/holds-store.ts';
import { isOpen } from '../../catalogue/job-states.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import { prefixedId } from '../../runtime/ids.ts';
import { logger } from '../../runtime/runtime.ts';
import { describedVersions, versionOf } from '../../uploads/media-store.ts';
import { jobFolder } from '../../uploads/object-keys.ts';
import { type CancelDependencies, cancelJob } from '../cancel-command.ts';
import type { Job, KeptVideo } from '../job.ts';
import { findJob, markDeleted } from '../jobs-store.ts';
import { type RemoveDependencies, removeFiles } from '../remove-files-command.ts';
import { jobIdOf, noSuchVideo, shownJob } from './video-object.ts';

/** The cancelled job. Cancelled twice it is still cancelled; another end came first and stays: a Refusal. */
export async function cancelVideo(dependencies: CancelDependencies, accountId: string, id: string): Promise<Job> {
  const { jobs } = dependencies.tables;
  const subject = { accountId, jobId: jobIdOf(id) };
  shownJob(await findJob(jobs, accountId, subject.jobId), id);
  await cancelJob(dependencies, subject);
  const job = shownJob(await findJob(jobs, accountId, subject.jobId), id);
  if (job.state === 'cancelled') return job;
  throw new Refusal('wrong_state', `video ${id} has ended before it could be cancelled: it is ${job.state}`, 'id');
}

export interface DeleteDependencies extends RemoveDependencies {
  readonly coreTable: string;
}

/**
 * Deletes the video, and answers its job's id with that of the certificate, which follows when all is gone. Deleting twice is
 * deleting once: the second time finds nothing left.
 */
export async function deleteVideo(
  dependencies: DeleteDependencies,
  accountId: string,
  id: string,
): Promise<{ jobId: number; certificateId: string | undefined }> {
  const jobId = jobIdOf(id);
  const job = await findJob(dependencies.jobsTable, accountId, jobId);
  if (!job) throw noSuchVideo(id);
  if (isOpen(job.state)) {
    throw new Refusal('wrong_state', `video ${id} is not finished: cancel it first, or wait`, 'id');
  }
  if (await isHeld(dependencies.coreTable, accountId, { kind: 'video', id: jobId })) {
    throw new Refusal('wrong_state', `video ${id} is kept for a legal reason and cannot be deleted now`, 'id');
  }
  const { certificateId } = await deleteJob(dependencies, job);
  return { jobId, certificateId };
}

/**
 * Deletes a job that has ended, with every version of its files, whoever has it deleted; `reason` is for its timeline, where
 * nobody asked for it. Where it was deleted before, its files are removed all the same.
 */
export async function deleteJob(
  dependencies: RemoveDependencies,
  job: Job,
  reason?: string,
): Promise<{ isNew: boolean; certificateId: string | undefined }> {
  const { accountId, jobId } = job;
  const now = job.state === 'deleted' ? undefined : await marked(dependencies, job, reason);
  // Where another call was faster, the files are for both to remove.
  const deleted = now ?? (job.state === 'deleted' ? job : await findJob(dependencies.jobsTable, accountId, jobId));
  const removed = deleted?.state === 'deleted' ? await removeFiles(dependencies, deleted) : undefined;
  logger.info('deleted', { accountId, jobId, ...removed, usedBy: deleted?.usedBy?.size ?? 0 });
  return { isNew: now !== undefined, certificateId: deleted?.certificateId };
}

async function marked(
  { jobsTable, mediaBucket, now, random }: RemoveDependencies,
  job: Job,
  reason: string | undefined,
): Promise<Job | undefined> {
  const [kept, objects] = await Promise.all([
    keptOf(mediaBucket, job),
    describedVersions(mediaBucket, jobFolder(job.accountId, job.jobId)),
  ]);
  const certificateId = prefixedId('cert', now(), random);
  return markDeleted(jobsTable, job, { kept, objects, certificateId, reason }, now());
}

/** What open jobs need of the video, and new ones may come until it is marked. */
async function keptOf(bucket: string, { deliverable }: Job): Promise<KeptVideo | undefined> {
  if (!deliverable) return undefined;
  const { videoKey, width, height, durationSeconds, hasAudio } = deliverable;
  const versionId = await versionOf(bucket, videoKey);
  return { videoKey, width, height, durationSeconds, hasAudio, ...(versionId !== undefined && { versionId }) };
}
