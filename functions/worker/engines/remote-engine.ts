/**
 * A neural model behind an engine's server, as the worker's engine. Invariants:
 * - one `produce` at a time;
 * - an engine that ended a job badly, or is new, first makes a tiny clip: `/health` says nothing of a device whose memory
 *   ran out, and vLLM-Omni has been seen to leave every later job `in_progress` for ever;
 * - an engine that fails this health probe, or does not accept the key any more, is handed to `recycle`.
 */
import { join } from 'node:path';
import { checkEngineModel, type EngineModel } from '../../catalogue/engine-models.ts';
import type { VideoRequest } from '../../catalogue/video-request.ts';
import type { EngineInputs, VideoEngine } from '../engine.ts';
import type { GeneratedVideo } from '../media/job.ts';
import { type EngineClient, type EngineJob, EngineTrouble } from './engine-client.ts';
import { EngineError } from './engine-error.ts';
import { engineRequest, PROBE_IMAGE, probeRequest } from './engine-request.ts';
import { endOf, isRefusal, type RunLimits, runOnEngine } from './engine-run.ts';
import { readImage } from './input-reference.ts';
import { type Deadline, deadlineIn, rest } from './waiting.ts';

export interface RemoteEngineLimits extends RunLimits {
  /** For one job, from create to the clip on disk. */
  readonly deadlineMs: number;
  /** For the tiny clip, compilation included. */
  readonly probeMs: number;
  /** For a new or recycled engine to load its weights: until then it does not answer at all. */
  readonly startMs: number;
}

export interface RemoteEngineOptions {
  /** As callers see it in results. */
  readonly name: string;
  readonly model: EngineModel;
  readonly limits: RemoteEngineLimits;
  /** Whether the first job waits for a tiny clip. */
  readonly warmUp: boolean;
  /** Replaces an engine that cannot be trusted any more: on ECS by ending the process, so that the task is replaced. */
  readonly recycle: (why: string) => Promise<void>;
  /** AuditDetails every state of every job that is seen, for metering: `timings` stand in the last. */
  readonly observe?: (job: EngineJob) => void;
}

export interface RemoteEngine extends VideoEngine {
  /** Waits until the engine has shown that it makes clips; resolves at once where it has. Rejects with EngineError. */
  ready(signal: AbortSignal): Promise<void>;
  /** The clip as the model made it, in the job's folder; rejects with EngineError, and with MediaError where the image cannot be used. */
  produce(request: VideoRequest, inputs: EngineInputs): Promise<GeneratedVideo>;
}

export function remoteEngine(client: EngineClient, options: RemoteEngineOptions): RemoteEngine {
  const { model, limits, recycle, observe = () => {} } = options;
  let trusted = !options.warmUp;
  let loading = true;

  /** The engine's answer, waited for as long as it may take to load. */
  const awaitAnswer = async ({ signal }: Deadline): Promise<void> => {
    for (;;) {
      try {
        await client.health(signal);
        return;
      } catch (error) {
        if (!(error instanceof EngineTrouble)) throw error;
        if (isRefusal(error)) throw endOf(error);
        await rest(limits.poll.lastMs, signal);
      }
    }
  };

  const probeHealth = async (deadline: Deadline): Promise<void> => {
    const image = model.functions.includes('text_to_video') ? {} : { image: PROBE_IMAGE };
    await runOnEngine(client, { request: probeRequest(model), ...image, observe }, limits, deadline);
  };

  const ready = async (signal: AbortSignal): Promise<void> => {
    if (trusted) return;
    try {
      await within(loading ? limits.startMs : limits.retryMs, signal, 'waiting for the engine', awaitAnswer);
      loading = false;
      await within(limits.probeMs, signal, "the engine's health probe", probeHealth);
      trusted = true;
    } catch (error) {
      // A refusal is a matter of configuration: another process of the engine would refuse too. The key's is not: the
      // worker that comes in place of this one reads the key again.
      if (!(error instanceof EngineError) || !error.retryable) throw error;
      loading = true;
      await recycle(error.message);
      const why = `the engine does not pass its health probe: ${error.message}`;
      throw new EngineError('engine_unreachable', why, { retryable: true, cause: error });
    }
  };

  return {
    name: options.name,
    digitalSourceType: 'trainedAlgorithmicMedia',
    ready,
    async produce(request, { images: [image], folder, signal }) {
      const breach = checkEngineModel(request, model);
      if (breach) throw new EngineError('engine_failed', `${breach.field} ${breach.rule}`, { retryable: false });
      await ready(signal);
      const path = join(folder, 'engine.mp4');
      const run = {
        request: engineRequest(model, request, image),
        ...(request.function === 'image_to_video' && image && { image: await readImage(image.path, folder, signal) }),
        path,
        observe,
      };
      try {
        await within(limits.deadlineMs, signal, 'the job', deadline => runOnEngine(client, run, limits, deadline));
      } catch (error) {
        if (error instanceof EngineError && error.retryable) trusted = false;
        throw error;
      }
      return { kind: 'file', path };
    },
  };
}

async function within(
  ms: number,
  signal: AbortSignal,
  what: string,
  act: (deadline: Deadline) => Promise<void>,
): Promise<void> {
  const deadline = deadlineIn(ms, signal, what);
  try {
    await act(deadline);
  } finally {
    deadline.end();
  }
}
