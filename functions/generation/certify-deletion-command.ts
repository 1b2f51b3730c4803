/**
 * Issues the certificate of a deleted video, of the record that its job has, and then forgets the record. Idempotent: what
 * was issued is found by its id, and a record that is gone was issued.
 */
import { type CertificateDependencies, issueCertificate } from '../certificates/issue-certificate-command.ts';
import { certificateOf } from './deletion.ts';
import { forgetDeletion } from './deletion-store.ts';
import type { Job } from './job.ts';
import { findJob } from './jobs-store.ts';

export interface CertifyDependencies {
  readonly jobsTable: string;
  readonly certificates: CertificateDependencies;
}

/** The id of the certificate that this call has issued; undefined where there was nothing to issue. */
export async function certifyDeletion(
  { jobsTable, certificates }: CertifyDependencies,
  { accountId, jobId }: Pick<Job, 'accountId' | 'jobId'>,
): Promise<string | undefined> {
  const job = await findJob(jobsTable, accountId, jobId);
  const request = job && certificateOf(job);
  if (!request) return undefined;
  await issueCertificate(certificates, request);
  await forgetDeletion(jobsTable, job);
  return request.certificateId;
}
