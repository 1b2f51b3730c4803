/**
 * An engine's server that makes no video and can misbehave in every way that the real ones have been seen to. It moves
 * its jobs by how often they are asked about, never by time: queued, in progress, then what its plan says.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EngineKind } from '../../../functions/catalogue/engine-models.ts';
import { sendContent } from './content.ts';
import { DIALECTS, type FakeJob } from './dialect.ts';
import type { Call, Plan } from './plan.ts';
import { readCall } from './read-call.ts';

export interface FakeEngine extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly Call[];
  /** Plans for the next jobs, one each; further ones go well. */
  script(...plans: Plan[]): void;
  /** Every job with this prompt follows these plans one by one, and the last for ever, by whatever process. */
  afflict(prompt: string, ...plans: Plan[]): void;
  /** As a new process: jobs and plans are forgotten, the device's memory is free again. */
  recycle(): void;
  /** Wants another key from now on. */
  rekey(apiKey: string): void;
  /** Create calls, the canary's among them. */
  created(): Call[];
  /** Jobs that still run: work that nobody will fetch. */
  running(): string[];
  called(method: string, path: RegExp): Call[];
  /** Milliseconds from each create call with this prompt to the last call about its job. */
  spans(prompt: string): number[];
}

interface Running extends FakeJob {
  readonly plan: Plan;
  readonly span: Span;
  polls: number;
  downloads: number;
}

interface Span {
  readonly prompt: unknown;
  readonly began: number;
  last: number;
}

export interface FakeEngineOptions {
  readonly clip: Buffer;
  readonly apiKey?: string;
  /** An older SGLang, without the cancel route. */
  readonly withoutCancelRoute?: boolean;
}

export async function startFakeEngine(kind: EngineKind, options: FakeEngineOptions): Promise<FakeEngine> {
  const dialect = DIALECTS[kind];
  const calls: Call[] = [];
  const plans: Plan[] = [];
  const spans: Span[] = [];
  const afflicted = new Map<unknown, Plan[]>();
  let jobs = new Map<string, Running>();
  let poisoned = false;
  let { apiKey } = options;

  const answer = (response: ServerResponse, status: number, body: object): unknown =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const refuse = (response: ServerResponse, status: number, detail: string): unknown =>
    answer(response, status, dialect.error(status, detail));
  const isOver = ({ status }: FakeJob): boolean => ['completed', 'failed', 'cancelled'].includes(status);

  const planOf = ({ members: { prompt } }: Call): Plan => {
    const own = afflicted.get(prompt);
    return (own && (own.length > 1 ? own.shift() : own[0])) ?? plans.shift() ?? {};
  };

  const create = (call: Call, response: ServerResponse): unknown => {
    const breach = dialect.breach(call);
    if (breach) return refuse(response, breach.status, breach.detail);
    const plan = planOf(call);
    const began = performance.now();
    const span: Span = { prompt: call.members.prompt, began, last: began };
    spans.push(span);
    if (typeof plan.create === 'number') return refuse(response, plan.create, 'the plan says so');
    if (plan.create === 'out_of_memory')
      return refuse(response, 500, 'CUDA out of memory. Tried to allocate 2.00 GiB.');
    if (plan.create === 'redirect') {
      response.writeHead(307, { location: '/elsewhere' }).end();
      return;
    }
    const id = dialect.newId(randomBytes(16).toString('hex'));
    const job: Running = { id, call, plan, span, status: 'queued', polls: 0, downloads: 0 };
    jobs.set(id, job);
    if (plan.create === 'no_reply') return;
    if (plan.create === 'reply_lost') response.socket?.destroy();
    else answer(response, 200, dialect.video(job));
  };

  /** One look moves a job one step. */
  const advance = (job: Running): void => {
    job.polls++;
    if (isOver(job)) return;
    job.status = 'in_progress';
    const { run } = job.plan;
    if (poisoned || run === 'hang' || job.polls < 2) return;
    if (run === 'odd_for_ever' || (run === 'odd_status' && job.polls < 4)) job.status = 'odd';
    else if (run === 'out_of_memory') {
      poisoned = true;
      fail(job, { code: 'OutOfMemoryError', message: 'CUDA out of memory. Tried to allocate 14.00 GiB.' });
    } else if (run === 'fail') fail(job, { code: 'RuntimeError', message: 'shape mismatch' });
    else if (run === 'fail_without_code') fail(job, { message: 'shape mismatch' });
    else if (run === 'cancelled') cancel(job);
    else if (run === 'restart') jobs = new Map();
    else job.status = 'completed';
  };
  const fail = (job: FakeJob, error: { code?: string; message: string }): void => {
    job.status = 'failed';
    // SGLang has no code to give.
    job.error = kind === 'sglang' ? { message: error.message } : error;
  };
  const cancel = (job: FakeJob): void => {
    job.status = 'cancelled';
    if (!dialect.keepsCancelled) jobs.delete(job.id);
  };

  const look = (job: Running, response: ServerResponse): unknown => {
    const trouble = job.polls < 3 && job.polls > 0 ? job.plan.run : undefined;
    if (trouble === 'polls_500' || trouble === 'polls_cut' || trouble === 'polls_garbled') {
      job.polls++;
      if (trouble === 'polls_500') return refuse(response, 500, 'Internal Server Error');
      if (trouble === 'polls_cut') response.socket?.destroy();
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      return;
    }
    if (job.plan.run === 'flicker' && job.polls < 40) {
      return job.polls++ % 2 === 0
        ? refuse(response, 500, 'Internal Server Error')
        : answer(response, 200, dialect.video({ ...job, status: 'in_progress' }));
    }
    advance(job);
    if (jobs.has(job.id)) answer(response, 200, dialect.video(job));
    else refuse(response, 404, 'Video not found');
  };

  const drop = (job: Running, response: ServerResponse): unknown => {
    const wasOver = isOver(job);
    const body = dialect.deleted(job);
    if (kind === 'sglang' && !wasOver) {
      cancel(job);
      return answer(response, 200, dialect.video({ ...job, status: 'cancelling' }));
    }
    jobs.delete(job.id);
    answer(response, 200, body);
  };

  const route = (call: Call, response: ServerResponse): unknown => {
    const { method, path } = call;
    if (method === 'GET' && path === dialect.healthPath) return answer(response, 200, {});
    if (method === 'POST' && path === '/v1/videos') return create(call, response);
    const [, id = '', rest = ''] = /^\/v1\/videos\/([\w-]+)(\/\w+)?$/.exec(path) ?? [];
    if (method === 'POST' && (rest !== '/cancel' || !dialect.cancelRoute || options.withoutCancelRoute)) {
      return refuse(response, 404, 'Not Found');
    }
    const job = jobs.get(id);
    if (!job) return refuse(response, 404, 'Video not found');
    job.span.last = performance.now();
    if (method === 'POST') {
      if (!isOver(job)) cancel(job);
      return answer(response, 200, dialect.video({ ...job, status: 'cancelling' }));
    }
    if (method === 'DELETE') return drop(job, response);
    if (rest !== '/content') return look(job, response);
    if (job.status !== 'completed') return refuse(response, 404, 'Generation is still in-progress');
    const downloads = job.plan.content ?? ['whole'];
    sendContent(downloads[Math.min(job.downloads++, downloads.length - 1)] ?? 'whole', options.clip, response, refuse);
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const guarded = kind === 'vllm-omni' && apiKey !== undefined && request.url?.startsWith('/v1');
    if (guarded && request.headers.authorization !== `Bearer ${apiKey}`) {
      request.resume();
      return answer(response, 401, { error: 'Unauthorized' });
    }
    readCall(request).then(
      call => {
        calls.push(call);
        route(call, response);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const called = (method: string, path: RegExp): Call[] =>
    calls.filter(call => call.method === method && path.test(call.path));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    called,
    script: (...next) => plans.push(...next),
    afflict: (prompt, ...own) => afflicted.set(prompt, own),
    recycle: () => {
      plans.length = 0;
      jobs = new Map();
      poisoned = false;
    },
    rekey: wanted => {
      apiKey = wanted;
    },
    spans: prompt => spans.filter(span => span.prompt === prompt).map(({ began, last }) => last - began),
    created: () => called('POST', /^\/v1\/videos$/),
    running: () => [...jobs.values()].filter(job => !isOver(job)).map(({ id }) => id),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    },
  };
}
