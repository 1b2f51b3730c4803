/** Makes one video as any client would: through the public API, with the developer's key. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { replaceFile } from '../../lib/local/replace-file.ts';
import type { LocalJson } from './local-json.ts';

interface Envelope<Resp> {
  readonly ErrCode: number;
  readonly ErrMsg: string;
  readonly Resp: Resp;
}

interface Result {
  readonly status: number;
  readonly state: string;
  readonly progress: number;
  readonly url: string;
  readonly outputWidth: number;
  readonly outputHeight: number;
  readonly failure: string;
}

const POLL_MS = 400;

/** The path of the finished MP4; throws with the API's own words where it was refused or failed. */
export async function makeVideo(
  { apiUrl, apiKey }: Pick<LocalJson, 'apiUrl' | 'apiKey'>,
  prompt: string,
  folder: string,
  show: (line: string) => void,
): Promise<string> {
  const call = async <Resp>(path: string, init: RequestInit = {}): Promise<Envelope<Resp>> => {
    const headers = { 'API-KEY': apiKey, 'Ai-trace-id': randomUUID(), 'content-type': 'application/json' };
    const envelope = (await (await fetch(apiUrl + path, { ...init, headers })).json()) as Envelope<Resp>;
    if (envelope.ErrCode !== 0) throw new Error(`${envelope.ErrMsg} (ErrCode ${envelope.ErrCode})`);
    return envelope;
  };
  const body = JSON.stringify({
    prompt,
    model: 'v6',
    duration: 5,
    quality: '540p',
    aspect_ratio: '16:9',
    generate_audio_switch: true,
  });
  const started = await call<{ video_id: number; credits: number }>('/openapi/v2/video/text/generate', {
    method: 'POST',
    body,
  });
  const { video_id, credits } = started.Resp;
  for (;;) {
    const { Resp: video, ErrMsg } = await call<Result>(`/openapi/v2/video/result/${video_id}`);
    show(bar(video, credits));
    if (video.status === 1) {
      const bytes = Buffer.from(await (await fetch(video.url)).arrayBuffer());
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `${video_id}.mp4`);
      replaceFile(path, bytes);
      show(`${bar(video, credits)}  ${ErrMsg}`);
      return path;
    }
    if (video.status !== 5) throw new Error(video.failure || `the video ended as ${video.state}`);
    await pause(POLL_MS);
  }
}

const BAR_CELLS = 30;

/** `[███████░░░░░] 42 %  generating` */
export function bar({ progress, state }: Pick<Result, 'progress' | 'state'>, credits: number): string {
  const full = Math.round((progress / 100) * BAR_CELLS);
  return `[${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)}] ${String(progress).padStart(3)} %  ${state}, ${credits} credits`;
}
