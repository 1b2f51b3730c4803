/**
 * The life of one job on an engine, from create to a clip that is on our disk. Invariants:
 * - it ends by its deadline, whatever the engine does;
 * - at most two jobs are created for it: the engine may forget the first, or its answer may be lost;
 * - whatever was created is cancelled or removed before it ends, if the engine still listens.
 */
import {
  type EngineClient,
  type EngineImage,
  type EngineJob,
  type EngineRequest,
  EngineTrouble,
} from './engine-client.ts';
import { EngineError, saysOutOfMemory } from './engine-error.ts';
import { checkMp4 } from './mp4-check.ts';
import { type Deadline, type PollPace, RetryWindow, rest } from './waiting.ts';

export interface Run {
  readonly request: EngineRequest;
  readonly image?: EngineImage;
  /** Where the clip goes; without it the clip stays where it is. */
  readonly path?: string;
  readonly observe: (job: EngineJob) => void;
}

export interface RunLimits {
  readonly poll: PollPace;
  /** How long the engine may be silent or unwell in a row. */
  readonly retryMs: number;
  /** For saying goodbye. */
  readonly cleanupMs: number;
}

const LIVES = 2;
const DOWNLOADS = 2;
const SLOWER = 1.5;

/** Resolves when the clip is there; rejects with EngineError. */
export async function runOnEngine(
  client: EngineClient,
  run: Run,
  limits: RunLimits,
  deadline: Deadline,
): Promise<void> {
  for (let life = 1; ; life++) {
    const created = await submit(client, run, limits, deadline);
    const error =
      created instanceof EngineTrouble ? endOf(created) : await live(client, created.id, run, limits, deadline);
    if (!error) return;
    if (life === LIVES) throw error;
  }
}

/** Creates the job; answers the trouble where it may or may not have been created. */
async function submit(
  client: EngineClient,
  { request, image }: Run,
  { poll, retryMs }: RunLimits,
  { signal, timeUp }: Deadline,
): Promise<EngineJob | EngineTrouble> {
  const retryWindow = new RetryWindow(retryMs);
  for (;;) {
    signal.throwIfAborted();
    try {
      // Not ended by the caller: a job whose id never came could not be cancelled.
      return await client.create(request, image, timeUp);
    } catch (error) {
      if (!(error instanceof EngineTrouble)) throw error;
      if (error.kind === 'no_answer' || error.kind === 'garbled') return error;
      if (isRefusal(error) || saysOutOfMemory(error.message)) throw endOf(error);
      retryWindow.test(endOf(error));
      await rest(poll.lastMs, signal);
    }
  }
}

/** Follows a job to its end and cleans up after it; answers the error where the engine forgot it. */
async function live(
  client: EngineClient,
  id: string,
  run: Run,
  limits: RunLimits,
  deadline: Deadline,
): Promise<EngineError | undefined> {
  let ended = false;
  try {
    const lost = await follow(client, id, run, limits, deadline.signal, () => {
      ended = true;
    });
    ended ||= lost !== undefined;
    return lost;
  } finally {
    const goodbye = AbortSignal.timeout(limits.cleanupMs);
    // It has served its purpose or is beyond us: what the engine keeps of it is the engine's to sweep.
    await (ended ? client.remove(id, goodbye) : client.cancel(id, goodbye)).catch(() => {});
  }
}

async function follow(
  client: EngineClient,
  id: string,
  run: Run,
  { poll, retryMs }: RunLimits,
  signal: AbortSignal,
  onEnd: () => void,
): Promise<EngineError | undefined> {
  const silence = new RetryWindow(retryMs);
  const unready = new RetryWindow(retryMs);
  for (let wait = poll.firstMs; ; wait = Math.min(wait * SLOWER, poll.lastMs)) {
    await rest(wait, signal);
    try {
      const job = await client.get(id, signal);
      run.observe(job);
      if (job.status === 'gone') return new EngineError('engine_lost_job', `it forgot ${id}`, { retryable: true });
      if (job.status === 'failed') {
        onEnd();
        throw failureOf(job);
      }
      if (job.status === 'completed') {
        onEnd();
        if (run.path === undefined || (await fetchClip(client, id, run.path, signal)) === 'saved') return undefined;
        const never = `it completed ${id} and has no clip of it`;
        unready.test(new EngineError('engine_bad_output', never, { retryable: true }));
      }
      silence.restore();
    } catch (error) {
      if (!(error instanceof EngineTrouble)) throw error;
      if (isRefusal(error)) throw endOf(error);
      silence.test(endOf(error));
    }
  }
}

/** Downloads the clip, once more where it came broken. */
async function fetchClip(
  client: EngineClient,
  id: string,
  path: string,
  signal: AbortSignal,
): Promise<'saved' | 'not_ready'> {
  for (let download = 1; ; download++) {
    const got = await client.content(id, path, signal).catch((error: unknown) => {
      if (error instanceof EngineTrouble && error.kind === 'garbled') return error;
      throw error;
    });
    if (got === 'not_ready') return got;
    const verdict = got === 'saved' ? await checkMp4(path) : { kind: 'cut' as const, why: got.message };
    if (verdict.kind === 'whole') return 'saved';
    if (download === DOWNLOADS) {
      throw new EngineError('engine_bad_output', `the clip is no MP4 that plays: ${verdict.why}`, {
        retryable: verdict.kind === 'cut',
      });
    }
  }
}

function failureOf({ id, error = { code: '', message: '' } }: EngineJob): EngineError {
  const code = saysOutOfMemory(error.code, error.message) ? 'engine_out_of_memory' : 'engine_failed';
  return new EngineError(code, `${id} failed: ${error.code} ${error.message}`, { retryable: true });
}

/** Whether asking again, with the same key, is in vain. */
export function isRefusal({ kind }: EngineTrouble): boolean {
  return kind === 'refused' || kind === 'key_refused';
}

/** What a trouble is to the job where it is the end of it. */
export function endOf(trouble: EngineTrouble): EngineError {
  const { kind, message } = trouble;
  if (saysOutOfMemory(message))
    return new EngineError('engine_out_of_memory', message, { retryable: true, cause: trouble });
  if (kind === 'refused') return new EngineError('engine_failed', message, { retryable: false, cause: trouble });
  // No fault of the job's: a worker that has the right key can make it.
  if (kind === 'key_refused')
    return new EngineError('engine_key_refused', message, { retryable: true, cause: trouble });
  return new EngineError('engine_unreachable', message, { retryable: true, cause: trouble });
}
