/** A client of the PixVerse dialect, as thin as curl: it shows the envelope and the status as they came. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Reply<Resp = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly ErrCode: number;
  readonly ErrMsg: string;
  readonly Resp: Resp;
}

export interface Video {
  readonly id: number;
  readonly status: number;
  readonly url: string;
  readonly state: string;
  readonly failure: string;
  readonly outputWidth: number;
  readonly outputHeight: number;
  readonly size: number;
  readonly has_audio: boolean;
  readonly credits: number;
  readonly progress: number;
  readonly engine: string;
  readonly thumbnail_url: string;
  readonly seed: number;
}

/** The smallest and cheapest clip that the matrix allows. */
export const SMALL = {
  prompt: 'calm colours',
  model: 'v6',
  duration: 1,
  quality: '360p',
  aspect_ratio: '1:1',
};

export class ApiClient {
  readonly url: string;
  readonly key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.key = key;
  }

  async send<Resp = Record<string, unknown>>(
    method: string,
    path: string,
    body?: string | FormData,
    headers: Record<string, string> = {},
  ): Promise<Reply<Resp>> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { 'API-KEY': this.key, ...headers },
      ...(body !== undefined && { body }),
    });
    const envelope = (await answer.json()) as { ErrCode: number; ErrMsg: string; Resp: Resp };
    return { status: answer.status, headers: answer.headers, ...envelope };
  }

  post<Resp = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply<Resp>> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.send('POST', path, text, { 'content-type': 'application/json', ...headers });
  }

  generate(
    body: object = SMALL,
    headers: Record<string, string> = {},
  ): Promise<Reply<{ video_id: number; credits: number }>> {
    return this.post('/openapi/v2/video/text/generate', body, headers);
  }

  animate(body: object, headers: Record<string, string> = {}): Promise<Reply<{ video_id: number; credits: number }>> {
    return this.post('/openapi/v2/video/img/generate', body, headers);
  }

  upload(
    image: Uint8Array,
    name = 'image.png',
  ): Promise<Reply<{ img_id: number; img_url: string; expires_at: string }>> {
    const form = new FormData();
    form.set('image', new Blob([image as Uint8Array<ArrayBuffer>]), name);
    return this.send('POST', '/openapi/v2/image/upload', form);
  }

  uploadMedia(
    bytes: Uint8Array,
    name: string,
  ): Promise<Reply<{ media_id: number; media_type: string; url: string; width?: number; duration: number }>> {
    const form = new FormData();
    form.set('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
    return this.send('POST', '/openapi/v2/media/upload', form);
  }

  result(id: number | string): Promise<Reply<Video>> {
    return this.send('GET', `/openapi/v2/video/result/${id}`);
  }

  async balance(): Promise<number> {
    const { Resp } = await this.send<{ credit_package: number }>('GET', '/openapi/v2/account/balance');
    return Resp.credit_package;
  }

  /** The video once it has ended, however it ended. On a small plan `everyMs` leaves calls for what comes after. */
  async ended(id: number, withinMs = 90_000, everyMs = 300): Promise<Reply<Video>> {
    for (const deadline = Date.now() + withinMs; ; ) {
      const reply = await this.result(id);
      // A throttled poll says nothing of the video.
      if (reply.status !== 429 && reply.Resp.status !== 5) return reply;
      if (Date.now() > deadline) throw new Error(`video ${id} is still ${reply.Resp?.state} after ${withinMs} ms`);
      await pause(everyMs);
    }
  }
}
