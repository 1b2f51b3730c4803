/**
 * One delivery from claim to report. Invariants:
 * - whoever works holds the job's lease (its attempt number) and the message's; losing either stops the work;
 * - what an attempt uploads lies under the attempt's own keys, so a late one touches nothing;
 * - the message goes away only after the state machine heard the outcome, or gave the token up.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deliverable, Job } from '../generation/job.ts';
import { claimJob, holdsLease, reportProgress, returnJob } from '../generation/jobs-store.ts';
import { logger, now } from '../runtime/runtime.ts';
import { deliverableKeys, maskObjectKey, putMedia } from '../uploads/media-store.ts';
import type { VideoEngine } from './engine.ts';
import { EngineError } from './engines/engine-error.ts';
import { gather } from './inputs.ts';
import type { Delivery } from './message.ts';
import type { StudioResult } from './studio/job.ts';
import { runStudio, StudioError } from './studio/run.ts';
import { studioJob } from './studio-job.ts';

export interface Workplace {
  readonly jobsTable: string;
  readonly mediaBucket: string;
  readonly engine: VideoEngine;
}

/** An attempt that ends in the platform's own trouble is followed by another; the third is the last. */
const MAX_ATTEMPTS = 3;
const RETRY_AFTER_SECONDS = 2;
const BEAT_MS = 10_000;
const PROGRESS_MS = 1_000;
/** Real time for one clip: 15 s of 1080p take a slow machine some two minutes. */
const STUDIO_TIMEOUT_MS = 8 * 60_000;
const STUDIO_MEMORY_MB = 2048;

const at = (): string => new Date(now()).toISOString();

/** Works on one delivery; `drain` asks it to stop and give the job back. Throws only where it could not even say so. */
export async function work(place: Workplace, delivery: Delivery, drain: AbortSignal): Promise<void> {
  const { accountId, jobId } = delivery;
  if (!(await delivery.beat())) return delivery.drop();
  const job = await claimJob(place.jobsTable, accountId, jobId, at());
  if (!job) return delivery.drop();
  if (job.attempt > MAX_ATTEMPTS) {
    await delivery.finish({ kind: 'failed', reason: 'attempts_exhausted' });
    return;
  }
  const late = deadlineOf(job);
  const lost = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'mutoscope-'));
  const pulse = startPulse(place, delivery, job, lost);
  try {
    const deliverable = await make(place, job, folder, pulse.progress, AbortSignal.any([lost.signal, late, drain]));
    const awaited = await delivery.finish({ kind: 'succeeded', deliverable });
    logger.info('made', { accountId, jobId, attempt: job.attempt, awaited });
  } catch (error) {
    await afterTrouble(place, delivery, job, error, {
      ...{ lost: lost.signal.aborted, late: late.aborted, draining: drain.aborted },
    });
  } finally {
    pulse.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Aborts when the job's deadline passes, at once where it has; never for a job without one. */
function deadlineOf({ deadlineAt }: Job): AbortSignal {
  return deadlineAt === undefined ? new AbortController().signal : AbortSignal.timeout(Math.max(0, deadlineAt - now()));
}

async function make(
  place: Workplace,
  job: Job,
  folder: string,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Deliverable> {
  const { accountId, jobId, request, attempt } = job;
  const inputs = await gather(place, accountId, request, folder);
  const source = await place.engine.produce(request, { ...inputs, folder, signal });
  const wanted = studioJob(request, source, place.engine, folder, inputs);
  const limits = { timeoutMs: STUDIO_TIMEOUT_MS, maxMemoryMb: STUDIO_MEMORY_MB };
  const made = await runStudio(wanted, { signal, onProgress, ...limits });
  const keys = deliverableKeys(accountId, jobId, attempt);
  await putMedia(place.mediaBucket, keys.videoKey, await readFile(made.videoPath), 'video/mp4');
  await putMedia(place.mediaBucket, keys.thumbnailKey, await readFile(made.thumbnailPath), 'image/jpeg');
  await putMedia(place.mediaBucket, keys.spritesheetKey, await readFile(made.spritesheetPath), 'image/jpeg');
  const masks = await putMasks(place.mediaBucket, job, made);
  const { bytes, sha256, width, height, durationSeconds, hasAudio } = made;
  const facts = { bytes, sha256, width, height, durationSeconds, hasAudio, engine: place.engine.name };
  return { ...keys, ...facts, ...(masks && { masks }) };
}

/** The masks that were found; undefined where none were looked for. */
async function putMasks(
  bucket: string,
  { accountId, jobId, attempt }: Job,
  { masks }: StudioResult,
): Promise<Deliverable['masks']> {
  return (
    masks &&
    Promise.all(
      masks.map(async ({ maskId, name, path }) => {
        const key = maskObjectKey(accountId, jobId, attempt, maskId);
        await putMedia(bucket, key, await readFile(path), 'image/png');
        return { maskId, name, key };
      }),
    )
  );
}

/** The caller's fault ends the job; ours is tried again; a lost lease is somebody else's job now. */
async function afterTrouble(
  place: Workplace,
  delivery: Delivery,
  job: Job,
  error: unknown,
  { lost, late, draining }: { lost: boolean; late: boolean; draining: boolean },
): Promise<void> {
  const { accountId, jobId, attempt } = job;
  logger.warn('attempt ended', { accountId, jobId, attempt, lost, draining, error: error as Error });
  if (lost) return;
  if (late) {
    await delivery.finish({ kind: 'failed', reason: 'deadline_passed' });
  } else if (draining) {
    await returnJob(place.jobsTable, job, at());
    await delivery.giveBack(0);
  } else if (isFinal(error)) {
    await delivery.finish({ kind: 'failed', reason: error.code });
  } else if (attempt >= MAX_ATTEMPTS) {
    await delivery.finish({ kind: 'failed', reason: 'attempts_exhausted' });
  } else {
    await delivery.giveBack(RETRY_AFTER_SECONDS);
  }
}

const FINAL: readonly StudioError['code'][] = ['bad_image', 'bad_media', 'bad_mask'];

/** Whether another attempt would end the same way: the caller's input is bad, or the engine will not have it. */
function isFinal(error: unknown): error is StudioError | EngineError {
  if (error instanceof EngineError) return !error.retryable;
  return error instanceof StudioError && FINAL.includes(error.code);
}

/** Keeps both leases and reports progress until stopped; aborts `lost` when a lease is gone. */
function startPulse(place: Workplace, delivery: Delivery, job: Job, lost: AbortController) {
  let fraction = 0;
  let reported = 0;
  const guarded = (action: () => Promise<boolean>) => () => {
    action().then(
      holds => holds || lost.abort(),
      // One beat that fails is not a lease lost: the next comes before the lease ends.
      error => logger.warn('beat failed', { jobId: job.jobId, error: error as Error }),
    );
  };
  const beats = setInterval(
    guarded(() => delivery.beat()),
    BEAT_MS,
  );
  const reports = setInterval(
    guarded(async () => {
      const percent = Math.min(99, Math.floor(fraction * 100));
      // A job that was cancelled is noticed although nothing moves.
      if (percent === reported) return holdsLease(place.jobsTable, job);
      reported = percent;
      return reportProgress(place.jobsTable, job, percent, at());
    }),
    PROGRESS_MS,
  );
  return {
    progress: (value: number) => {
      fraction = value;
    },
    stop: () => {
      clearInterval(beats);
      clearInterval(reports);
    },
  };
}
