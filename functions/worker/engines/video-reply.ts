/** Reads what `/v1/videos` answers: the object that OpenAI published last (August 2026), as the two engines extend it. */
import * as z from 'zod';
import { type EngineJob, EngineTrouble } from './engine-client.ts';
import type { Reply } from './engine-http.ts';

const Video = z.looseObject({
  // It becomes part of a path.
  id: z.string().regex(/^\w[\w.-]{0,199}$/),
  status: z.string(),
  progress: z.number().nullish(),
  error: z.looseObject({ code: z.union([z.string(), z.number()]).nullish(), message: z.string().nullish() }).nullish(),
  inference_time_s: z.number().nullish(),
  peak_memory_mb: z.number().nullish(),
  stage_durations: z.record(z.string(), z.number()).nullish(),
});

const STATUSES: Readonly<Record<string, EngineJob['status']>> = {
  queued: 'queued',
  in_progress: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  // SGLang's own. Who cancelled it was not the one who still asks for it: to that one it is lost.
  cancelled: 'gone',
  deleted: 'gone',
};

/** The job in a reply that is known to be fine. */
export function jobOf({ body }: Reply): EngineJob {
  const read = Video.safeParse(body);
  if (!read.success) throw new EngineTrouble('garbled', `no video object: ${z.prettifyError(read.error)}`);
  const { id, status, progress, error, ...said } = read.data;
  const timings = {
    ...(said.inference_time_s != null && { inferenceSeconds: said.inference_time_s }),
    ...(said.peak_memory_mb != null && { peakMemoryMb: said.peak_memory_mb }),
    ...(said.stage_durations != null && { stageSeconds: said.stage_durations }),
  };
  return {
    id,
    status: STATUSES[status] ?? 'unknown',
    progress: progress ?? 0,
    // SGLang's errors often have no code.
    ...(error && { error: { code: String(error.code ?? ''), message: error.message ?? '' } }),
    ...(Object.keys(timings).length > 0 && { timings }),
  };
}

/** The reply where it says that all is well; throws what it means otherwise. */
export function fine(reply: Reply): Reply {
  const { status, detail } = reply;
  if (status >= 200 && status < 300) return reply;
  const message = `the engine answered ${status}: ${detail}`;
  if (status >= 500 || status === 429 || status === 408) throw new EngineTrouble('unwell', message);
  throw new EngineTrouble(status === 401 || status === 403 ? 'key_refused' : 'refused', message);
}

/** A job's state: 404 means that the server does not know it, since it was restarted or somebody deleted it. */
export function stateOf(id: string, reply: Reply): EngineJob {
  return reply.status === 404 ? { id, status: 'gone', progress: 0 } : jobOf(fine(reply));
}

/** Gone is as good as deleted. */
export function settled(reply: Reply): void {
  if (reply.status !== 404) fine(reply);
}

export function videoPath(id: string, rest = ''): string {
  return `/v1/videos/${encodeURIComponent(id)}${rest}`;
}
