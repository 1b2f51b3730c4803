/**
 * The one AWS endpoint, for all services. A call passes here first: its body is read, its signature is verified, and
 * the credential scope names the service that answers it. Loopback only.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Clock } from './clock.ts';
import type { LocalIam } from './iam.ts';
import { AwsError, type AwsRequest, type AwsResponse, denyAccess, type Service } from './service.ts';
import { readSignature, verifySignature } from './sigv4.ts';
import { storageTrouble } from './storage-trouble.ts';

/** A request body larger than this is refused: the largest real one is a 100 MB upload of video. */
const LARGEST_BODY_BYTES = 128 * 1024 * 1024;

export class AwsEndpoint {
  readonly #iam: LocalIam;
  readonly #clock: Clock;
  readonly #services = new Map<string, Service>();
  readonly #server: Server;

  constructor(iam: LocalIam, clock: Clock) {
    this.#iam = iam;
    this.#clock = clock;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    // An SDK client keeps its connections: closing them first would race with its next request.
    this.#server.keepAliveTimeout = 75_000;
  }

  add(service: Service): void {
    this.#services.set(service.signingName, service);
  }

  /** Begins to answer; `port` 0 takes a free one. The answer is the endpoint's URL. */
  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [path = '/', search = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(',') : (value ?? ''),
      ]),
    );
    const head = { method: incoming.method ?? 'GET', path, query: new URLSearchParams(search), headers };
    const service = this.#serviceFor(head);
    if (!service) return send(outgoing, unknownService(head));
    let answer: AwsResponse;
    const unread = { ...head, body: Buffer.alloc(0), closed: closing(outgoing) };
    try {
      answer = await service.handle(this.#verified({ ...unread, body: await readBody(incoming) }));
    } catch (error) {
      const unverified = { ...unread, principal: undefined, presigned: false, authorize: () => {} };
      answer = service.refuse(asAwsError(error), unverified);
    }
    await send(outgoing, answer);
  }

  /** An unsigned request is for a page, for a service that its target names and that takes such ones, or else for S3. */
  #serviceFor(request: Pick<AwsRequest, 'path' | 'query' | 'headers'>): Service | undefined {
    const signed = signingName(request);
    if (signed !== undefined) return this.#services.get(signed);
    const [, page] = /^\/(_[a-z]+)(?![^./])/.exec(request.path) ?? [];
    const [target] = (request.headers['x-amz-target'] ?? '').split('.');
    const open = [...this.#services.values()].find(({ unsignedTarget }) => target && unsignedTarget === target);
    return (page && this.#services.get(page)) || open || this.#services.get('s3');
  }

  #verified(raw: Omit<AwsRequest, 'principal' | 'presigned' | 'authorize'>): AwsRequest {
    const signature = readSignature(raw);
    const holder = signature && this.#iam.holderOf(signature.accessKeyId);
    if (signature && !holder) {
      const code = signature.service === 's3' ? 'InvalidAccessKeyId' : 'UnrecognizedClientException';
      throw new AwsError(code, 'The security token included in the request is invalid.', 403);
    }
    if (signature && holder) verifySignature(raw, holder.secret, this.#clock.now());
    const { body, headers } = decodeAwsChunked(raw.body, raw.headers);
    const principal = holder?.principal;
    return {
      ...raw,
      body,
      headers,
      principal,
      presigned: signature?.presigned ?? false,
      authorize: (action, resource, context = {}) => {
        const call = { principal: principal ?? 'anonymous', action, resource, context };
        if (!this.#iam.allows(call)) denyAccess(call.principal, action, resource);
      },
    };
  }
}

/** Aborted when the connection is done with this call: a long poll then looks no further. */
function closing(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController();
  outgoing.once('close', () => controller.abort());
  return controller.signal;
}

function signingName(request: Pick<AwsRequest, 'query' | 'headers'>): string | undefined {
  try {
    return readSignature(request)?.service;
  } catch {
    return undefined;
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) throw new AwsError('EntityTooLarge', 'The request body is too large', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const QUIET_MS = 5_000;
let quietUntil = 0;

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const trouble = storageTrouble(error);
  if (trouble !== undefined) {
    // Every service of AWS may answer this for a while; its callers come again.
    const words = `The disk of the local cloud is in trouble: ${(error as Error).message}`;
    // Each of many callers comes again and again: a terminal is told now and then.
    if (performance.now() > quietUntil) {
      process.stderr.write(`local cloud: ${words}\n`);
      quietUntil = performance.now() + QUIET_MS;
    }
    return new AwsError('ServiceUnavailable', words, 503);
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`local cloud: ${message}\n`);
  return new AwsError('InternalFailure', 'The local cloud failed to answer this call; its terminal shows why.', 500);
}

function unknownService(request: Pick<AwsRequest, 'query' | 'headers'>): AwsResponse {
  const message = `The local cloud has no service named ${signingName(request)}`;
  return {
    status: 501,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ __type: 'NotImplemented', message }),
  };
}

async function send(outgoing: ServerResponse, answer: AwsResponse): Promise<void> {
  const { body = '' } = answer;
  const length = typeof body === 'string' || Buffer.isBuffer(body) ? { 'content-length': Buffer.byteLength(body) } : {};
  const requestId = randomUUID();
  outgoing.writeHead(answer.status, {
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
    ...length,
    ...answer.headers,
  });
  if (typeof body === 'string' || Buffer.isBuffer(body)) outgoing.end(body);
  else await pipeline(body, outgoing);
}

// Takes an upload out of `aws-chunked` framing: chunks with their sizes in hex, then trailers such as the checksum,
// which are put among the headers. Chunk signatures are not checked: the frame travels over loopback only, and the
// checksum is.

type Headers = Readonly<Record<string, string>>;

function decodeAwsChunked(body: Buffer, headers: Headers): { body: Buffer; headers: Headers } {
  const encodings = (headers['content-encoding'] ?? '').split(',').map(encoding => encoding.trim());
  if (!encodings.includes('aws-chunked')) return { body, headers };
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = lineEnd(body, at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (Number.isNaN(size)) throw new AwsError('InvalidRequest', 'A chunk of the upload does not begin with its size');
    at = end + 2;
    if (size === 0) break;
    chunks.push(body.subarray(at, at + size));
    at += size + 2;
  }
  const trailers: Record<string, string> = {};
  while (at < body.length) {
    const end = lineEnd(body, at);
    const [name, value] = body.toString('latin1', at, end).split(/:(.*)/s);
    if (name && value !== undefined) trailers[name.toLowerCase()] = value.trim();
    at = end + 2;
  }
  const remaining = encodings.filter(encoding => encoding !== 'aws-chunked').join(',');
  const { 'content-encoding': _, ...others } = headers;
  return {
    body: Buffer.concat(chunks),
    headers: { ...others, ...(remaining && { 'content-encoding': remaining }), ...trailers },
  };
}

function lineEnd(body: Buffer, from: number): number {
  const end = body.indexOf('\r\n', from);
  return end === -1 ? body.length : end;
}
