import { readFileSync } from 'node:fs';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { certificatePdf } from '../certificates/certificate-pdf.ts';
import { certificateStore } from '../certificates/certificates-store.ts';
import { signedBy } from '../certificates/signing-client.ts';
import { stampedBy } from '../certificates/time-stamp-client.ts';
import { outboxEvents } from '../data/outbox.ts';
import { streamedItems } from '../data/stream-records.ts';
import { logger, now, random, setting } from '../runtime/runtime.ts';
import { certifyDeletion } from './certify-deletion-command.ts';
import { jobIdOf } from './videos/video-object.ts';

/** It lies beside the entry in what is deployed. */
const FONT = readFileSync(new URL('./fonts/DejaVuSans.ttf', import.meta.url));

const DEPENDENCIES = {
  jobsTable: setting('JOBS_TABLE'),
  certificates: {
    store: certificateStore(setting('CERTIFICATES_BUCKET')),
    sign: signedBy(setting('CERTIFICATE_KEY')),
    stamp: stampedBy(setting('TIMESTAMP_URL'), random),
    pdfOf: certificatePdf.bind(null, FONT),
    issuer: setting('CERTIFICATE_ISSUER'),
    now,
  },
};

interface ByHand {
  readonly accountId: string;
  /** Such as `video_250473926504802`. */
  readonly video: string;
}

/**
 * Called with what says that the files of deleted videos are gone: a batch that fails comes again, whole. By hand with
 * `{"accountId": "acct_…", "video": "video_…"}` it issues what the stream has put aside.
 */
export async function handler(event: DynamoDBStreamEvent | ByHand): Promise<object> {
  const videos =
    'video' in event
      ? [{ accountId: event.accountId, jobId: jobIdOf(event.video) }]
      : outboxEvents(streamedItems(event.Records)).filter(({ type }) => type === 'video.deleted');
  const issued: string[] = [];
  for (const { accountId, jobId } of videos) {
    const certificateId = await certifyDeletion(DEPENDENCIES, { accountId, jobId });
    if (certificateId !== undefined) issued.push(certificateId);
  }
  logger.info('certificates issued', { issued });
  return { issued };
}
