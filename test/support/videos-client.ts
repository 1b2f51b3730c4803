/** A client of the Videos dialect, as thin as curl, for what the official one does not do or hides. */
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import type { videoObject, videoQuote } from '../../functions/generation/videos/object-contract.ts';
import type { Problem } from '../../functions/http/problem-body.ts';

export type Video = z.output<typeof videoObject>;
export type Quote = z.output<typeof videoQuote>;

export interface Reply<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The smallest and cheapest. */
export const TINY = { prompt: 'calm colours', seconds: '1', size: '360x360', audio: false } as const;

export class VideosClient {
  readonly url: string;
  readonly key: string;

  constructor(url: string, key: string) {
    this.url = url;
    this.key = key;
  }

  async send<Body = Video>(
    method: string,
    path: string,
    body?: object | FormData,
    headers: Record<string, string> = {},
  ): Promise<Reply<Body>> {
    const json = body !== undefined && !(body instanceof FormData);
    const answer = await fetch(`${this.url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(json && { 'content-type': 'application/json' }),
        ...headers,
      },
      redirect: 'manual',
      ...(body !== undefined && { body: json ? JSON.stringify(body) : (body as FormData) }),
    });
    const text = await answer.text();
    const parsed = text !== '' && answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
    return { status: answer.status, headers: answer.headers, body: parsed as Body };
  }

  create(body: object = TINY, headers: Record<string, string> = {}): Promise<Reply<Video>> {
    return this.send('POST', '/videos', body, headers);
  }

  refused(method: string, path: string, body?: object | FormData, headers?: Record<string, string>) {
    return this.send<Problem>(method, path, body, headers);
  }

  get(id: string): Promise<Reply<Video>> {
    return this.send('GET', `/videos/${id}`);
  }

  /** The video once `holds` of it. */
  async until(id: string, holds: (video: Video) => boolean, withinMs = 60_000): Promise<Video> {
    for (const deadline = Date.now() + withinMs; ; await pause(250)) {
      const { body } = await this.get(id);
      if (holds(body)) return body;
      if (Date.now() > deadline) throw new Error(`${id} is still ${JSON.stringify(body)}`);
    }
  }

  ended(id: string): Promise<Video> {
    return this.until(id, ({ status }) => status === 'completed' || status === 'failed');
  }
}
