/**
 * What every API function does around its commands: finds the route, reads the request, responds in its dialect, records
 * the call, and turns whatever was thrown into a Refusal. A refusal is the caller's; anything else is ours and says
 * nothing of our insides.
 */
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { SUPPORT, withSupport } from '../catalogue/support.ts';
import { logger } from '../runtime/runtime.ts';
import { type Caller, callerOf } from './caller.ts';
import { crossOriginHeaders } from './cross-origin.ts';
import { heldTo } from './input.ts';
import { fieldsOf, type RequestContext, readRequest } from './request-context.ts';
import type { Route } from './route.ts';
import { videoOf } from './video-of-call.ts';

/** What a route responds with: `body` as its contract says, or `text` as it is with the content type that it names. */
export interface RouteResponse<Output> {
  readonly body?: Output;
  readonly text?: string;
  /** The body of a route whose entry streams, with the content type that `headers` names. */
  readonly stream?: Readable;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** PixVerse's `ErrMsg`, where it is more than "Success". */
  readonly message?: string;
}

/** A route with its command bound to it. */
export interface BoundRoute {
  readonly route: Route;
  readonly respond: (event: APIGatewayProxyEvent) => Promise<RouteResponse<unknown>>;
}

/** Binds a route to its command. `fields` reads the request where the usual forms do not serve. */
export function route<Input extends z.ZodType, Output extends z.ZodType>(
  contract: Route<Input, Output>,
  command: (request: RequestContext<z.output<Input>>) => Promise<RouteResponse<z.output<Output>>>,
  fields: (event: APIGatewayProxyEvent) => Promise<unknown> | unknown = fieldsOf,
): BoundRoute {
  const held = { ...contract, input: heldTo(contract) };
  return { route: contract, respond: async event => command(await readRequest(held, event, fields)) };
}

/** How a dialect writes responses and refusals. */
export interface Dialect {
  success(event: APIGatewayProxyEvent, response: RouteResponse<unknown>): APIGatewayProxyResult;
  refusal(event: APIGatewayProxyEvent, refusal: Refusal): APIGatewayProxyResult;
}

/** A call, as far as it is recorded. */
export interface Call {
  readonly caller: Caller;
  readonly method: string;
  /** As its contract writes it: `/v1/videos/{id}`. */
  readonly route: string;
  readonly requestId: string;
  /** Of the answer. */
  readonly status: number;
  /** The video that it is about: `video_` and its number. */
  readonly video?: string;
  /** What its path names, as it was sent; empty where its path names nothing. */
  readonly named?: string;
}

/** Called for each call once its response is made; `refusal` is undefined where it succeeded. */
export type RecordCall = (call: Call, refusal?: Refusal) => Promise<void>;

interface HandlerOptions {
  readonly record: RecordCall;
  /** Pages of these origins may call. */
  readonly origins: readonly string[];
  /** Where people write to for help. */
  readonly support: string;
}

/** The Lambda handler for these routes. */
export function apiHandler(routes: readonly BoundRoute[], dialect: Dialect, options: HandlerOptions) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>()
    .use(injectLambdaContext(logger, { clearState: true }))
    .handler(async event => (await respond(event, routes, dialect, options)).result);
}

type StreamedResult = Omit<APIGatewayProxyResult, 'body'> & { readonly body: string | Readable };

/** The same for routes whose entry streams: status and headers are sent before the body is there. */
export function streamingApiHandler(routes: readonly BoundRoute[], dialect: Dialect, options: HandlerOptions) {
  return middy<APIGatewayProxyEvent, StreamedResult, Error, Context>({ streamifyResponse: true })
    .use(injectLambdaContext(logger, { clearState: true }))
    .handler(async event => {
      const { result, stream } = await respond(event, routes, dialect, options);
      if (event.httpMethod !== 'HEAD') return { ...result, body: stream ?? result.body };
      if (stream) await leave(stream);
      return { ...result, body: '' };
    });
}

/** Ends a stream that nobody is to read: it begins, so that it gives back what it holds as it is closed. */
async function leave(stream: Readable): Promise<void> {
  await stream[Symbol.asyncIterator]().next();
  stream.destroy();
  if (!stream.closed) await once(stream, 'close');
}

async function respond(
  event: APIGatewayProxyEvent,
  routes: readonly BoundRoute[],
  dialect: Dialect,
  { record, origins, support }: HandlerOptions,
): Promise<{ result: APIGatewayProxyResult; stream?: Readable | undefined }> {
  // HEAD is GET whose body is not sent (RFC 9110, 9.3.2): API Gateway leaves it out.
  const method = event.httpMethod === 'HEAD' ? 'GET' : event.httpMethod;
  const found = routes.find(({ route }) => route.method === method && route.path === event.resource);
  try {
    if (!found) throw new Refusal('not_found', `no such route: ${event.httpMethod} ${event.path}`);
    const response = await found.respond(event);
    const result = finished(dialect.success(event, response));
    await record(callOf(event, result, response.body));
    return { result, stream: response.stream };
  } catch (error) {
    const refusal = refusalOf(error, event);
    const result = finished(dialect.refusal(event, worded(refusal, support)));
    await record(callOf(event, result), refusal);
    return { result };
  }

  function finished(answer: APIGatewayProxyResult): APIGatewayProxyResult {
    const { requestId } = event.requestContext;
    const headers = { 'x-request-id': requestId, ...crossOriginHeaders(origins, event), ...answer.headers };
    return { ...answer, headers };
  }
}

function callOf(event: APIGatewayProxyEvent, { statusCode: status }: APIGatewayProxyResult, body?: unknown): Call {
  const { httpMethod: method, resource: route, pathParameters, requestContext } = event;
  const video = videoOf({ route, pathParameters, body });
  const { requestId } = requestContext;
  const named = Object.values(pathParameters ?? {}).join('/');
  return {
    caller: callerOf(event),
    method,
    route,
    requestId,
    status,
    ...(video !== undefined && { video }),
    ...(named !== '' && { named }),
  };
}

/** The same refusal, with the stage's address where its words have a place for it. */
function worded(refusal: Refusal, support: string): Refusal {
  return Object.create(refusal, { message: { value: withSupport(refusal.message, support) } });
}

function refusalOf(error: unknown, event: APIGatewayProxyEvent): Refusal {
  if (error instanceof Refusal) {
    // Not its words: they may quote what the caller wrote.
    logger.info('refused', { route: event.resource, refusal: error.kind, field: error.field });
    return error;
  }
  logger.error('unforeseen error', error as Error);
  const { requestId } = event.requestContext;
  return new Refusal(
    'internal',
    `something went wrong here; retry, and if it stays name request ${requestId} to ${SUPPORT}`,
  );
}
