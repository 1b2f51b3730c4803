/**
 * The API's own address: an HTTP server on loopback that stands for a custom domain mapped to the stage, so paths have no
 * stage in front. It reads a request whole, asks the gateway, writes the answer and the access log.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LogFile } from '../log-file.ts';
import { newTraceHeader } from '../trace-header.ts';
import type { ApiModel } from './api-model.ts';
import type { ApiModels } from './api-models.ts';
import { type Exchange, newExtendedRequestId, newRequestId, type Reply } from './exchange.ts';
import { answer, type GatewayParts, refuse } from './gateway.ts';
import { fill, Refusal } from './gateway-response.ts';

const LARGEST_BODY_BYTES = 10 * 1024 * 1024;
/** API Gateway's limit for the request line and all headers. */
const LARGEST_HEADER_BYTES = 10_240;
/** A client has so long for its headers, and for the whole request: the gateway itself gives 30 seconds. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
/** At the end, what is being answered has so long to be answered. */
const DRAIN_MS = 3000;

type DataPlaneParts = Omit<GatewayParts, 'model'> & { readonly models: ApiModels };

export class DataPlane {
  readonly #parts: DataPlaneParts;
  readonly #server: Server;
  readonly #accessLog: LogFile;

  constructor(parts: DataPlaneParts) {
    this.#parts = parts;
    this.#accessLog = new LogFile(join(parts.context.dataDir, 'logs', 'access.log'));
    const limits = { maxHeaderSize: LARGEST_HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS };
    this.#server = createServer(
      { ...limits, connectionsCheckingInterval: 5000, keepAliveTimeout: 75_000 },
      (request, response) => {
        this.#serve(request, response).catch(error => {
          parts.context.log('apigateway.connection.failed', { error: String(error) });
          response.destroy();
        });
      },
    );
  }

  /** Throws an error that names PORT where another process has it. */
  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EADDRINUSE') throw error;
      throw new Error(
        `Port ${port} on 127.0.0.1 is taken by another process: stop that one, or set PORT to a free port`,
      );
    }
  }

  get isListening(): boolean {
    return this.#server.listening;
  }

  url(): string {
    const address = this.#server.address() as AddressInfo | null;
    if (!address) throw new Error('The API has no address before its engine is started');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeIdleConnections();
      const timer = setTimeout(() => this.#server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(timer);
    }
    this.#accessLog.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { models, ...others } = this.#parts;
    const model = models.at(request.headers.host);
    const exchange = model && this.#exchangeOf(request, model);
    if (!exchange) {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"message":"The API has no stage yet"}');
      return;
    }
    const parts = { ...others, model };
    const body = await readBody(request);
    const began = performance.now();
    if (body) exchange.body = body;
    const reply = body ? await answer(exchange, parts) : refuse(exchange, parts, new Refusal('REQUEST_TOO_LARGE'));
    const bytes = await this.#write(response, exchange, reply);
    exchange.response = { status: reply.status, bytes, latencyMs: Math.round(performance.now() - began) };
    this.#logAccess(exchange);
  }

  #exchangeOf(request: IncomingMessage, model: ApiModel): Exchange | undefined {
    const { context } = this.#parts;
    if (!model.api || !model.stage) return undefined;
    const [path = '/', ...query] = (request.url ?? '/').split('?');
    const claimed = request.headers['x-amzn-trace-id'];
    return {
      api: model.api,
      stage: model.stage,
      accountId: context.accountId,
      requestId: newRequestId(),
      extendedRequestId: newExtendedRequestId(),
      traceHeader:
        typeof claimed === 'string' && /^[\x21-\x7e]{1,200}$/.test(claimed)
          ? claimed
          : newTraceHeader(context.clock.now()),
      startedAt: context.clock.now(),
      httpMethod: request.method ?? 'GET',
      path,
      query: new URLSearchParams(query.join('?')),
      headers: pairs(request.rawHeaders),
      body: Buffer.alloc(0),
      sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
      protocol: `HTTP/${request.httpVersion}`,
    };
  }

  /** Answers how many bytes of the body were sent. */
  async #write(response: ServerResponse, exchange: Exchange, { status, headers, body }: Reply): Promise<number> {
    for (const [name, value] of headers) response.appendHeader(name, value);
    response.setHeader('x-amzn-RequestId', exchange.requestId);
    response.setHeader('x-amz-apigw-id', exchange.extendedRequestId);
    response.setHeader('X-Amzn-Trace-Id', exchange.traceHeader);
    if (!Buffer.isBuffer(body)) return this.#stream(response, exchange, status, body);
    if (status !== 204 && status !== 304) response.setHeader('Content-Length', body.length);
    response.writeHead(status);
    response.end(exchange.httpMethod === 'HEAD' ? undefined : body);
    return body.length;
  }

  /** A client that hangs up, and a function that fails in the midst, end the connection: the status was said before. */
  async #stream(response: ServerResponse, exchange: Exchange, status: number, body: Readable): Promise<number> {
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    response.writeHead(status);
    response.flushHeaders();
    await pipeline(body, response).catch(error =>
      this.#parts.context.log('apigateway.stream.broken', { requestId: exchange.requestId, error: String(error) }),
    );
    return bytes;
  }

  #logAccess(exchange: Exchange): void {
    const { accessLogFormat, accessLogGroup: group, apiId } = exchange.stage;
    if (accessLogFormat === undefined) return;
    const text = `${fill(accessLogFormat, exchange, '-').trim()}\n`;
    this.#accessLog.write(text);
    if (group !== undefined) this.#parts.context.ports.writeLog?.({ group, stream: apiId, text, as: undefined });
  }
}

/** Undefined where it is larger than the gateway takes; it is read to its end all the same, so that the client hears why. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) chunks = [];
    else chunks.push(chunk);
  }
  return size > LARGEST_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? '']);
}
