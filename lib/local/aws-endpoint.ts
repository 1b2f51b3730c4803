/**
 * The one AWS endpoint, for all services. A call passes here first: its body is read, its signature is verified, and
 * the credential scope names the service that answers it. Loopback only.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import type { Clock } from './clock.ts';
import type { LocalIam } from './iam.ts';
import { refuseService } from './protocols/unknown-service.ts';
import { AwsError, type AwsRequest, type AwsResponse, authorizing, type Service } from './service.ts';
import { readSignature, refuseKey, signatureError, signedService, verifySignature } from './sigv4.ts';
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
    const closed = closing(outgoing);
    const body = await readBody(incoming).catch(asAwsError);
    const call = { ...head, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0), closed };
    const service = this.#serviceFor(call);
    if (!service) return send(outgoing, refuseService(call, signedService(call)));
    let answer: AwsResponse;
    try {
      if (!Buffer.isBuffer(body)) throw body;
      answer = await service.handle(this.#verified(call, service.signingName));
    } catch (error) {
      const unverified = { ...call, principal: undefined, presigned: false, authorize: () => {} };
      answer = service.refuse(asAwsError(error), unverified);
    }
    await send(outgoing, answer);
  }

  /**
   * A signature names the service. A request without one is for a page, or for the service whose protocol it speaks;
   * S3 has whatever is left, unless that speaks another protocol than S3's.
   */
  #serviceFor(call: Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>): Service | undefined {
    const signed = signedService(call);
    if (signed !== undefined) return this.#services.get(signed);
    const [, page] = /^\/(_[a-z]+)(?![^./])/.exec(call.path) ?? [];
    if (page && this.#services.has(page)) return this.#services.get(page);
    const spoken = [...this.#services.values()].find(service => service.recognises?.(call));
    const isForm = call.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
    const isOther = call.headers['x-amz-target'] !== undefined || (call.method === 'POST' && isForm);
    return spoken ?? (isOther ? undefined : this.#services.get('s3'));
  }

  #verified(raw: Omit<AwsRequest, 'principal' | 'presigned' | 'authorize'>, service: string): AwsRequest {
    const signature = readSignature(raw);
    if (!signature) refuseOtherMechanism(raw, service);
    const holder = signature && this.#iam.holderOf(signature.accessKeyId, signature.sessionToken);
    if (typeof holder === 'string') refuseKey(service, signature?.accessKeyId ?? '', holder);
    if (holder) verifySignature(raw, holder.secret, this.#clock.now());
    return {
      ...raw,
      // S3 keeps an object as it was encoded; everywhere else a body is encoded for the way alone.
      ...(service === 's3' ? decodeAwsChunked(raw.body, raw.headers) : unzipped(raw.body, raw.headers)),
      principal: holder?.principal,
      session: holder?.session,
      presigned: signature?.presigned ?? false,
      authorize: authorizing(this.#iam, holder?.principal),
    };
  }
}

/** Refuses a caller who proves himself in a way that is no longer taken, or never was: he is not nobody. */
function refuseOtherMechanism({ query, headers }: Pick<AwsRequest, 'query' | 'headers'>, service: string): void {
  const older = headers.authorization?.startsWith('AWS ') || (query.has('AWSAccessKeyId') && query.has('Signature'));
  if (older && service === 's3') {
    const message = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
    throw new AwsError('InvalidRequest', message, 400);
  }
  const { authorization } = headers;
  if (authorization === undefined || service.startsWith('_')) return;
  if (service === 's3') {
    const detail = { ArgumentName: 'Authorization', ArgumentValue: authorization.split(' ')[0] };
    throw new AwsError('InvalidArgument', 'Unsupported Authorization Type', 400, detail);
  }
  throw signatureError(service, 'malformed', "Authorization header requires 'Credential' parameter.");
}

function unzipped(body: Buffer, headers: Headers): { body: Buffer; headers: Headers } {
  const { 'content-encoding': encoding, ...others } = headers;
  if (encoding?.trim().toLowerCase() !== 'gzip') return { body, headers };
  try {
    return { body: gunzipSync(body, { maxOutputLength: LARGEST_BODY_BYTES }), headers: others };
  } catch {
    throw new AwsError(
      'SerializationException',
      'The body is not the gzip that its Content-Encoding says, or too large.',
    );
  }
}

/** Always the same: an abort without a reason would make an error, with its stack, for every call that ends. */
const CLOSED = new Error('the connection is done with this call');

/** Aborted when the connection is done with this call: a long poll then looks no further. */
function closing(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController();
  outgoing.once('close', () => controller.abort(CLOSED));
  return controller.signal;
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
