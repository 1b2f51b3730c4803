/**
 * The engine that the environment asks for.
 *
 * ENGINE                   `preview` (the default), `vllm-omni` or `sglang`
 * ENGINE_URL               the server's root: `http://127.0.0.1:8091`
 * ENGINE_MODEL             the model it serves, by its id in catalogue/engine-models.ts
 * ENGINE_API_KEY           sent as a bearer token; optional. ENGINE_SECRET names the secret that it is read from
 * ENGINE_DEADLINE_SECONDS  for one job; optional
 * ENGINE_TRIAL_SECONDS     for the tiny clip by which it shows that it is sound; optional
 */
import { configuredModel } from '../../catalogue/configured-model.ts';
import type { EngineKind } from '../../catalogue/engine-models.ts';
import type { VideoEngine } from '../engine.ts';
import { previewEngine } from '../preview/engine.ts';
import type { EngineClient, EngineJob } from './engine-client.ts';
import type { EngineAddress, HttpLimits } from './engine-http.ts';
import { type RemoteEngine, type RemoteEngineLimits, remoteEngine } from './remote-engine.ts';
import { sglang } from './sglang.ts';
import { vllmOmni } from './vllm-omni.ts';

export type EngineEnvironment = Readonly<Record<string, string | undefined>>;

/** What the process around the engine does for it. */
export interface EngineSurroundings {
  /** Replaces an engine that cannot be trusted; does nothing where nobody can. */
  readonly recycle?: (why: string) => Promise<void>;
  readonly observe?: (job: EngineJob) => void;
}

const CLIENTS: Readonly<Record<EngineKind, (address: EngineAddress, limits: HttpLimits) => EngineClient>> = {
  'vllm-omni': vllmOmni,
  sglang,
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The slowest published figure is 1599 s (HunyuanVideo-1.5, one A100); half as much again is no hang yet. */
const DEADLINE_SECONDS = 40 * 60;
/** The first clip of a process compiles the model. */
const PROBE_SECONDS = 10 * 60;
/** 60 to 270 GB of weights, from S3 or EFS. */
const START_MS = 30 * MINUTE;
const MAX_CLIP_BYTES = 512 * 1024 * 1024;

/** No call and no retry window lasts longer than half of the job, and a job is looked at a hundred times at least. */
function limitsFor(deadlineMs: number, probeMs: number): RemoteEngineLimits & HttpLimits {
  return {
    deadlineMs,
    probeMs,
    startMs: START_MS,
    maxClipBytes: MAX_CLIP_BYTES,
    callMs: Math.min(30 * SECOND, deadlineMs / 2),
    retryMs: Math.min(MINUTE, deadlineMs / 2),
    cleanupMs: 5 * SECOND,
    poll: { firstMs: Math.min(500, deadlineMs / 200), lastMs: Math.min(5 * SECOND, deadlineMs / 100) },
  };
}

/** Throws an Error that names the variable which is wrong and says what would be right. */
export function engineFromEnvironment(
  env: EngineEnvironment,
  { recycle = async () => {}, observe }: EngineSurroundings = {},
): VideoEngine | RemoteEngine {
  const configured = configuredModel(env);
  if (!configured) return previewEngine;
  const { engine, model } = configured;
  const address = { url: readUrl(env.ENGINE_URL), ...(env.ENGINE_API_KEY && { apiKey: env.ENGINE_API_KEY }) };
  const limits = limitsFor(
    readSeconds(env, 'ENGINE_DEADLINE_SECONDS', DEADLINE_SECONDS) * SECOND,
    readSeconds(env, 'ENGINE_TRIAL_SECONDS', PROBE_SECONDS) * SECOND,
  );
  return remoteEngine(CLIENTS[engine](address, limits), {
    name: engine,
    model,
    limits,
    warmUp: true,
    recycle,
    ...(observe && { observe }),
  });
}

function readUrl(value: string | undefined): string {
  const wanted = 'it must be the root of the server, such as http://127.0.0.1:8091';
  if (!value) throw new Error(`ENGINE_URL is not set; ${wanted}`);
  const url = URL.parse(value);
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error(`ENGINE_URL is no http or https URL; ${wanted}`);
  if (url.username || url.password) throw new Error('ENGINE_URL has a user name in it; use ENGINE_API_KEY instead');
  if (url.search || url.hash || /\/v1\/?$/.test(url.pathname)) {
    throw new Error(`ENGINE_URL has more in it than a root; ${wanted}, without /v1`);
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

function readSeconds(env: EngineEnvironment, name: string, otherwise: number): number {
  const value = env[name];
  if (!value) return otherwise;
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new Error(`${name} is ${JSON.stringify(value)}; it must be a whole number of seconds above 0`);
}
