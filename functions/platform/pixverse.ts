/**
 * The PixVerse dialect's transport: every answer is HTTP 200 with `{ErrCode, ErrMsg, Resp}`, refusals included, as its
 * clients expect; only what was not ours to foresee is a 500. One Lambda may serve several routes.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { z } from 'zod';
import { recordCall } from '../audit/record.ts';
import { callerOf, type Exchange, membersOf, readExchange } from './exchange.ts';
import { rateLimitPolicy } from './rate-limit.ts';
import { REFUSALS, Refusal } from './refusal.ts';
import { refusalOf } from './refused-call.ts';
import type { Route } from './route.ts';
import { logger } from './runtime.ts';

// What a call says is the same in every dialect.
export { bodyOf, type Exchange, headerOf } from './exchange.ts';

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
    answer: async event => handle(await readExchange(route, event, members)),
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
        await recordCall(event);
        return envelope(event, 200, 0, message, resp);
      } catch (error) {
        const refusal = refusalOf(error, event);
        await recordCall(event, refusal);
        const status = refusal.kind === 'internal' ? 500 : 200;
        return envelope(event, status, REFUSALS[refusal.kind].pixverse, refusal.message, null);
      }
    });
}

function envelope(
  event: APIGatewayProxyEvent,
  statusCode: number,
  ErrCode: number,
  ErrMsg: string,
  Resp: unknown,
): APIGatewayProxyResult {
  const plain = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  return {
    statusCode,
    headers: { ...plain, ...rateLimitPolicy(callerOf(event).plan) },
    body: JSON.stringify({ ErrCode, ErrMsg, Resp }),
  };
}
