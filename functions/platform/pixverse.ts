/**
 * The PixVerse dialect's transport: every answer is HTTP 200 with `{ErrCode, ErrMsg, Resp}`, refusals included, as its
 * clients expect; only what was not ours to foresee is a 500. One Lambda may serve several routes.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { z } from 'zod';
import { readMembers, validate } from './input.ts';
import { REFUSALS, Refusal } from './refusal.ts';
import type { Permission, Route } from './route.ts';
import { logger } from './runtime.ts';

/** Who calls, as the authorizer found out. */
export interface Caller {
  readonly accountId: string;
  readonly keyId: string;
  readonly keyHash: string;
  readonly plan: string;
  readonly permissions: readonly Permission[];
}

export interface Exchange<Input> {
  readonly caller: Caller;
  readonly input: Input;
  readonly event: APIGatewayProxyEvent;
}

/** What a handler answers: `Resp`, and words for `ErrMsg` where they are not just "Success". */
export interface Answer<Output> {
  readonly resp: Output;
  readonly message?: string;
}

export interface Served {
  readonly route: Route;
  readonly answer: (event: APIGatewayProxyEvent) => Promise<Answer<unknown>>;
}

/** Binds a route to what answers it. `members` reads the request where the usual forms do not serve. */
export function serve<Input extends z.ZodType, Output extends z.ZodType>(
  route: Route<Input, Output>,
  handle: (exchange: Exchange<z.output<Input>>) => Promise<Answer<z.output<Output>>>,
  members: (event: APIGatewayProxyEvent) => Promise<unknown> | unknown = membersOf,
): Served {
  return {
    route,
    answer: async event => {
      const caller = callerOf(event);
      if (!caller.permissions.includes(route.permission)) {
        throw new Refusal(
          'no_permission',
          `this key may not do ${route.permission}; use a key that has the permission`,
        );
      }
      const input = validate(route.input, await members(event));
      return handle({ caller, input, event });
    },
  };
}

/** The Lambda handler for these routes. */
export function pixverse(...served: readonly Served[]) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>()
    .use(injectLambdaContext(logger, { clearState: true }))
    .handler(async event => {
      const found = served.find(({ route }) => route.method === event.httpMethod && route.path === event.resource);
      try {
        if (!found) throw new Refusal('not_found', `no such route: ${event.httpMethod} ${event.path}`);
        const { resp, message = 'Success' } = await found.answer(event);
        return envelope(200, 0, message, resp);
      } catch (error) {
        return refuse(error, event);
      }
    });
}

function refuse(error: unknown, event: APIGatewayProxyEvent): APIGatewayProxyResult {
  if (error instanceof Refusal) {
    logger.info('refused', { route: event.resource, refusal: error.kind, reason: error.message });
    return envelope(200, REFUSALS[error.kind].pixverse, error.message, null);
  }
  logger.error('unforeseen error', error as Error);
  const message = `something went wrong here; retry, and if it stays name request ${event.requestContext.requestId} to support`;
  return envelope(500, REFUSALS.internal.pixverse, message, null);
}

function envelope(statusCode: number, ErrCode: number, ErrMsg: string, Resp: unknown): APIGatewayProxyResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify({ ErrCode, ErrMsg, Resp }),
  };
}

function membersOf(event: APIGatewayProxyEvent): Record<string, unknown> {
  return readMembers({
    pathParameters: event.pathParameters ?? {},
    query: event.queryStringParameters ?? {},
    contentType: headerOf(event, 'content-type') ?? '',
    body: bodyOf(event).toString('utf8'),
  });
}

/** A header whatever its case. */
export function headerOf(event: APIGatewayProxyEvent, name: string): string | undefined {
  return Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** The body's bytes. */
export function bodyOf(event: APIGatewayProxyEvent): Buffer {
  return Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
}

function callerOf(event: APIGatewayProxyEvent): Caller {
  const { accountId, keyId, keyHash, plan, permissions } = event.requestContext.authorizer ?? {};
  return { accountId, keyId, keyHash, plan, permissions: String(permissions ?? '').split(' ') as Permission[] };
}
