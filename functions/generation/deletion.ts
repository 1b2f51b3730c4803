/**
 * What is left of a deleted video, and what its certificate of deletion says. Its job stays as a trace: that it was, what kind
 * of thing it was, how it ended, when, and what it cost; not a word of what was asked for, nor what was given for it. Pure.
 */
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { DeletedObject, Stayed } from '../certificates/certificate.ts';
import type { CertificateRequest } from '../certificates/issue-certificate-command.ts';
import type { Job } from './job.ts';

/** A version of a file of the video, as it was found before it went. */
export type RemovedObject = Pick<DeletedObject, 'key' | 'versionId' | 'bytes' | 'sha256'>;

/** The record of a deletion, kept with the job until its certificate is issued. */
export interface Deletion {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly objects: readonly RemovedObject[];
  /** Whether it had metadata. */
  readonly hadMetadata?: boolean;
  /** When nothing was left; absent before. */
  readonly endedAt?: string;
}

/** Of a request what may stay: closed sets and numbers, by which books and reports are explained. */
export function traceOf(request: VideoRequest): VideoRequest {
  const { function: made, model, durationSeconds, quality, aspectRatio, seed, audio, motion, templateId } = request;
  return {
    function: made,
    model,
    prompt: '',
    negativePrompt: '',
    durationSeconds,
    quality,
    ...(aspectRatio !== undefined && { aspectRatio }),
    seed,
    audio,
    style: '',
    cameraMovement: '',
    motion,
    ...(templateId !== undefined && { templateId }),
  };
}

/** Longer than an attempt can last: the media pipeline is given 8 minutes. */
export const LATE_UPLOAD_MS = 15 * 60_000;

/**
 * Whether a worker may still be uploading files of the job: none is where it ended long ago, where none ever began, or where
 * the one that ever began has delivered it. `now` is epoch ms.
 */
export function mayStillUpload(
  { state, endedAs = state, timeline, updatedAt }: Pick<Job, 'state' | 'endedAs' | 'timeline' | 'updatedAt'>,
  now: number,
): boolean {
  const ended = timeline?.findLast(step => step.state === endedAs)?.at ?? updatedAt;
  if (Date.parse(ended) + LATE_UPLOAD_MS <= now) return false;
  // What keeps no timeline is of before there were any.
  if (!timeline) return true;
  const begun = timeline.filter(step => step.state === 'generating' && step.reason === undefined).length;
  return begun > 1 || (begun === 1 && endedAs !== 'succeeded');
}

/** What stays of a video, for its certificate. */
const STAYED: readonly Stayed[] = [
  {
    what: 'the trace of the video: its id, function, model, length and quality, its states with their times, and what it cost',
    rule: 'it stays as long as the account, so that its reports and its ledger can be explained',
    until: null,
  },
  { what: 'the entries of its credits in the ledger', rule: 'books are kept as the law asks', until: null },
  {
    what: 'that it was asked for, read and deleted, by whom and when, in the audit trail',
    rule: 'the trail of an account is kept, and cannot be changed',
    until: null,
  },
  {
    what: 'lines of logs with its id and the names of its files',
    rule: 'logs expire by themselves: those of functions after the days that the stage sets, those of buckets after 90',
    until: null,
  },
  {
    what: 'which frames masks were looked for in, by its id',
    rule: 'it stays as long as the account, and leads to nothing any more',
    until: null,
  },
];

const EXPIRED: Stayed = {
  what: 'hashes of its metadata, by which lists found it',
  rule: 'they are marked as expired, and DynamoDB removes them within days',
  until: null,
};

/** A repeated creation is answered from what was kept of the first for a day. */
const REPEATED_MS = 24 * 3_600_000;

/** The certificate of a deleted video; undefined where there is none to issue: not yet, not any more, or of one of before. */
export function certificateOf(job: Job): CertificateRequest | undefined {
  const { accountId, jobId, state, certificateId, deletion, createdAt } = job;
  if (state !== 'deleted' || certificateId === undefined || !deletion?.endedAt) return undefined;
  const { startedAt, endedAt, objects, hadMetadata } = deletion;
  const repeatedUntil = new Date(Date.parse(createdAt) + REPEATED_MS).toISOString();
  const answers: Stayed = {
    what: 'what its creation was answered, for a repetition of that call',
    rule: 'it is forgotten a day after the call',
    until: repeatedUntil,
  };
  // Two who removed files at once may each have noted one.
  const byVersion = new Map(objects.map(object => [`${object.key} ${object.versionId}`, object]));
  return {
    certificateId,
    accountId,
    subject: { kind: 'video', videoId: `video_${jobId}` },
    cause: 'deleted by its owner',
    items: [
      ...Array.from(byVersion.values(), object => ({ kind: 'object' as const, bucket: 'media', ...object })),
      { kind: 'other', what: 'what was asked for in words, and the metadata', count: 1 },
    ],
    stayed: [...STAYED, ...(hadMetadata ? [EXPIRED] : []), ...(repeatedUntil > endedAt ? [answers] : [])],
    startedAt,
    endedAt,
  };
}
