/**
 * The PixVerse dialect's transport: every answer is HTTP 200 with `{ErrCode, ErrMsg, Resp}`, refusals included, as its
 * clients expect; only what was not ours to foresee is a 500. One Lambda may serve several routes.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { z } from 'zod';
import { REFUSALS } from '../catalogue/refusal.ts';
import { now } from '../runtime/runtime.ts';
import { rateLimitPolicy, videosRemaining } from './rate-limit.ts';
import { callerOf, type Exchange, membersOf, readExchange } from './request-context.ts';
import type { Route } from './route.ts';
import { apiHandler, type Served } from './transport.ts';

// What a call says is the same in every dialect.
export { bodyOf, type Exchange, headerOf } from './request-context.ts';

/** What a handler answers: `Resp`, and words for `ErrMsg` where they are not just "Success". */
export interface Answer<Output> {
  readonly resp: Output;
  readonly message?: string;
}

/** Binds a route to what answers it. `members` reads the request where the usual forms do not serve. */
export function serve<Input extends z.ZodType, Output extends z.ZodType>(
  route: Route<Input, Output>,
  handle: (exchange: Exchange<z.output<Input>>) => Promise<Answer<z.output<Output>>>,
  members: (event: APIGatewayProxyEvent) => Promise<unknown> | unknown = membersOf,
): Served<Answer<unknown>> {
  return {
    route,
    answer: async event => handle(await readExchange(route, event, members)),
  };
}

/** The Lambda handler for these routes. */
export function pixverse(...served: readonly Served<Answer<unknown>>[]) {
  return apiHandler(served, {
    success: (event, { resp, message = 'Success' }) => envelope(event, 200, 0, message, resp),
    refusal: (event, { kind, message }) => {
      const status = kind === 'internal' ? 500 : 200;
      const remaining = kind === 'daily_limit_reached' ? videosRemaining(0, now()) : {};
      return envelope(event, status, REFUSALS[kind].pixverse, message, null, remaining);
    },
  });
}

function envelope(
  event: APIGatewayProxyEvent,
  statusCode: number,
  ErrCode: number,
  ErrMsg: string,
  Resp: unknown,
  more: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  const plain = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  return {
    statusCode,
    headers: { ...plain, ...rateLimitPolicy(callerOf(event).plan), ...more },
    body: JSON.stringify({ ErrCode, ErrMsg, Resp }),
  };
}
