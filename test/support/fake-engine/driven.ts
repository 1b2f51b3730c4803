/** A driver on a fake engine, with limits of milliseconds, and requests for it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE_MODELS, type EngineKind, type EngineModel } from '../../../functions/catalogue/engine-models.ts';
import type { VideoRequest } from '../../../functions/catalogue/video-request.ts';
import type { EngineClient, EngineJob } from '../../../functions/worker/engines/engine-client.ts';
import type { EngineAddress, HttpLimits } from '../../../functions/worker/engines/engine-http.ts';
import {
  type RemoteEngine,
  type RemoteEngineLimits,
  remoteEngine,
} from '../../../functions/worker/engines/remote-engine.ts';
import { sglang } from '../../../functions/worker/engines/sglang.ts';
import { vllmOmni } from '../../../functions/worker/engines/vllm-omni.ts';
import { picture } from '../pictures.ts';
import { type FakeEngine, type FakeEngineOptions, startFakeEngine } from './fake-engine.ts';

export const HTTP: HttpLimits = { callMs: 500, maxClipBytes: 1024 * 1024 };
/** Long enough for a busy machine; a test that waits for an end shortens the one it waits for. */
export const LIMITS: RemoteEngineLimits = {
  deadlineMs: 5_000,
  probeMs: 5_000,
  startMs: 5_000,
  retryMs: 3_000,
  cleanupMs: 500,
  poll: { firstMs: 2, lastMs: 10 },
};

export function clientOf(kind: EngineKind, address: EngineAddress, limits = HTTP): EngineClient {
  return kind === 'sglang' ? sglang(address, limits) : vllmOmni(address, limits);
}

export function modelNamed(id: string): EngineModel {
  const model = ENGINE_MODELS.find(known => known.id === id);
  if (!model) throw new Error(`no model ${id}`);
  return model;
}

/** Served by both engines, for words and images alike. */
export const MODEL = modelNamed('Wan-AI/Wan2.2-TI2V-5B-Diffusers');

export const REQUEST: VideoRequest = {
  function: 'text_to_video',
  model: 'v5',
  prompt: 'a lighthouse in a storm',
  negativePrompt: '',
  durationSeconds: 5,
  quality: '720p',
  aspectRatio: '16:9',
  seed: 42,
  audio: false,
  style: '',
  cameraMovement: '',
  motion: 'normal',
};

export interface Driven extends AsyncDisposable {
  readonly fake: FakeEngine;
  readonly engine: RemoteEngine;
  readonly observed: readonly EngineJob[];
  /** Why it was asked for, each time that another process was asked for. */
  readonly recycled: readonly string[];
  /** The path of the clip. */
  produce(request?: Partial<VideoRequest>, signal?: AbortSignal): Promise<string>;
}

export interface DrivenOptions extends Omit<FakeEngineOptions, 'clip'> {
  readonly limits?: Partial<RemoteEngineLimits>;
  readonly model?: EngineModel;
  readonly warmUp?: boolean;
  /** The file of the image that is to be moved; a drawing where absent. */
  readonly image?: Buffer;
  /** What the driver sends, where it is not the server's. */
  readonly sentKey?: string;
}

export async function drive(kind: EngineKind, clip: Buffer, options: DrivenOptions = {}): Promise<Driven> {
  const { limits, model = MODEL, warmUp = false, image, sentKey = options.apiKey, ...server } = options;
  const folder = await mkdtemp(join(tmpdir(), 'driven-'));
  const fake = await startFakeEngine(kind, { clip, ...server });
  const observed: EngineJob[] = [];
  const recycled: string[] = [];
  const address = { url: fake.url, ...(sentKey !== undefined && { apiKey: sentKey }) };
  const engine = remoteEngine(clientOf(kind, address), {
    name: kind,
    model,
    limits: { ...LIMITS, ...limits },
    warmUp,
    observe: job => observed.push(job),
    recycle: async why => {
      recycled.push(why);
      fake.recycle();
    },
  });
  return {
    fake,
    engine,
    observed,
    recycled,
    async produce(request, signal = new AbortController().signal) {
      const wanted = { ...REQUEST, ...request };
      const images = wanted.function === 'image_to_video' ? [await storeImage(folder, image)] : [];
      const made = await engine.produce(wanted, { images, folder, signal });
      if (made.kind !== 'file') throw new Error('a remote engine makes files');
      return made.path;
    },
    async [Symbol.asyncDispose]() {
      await fake[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function storeImage(folder: string, image?: Buffer) {
  const path = join(folder, 'image-0');
  await writeFile(path, image ?? (await picture(300, 200)));
  return { id: 1, path, width: 300, height: 200 };
}
