/**
 * One delivery from claim to report. Invariants:
 * - whoever works holds the job's lease (its attempt number) and the message's; losing either stops the work;
 * - what an attempt uploads lies under the attempt's own keys, so a late one touches nothing;
 * - what is made is noted in the job before it is reported: from then on it is delivered, whatever becomes of the report;
 * - the message goes away only after the state machine heard the outcome, or gave the token up.
 */

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digitalSourceTypeOf } from '../catalogue/source-type.ts';
import type { VideoRequest } from '../catalogue/video-request.ts';
import type { Deliverable, Job } from '../generation/job.ts';
import { claimJob, holdsLease, noteFailure, noteMade, reportProgress, returnJob } from '../generation/jobs-store.ts';
import { logger, now } from '../runtime/runtime.ts';
import { putMedia } from '../uploads/media-store.ts';
import { deliverableKeys, maskObjectKey } from '../uploads/object-keys.ts';
import { MOST_FAILURES, mayBegin, pauseAfter } from './attempts.ts';
import type { VideoEngine } from './engine.ts';
import { EngineError } from './engines/engine-error.ts';
import { gather, type Inputs } from './inputs.ts';
import type { GeneratedVideo, MediaJob, MediaResult } from './media/job.ts';
import { MediaError } from './media/media-error.ts';
import { runMediaJob } from './media/run-media-job.ts';
import type { Delivery } from './message.ts';
import { outputFormat } from './output-format.ts';
import { persistently } from './persistence.ts';

export interface WorkerConfig {
  readonly jobsTable: string;
  readonly mediaBucket: string;
  readonly engine: VideoEngine;
}

const HEARTBEAT_MS = 10_000;
const PROGRESS_MS = 1_000;
/** Real time for one clip: 15 s of 1080p take a slow machine some two minutes. */
const MEDIA_TIMEOUT_MS = 8 * 60_000;
const MEDIA_MEMORY_MB = 2048;

const at = (): string => new Date(now()).toISOString();

/** Works on one delivery; `shutdown` asks it to stop and give the job back. Throws only where it could not even say so. */
export async function work(config: WorkerConfig, delivery: Delivery, shutdown: AbortSignal): Promise<void> {
  const { accountId, jobId } = delivery;
  if (!(await delivery.heartbeat())) return delivery.acknowledge();
  const job = await claimJob(config.jobsTable, accountId, jobId, at());
  if (!job) return delivery.acknowledge();
  if (!job.made && !mayBegin(job)) {
    await delivery.finish({ kind: 'failed', reason: 'attempts_exhausted' });
    return;
  }
  const late = deadlineOf(job);
  const lost = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'mutoscope-'));
  const heartbeats = startHeartbeat(config, delivery, job, lost);
  const signal = AbortSignal.any([lost.signal, late, shutdown]);
  try {
    // An attempt before may have made it, and ended before it could say so.
    const deliverable = job.made ?? (await make(config, job, folder, heartbeats.progress, signal));
    const awaited = await persistently('report', () => delivery.finish({ kind: 'succeeded', deliverable }), signal);
    logger.info('made', { accountId, jobId, attempt: job.attempt, awaited });
  } catch (error) {
    await afterFailure(config, delivery, job, error, {
      lost: lost.signal.aborted,
      late: late.aborted,
      shuttingDown: shutdown.aborted,
    });
  } finally {
    heartbeats.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Aborts when the job's deadline passes, at once where it has; never for a job without one. */
function deadlineOf({ deadlineAt }: Job): AbortSignal {
  return deadlineAt === undefined ? new AbortController().signal : AbortSignal.timeout(Math.max(0, deadlineAt - now()));
}

async function make(
  config: WorkerConfig,
  job: Job,
  folder: string,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Deliverable> {
  const { accountId, jobId, request, attempt, retentionDays } = job;
  const inputs = await persistently('inputs', () => gather(config, job, folder), signal);
  const video = await config.engine.produce(request, { ...inputs, folder, signal });
  const wanted = mediaJobOf(request, video, config.engine, folder, inputs);
  const limits = { timeoutMs: MEDIA_TIMEOUT_MS, maxMemoryMb: MEDIA_MEMORY_MB };
  const made = await runMediaJob(wanted, { signal, onProgress, ...limits });
  const keys = deliverableKeys(accountId, jobId, attempt);
  const upload: Upload = async (key, path, type) => {
    const bytes = await readFile(path);
    const kind = { contentType: type, retentionDays };
    await persistently('upload', () => putMedia(config.mediaBucket, key, bytes, kind), signal);
  };
  await upload(keys.videoKey, made.videoPath, 'video/mp4');
  await upload(keys.thumbnailKey, made.thumbnailPath, 'image/jpeg');
  await upload(keys.spritesheetKey, made.spritesheetPath, 'image/jpeg');
  const masks = await uploadMasks(upload, job, made);
  const { bytes, sha256, width, height, durationSeconds, hasAudio } = made;
  const facts = { bytes, sha256, width, height, durationSeconds, hasAudio, engine: config.engine.name };
  const deliverable = { ...keys, ...facts, ...(masks && { masks }) };
  const noted = await persistently('note', () => noteMade(config.jobsTable, job, deliverable, at()), signal);
  if (!noted) throw new LeaseLost();
  return deliverable;
}

/** Somebody else has the job, or it has ended: what this attempt made is nobody's. */
class LeaseLost extends Error {}

type Upload = (key: string, path: string, type: string) => Promise<void>;

/** The masks that were found; undefined where none were looked for. */
async function uploadMasks(
  upload: Upload,
  { accountId, jobId, attempt }: Job,
  { masks }: MediaResult,
): Promise<Deliverable['masks']> {
  return (
    masks &&
    Promise.all(
      masks.map(async ({ maskId, name, path }) => {
        const key = maskObjectKey(accountId, jobId, attempt, maskId);
        await upload(key, path, 'image/png');
        return { maskId, name, key };
      }),
    )
  );
}

/** The caller's fault ends the job, and so does a clip that cannot be made in time; ours is tried again; a lost lease is somebody else's job now. */
async function afterFailure(
  config: WorkerConfig,
  delivery: Delivery,
  job: Job,
  error: unknown,
  { lost, late, shuttingDown }: { lost: boolean; late: boolean; shuttingDown: boolean },
): Promise<void> {
  const { accountId, jobId, attempt } = job;
  logger.warn('attempt ended', { accountId, jobId, attempt, lost, shuttingDown, error: error as Error });
  if (lost || error instanceof LeaseLost) return;
  if (late) {
    await delivery.finish({ kind: 'failed', reason: 'deadline_passed' });
  } else if (shuttingDown) {
    await returnJob(config.jobsTable, job, at());
    await delivery.release(0);
  } else if (isFinal(error)) {
    await delivery.finish({ kind: 'failed', reason: error.code });
  } else {
    const failures = await noteFailure(config.jobsTable, job, reasonOf(error), at());
    if (failures === undefined) return;
    if (failures >= MOST_FAILURES) await delivery.finish({ kind: 'failed', reason: 'attempts_exhausted' });
    else await delivery.release(pauseAfter(failures));
  }
}

/** The stable code of what ended an attempt. */
function reasonOf(error: unknown): string {
  return error instanceof EngineError || error instanceof MediaError ? error.code : 'unforeseen';
}

/** What took the whole of the time that a clip may take would take it again, on a host that others wait for. */
const FINAL: readonly MediaError['code'][] = ['bad_image', 'bad_media', 'bad_mask', 'timeout'];

/** Whether another attempt would end the same way: the caller's input is bad or too much, or the engine will not have it. */
export function isFinal(error: unknown): error is MediaError | EngineError {
  if (error instanceof EngineError) return !error.retryable;
  return error instanceof MediaError && FINAL.includes(error.code);
}

/** Keeps both leases and reports progress until stopped; aborts `lost` when a lease is gone. */
function startHeartbeat(config: WorkerConfig, delivery: Delivery, job: Job, lost: AbortController) {
  let fraction = 0;
  let reported = 0;
  const guarded = (action: () => Promise<boolean>) => () => {
    action().then(
      holds => holds || lost.abort(),
      // One heartbeat that fails is not a lease lost: the next comes before the lease ends.
      error => logger.warn('heartbeat failed', { jobId: job.jobId, error: error as Error }),
    );
  };
  const heartbeatTimer = setInterval(
    guarded(() => delivery.heartbeat()),
    HEARTBEAT_MS,
  );
  const reports = setInterval(
    guarded(async () => {
      const percent = Math.min(99, Math.floor(fraction * 100));
      // A job that was cancelled is noticed although nothing moves.
      if (percent === reported) return holdsLease(config.jobsTable, job);
      reported = percent;
      return reportProgress(config.jobsTable, job, percent, at());
    }),
    PROGRESS_MS,
  );
  return {
    progress: (value: number) => {
      fraction = value;
    },
    stop: () => {
      clearInterval(heartbeatTimer);
      clearInterval(reports);
    },
  };
}

// What the studio is asked for: the source, the format, the visible label and what the file says about itself. Pure.

export const LABEL = 'AI-generated';
/** Who answers for the content, in the form in which the AIGC metadata key wants it. */
const CONTENT_PRODUCER = 'mutoscope';

function mediaJobOf(
  request: VideoRequest,
  video: GeneratedVideo,
  engine: Pick<VideoEngine, 'name' | 'digitalSourceType'>,
  directory: string,
  inputs: Pick<Inputs, 'images' | 'video'>,
): MediaJob {
  return {
    video,
    format: outputFormat(request, inputs),
    label: { text: LABEL },
    metadata: metadataOf(request, engine),
    directory,
  };
}

/**
 * The keys in the file: `AIGC` as China's labelling rules of 2025 write it, and the IPTC source type. The id of the
 * production is made of what was asked for, not of the job: the same request and seed give the same bytes.
 */
function metadataOf(
  request: VideoRequest,
  engine: Pick<VideoEngine, 'name' | 'digitalSourceType'>,
): Record<string, string> {
  const produceId = createHash('sha256')
    .update(JSON.stringify([engine.name, request]))
    .digest('hex')
    .slice(0, 32);
  const aigc = { Label: '1', ContentProducer: CONTENT_PRODUCER, ProduceID: produceId };
  return {
    AIGC: JSON.stringify({ ...aigc, ReservedCode1: '', ContentPropagator: '', PropagateID: '', ReservedCode2: '' }),
    comment: `AI-generated by the ${engine.name} engine`,
    DigitalSourceType: digitalSourceTypeOf(request.function, engine.digitalSourceType),
  };
}
