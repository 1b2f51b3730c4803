/**
 * How the two servers read and answer, as their sources show: which bodies they take, how they name a job, what an error
 * looks like, what DELETE means.
 */
import type { EngineKind } from '../../../functions/catalogue/engine-models.ts';
import type { Call } from './plan.ts';

export type FakeStatus = 'queued' | 'in_progress' | 'completed' | 'failed' | 'cancelling' | 'cancelled' | 'odd';

export interface FakeJob {
  readonly id: string;
  readonly call: Call;
  status: FakeStatus;
  error?: { code?: string; message: string };
}

export interface Dialect {
  readonly healthPath: string;
  newId(hex: string): string;
  /** What is wrong with a create call: its status and its words. */
  breach(call: Call): { status: number; detail: string } | undefined;
  video(job: FakeJob): object;
  error(status: number, detail: string): object;
  deleted(job: FakeJob): object;
  /** `POST /v1/videos/{id}/cancel` is a route. */
  readonly cancelRoute: boolean;
  /** A job that was cancelled can still be read. */
  readonly keepsCancelled: boolean;
}

const PATTERNS: Readonly<Record<string, RegExp>> = {
  seconds: /^[1-9]\d*$/,
  size: /^\d+x\d+$/,
  num_frames: /^[1-9]\d*$/,
  fps: /^[1-9]\d*$/,
  seed: /^\d+$/,
  generate_sound: /^(true|false)$/,
};

function badForm(members: Call['members']): { status: number; detail: string } | undefined {
  const bad = Object.entries(PATTERNS).find(([name, pattern]) => {
    const value = members[name];
    return value !== undefined && !pattern.test(String(value));
  });
  if (bad) return { status: 422, detail: `${bad[0]}: String should match pattern` };
  return members.prompt === undefined ? { status: 422, detail: 'prompt: Field required' } : undefined;
}

const common = (job: FakeJob) => ({
  object: 'video',
  id: job.id,
  status: job.status === 'odd' ? 'hibernating' : job.status,
  // Neither moves it on the way.
  progress: job.status === 'completed' ? 100 : 0,
  created_at: 1_790_000_000,
  completed_at: job.status === 'completed' ? 1_790_000_060 : null,
  size: job.call.members.size ?? '',
  seconds: String(job.call.members.seconds ?? '4'),
  expires_at: null,
  remixed_from_video_id: null,
  error: job.error ?? null,
});

const vllmOmni: Dialect = {
  healthPath: '/health',
  newId: hex => `video_gen_${hex}`,
  breach: ({ headers, members }) =>
    headers['content-type']?.startsWith('multipart/form-data')
      ? badForm(members)
      : { status: 422, detail: 'prompt: Field required' },
  video: job => ({
    ...common(job),
    model: job.call.members.model ?? 'server-model',
    prompt: job.call.members.prompt,
    quality: 'default',
    media_type: 'video/mp4',
    file_name: job.status === 'completed' ? `${job.id}.mp4` : null,
    inference_time_s: job.status === 'completed' ? 12.5 : null,
    stage_durations: job.status === 'completed' ? { denoise: 10.25, decode: 1.5 } : {},
    peak_memory_mb: job.status === 'completed' ? 61_440.5 : 0,
    action: null,
  }),
  error: (status, detail) => ({ error: { message: detail, type: 'Error', param: null, code: status } }),
  deleted: job => ({ id: job.id, deleted: true, object: 'video.deleted' }),
  cancelRoute: false,
  keepsCancelled: false,
};

const sglang: Dialect = {
  healthPath: '/models',
  newId: hex => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`,
  breach: ({ headers, members, files }) => {
    if (!members.prompt) return { status: 400, detail: 'prompt is required' };
    if (headers['content-type']?.startsWith('multipart/form-data')) {
      const has = files.some(({ field }) => field === 'input_reference');
      return has ? badForm(members) : { status: 400, detail: 'input_reference file or reference_url is required' };
    }
    const numbers = ['seconds', 'fps', 'num_frames', 'seed'].filter(name => members[name] !== undefined);
    const odd = numbers.find(name => !Number.isInteger(members[name]));
    return odd === undefined ? undefined : { status: 400, detail: `Invalid request body: ${odd} should be an integer` };
  },
  video: job => ({
    ...common(job),
    model: job.call.members.model ?? 'sora-2',
    quality: 'standard',
    url: null,
    file_path: `outputs/${job.id}.mp4`,
    peak_memory_mb: job.status === 'completed' ? 64_102.4 : null,
    inference_time_s: job.status === 'completed' ? 630.4 : null,
  }),
  error: (_, detail) => ({ detail }),
  deleted: job => ({ ...common(job), status: 'deleted' }),
  cancelRoute: true,
  keepsCancelled: true,
};

export const DIALECTS: Readonly<Record<EngineKind, Dialect>> = { 'vllm-omni': vllmOmni, sglang };
