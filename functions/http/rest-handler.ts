/**
 * The transport of /v1: a success is JSON as its route says, a refusal is an RFC 9457 problem with the status of
 * refusal.ts. A problem also has the member `error` of the Videos API, which its clients show. One Lambda may serve
 * several routes.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { z } from 'zod';
import type { Refusal } from '../catalogue/refusal.ts';
import { now } from '../runtime/runtime.ts';
import { problemOf } from './problem-body.ts';
import { rateLimitPolicy, videosRemaining } from './rate-limit.ts';
import { callerOf, type Exchange, membersOf, readExchange } from './request-context.ts';
import type { Route } from './route.ts';
import { apiHandler, type Served } from './transport.ts';

/** What a handler answers: a body for JSON, or text that goes out as it is, with the content type that it names. */
export interface HttpAnswer<Output> {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Output;
  readonly text?: string;
}

/** Binds a route to what answers it. `members` reads the request where the usual forms do not serve. */
export function answers<Input extends z.ZodType, Output extends z.ZodType>(
  route: Route<Input, Output>,
  handle: (exchange: Exchange<z.output<Input>>) => Promise<HttpAnswer<z.output<Output>>>,
  members: (event: APIGatewayProxyEvent) => Promise<unknown> | unknown = membersOf,
): Served<HttpAnswer<unknown>> {
  return {
    route,
    answer: async event => handle(await readExchange(route, event, members)),
  };
}

/** The Lambda handler for these routes. */
export function problems(...served: readonly Served<HttpAnswer<unknown>>[]) {
  return apiHandler(served, {
    success: (event, { status = 200, headers = {}, body, text }) =>
      reply(event, status, headers, text ?? JSON.stringify(body)),
    refusal: refuse,
  });
}

function refuse(event: APIGatewayProxyEvent, refusal: Refusal): APIGatewayProxyResult {
  const problem = problemOf(refusal, event.requestContext.requestId);
  const headers = {
    'content-type': 'application/problem+json',
    // Official clients retry each 409 and 429; these say what time alone does not change.
    ...((problem.status === 409 || refusal.kind === 'daily_limit_reached') && { 'x-should-retry': 'false' }),
    ...(refusal.kind === 'daily_limit_reached' && videosRemaining(0, now())),
  };
  return reply(event, problem.status, headers, JSON.stringify(problem));
}

function reply(
  event: APIGatewayProxyEvent,
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): APIGatewayProxyResult {
  const usual = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': event.requestContext.requestId,
    ...rateLimitPolicy(callerOf(event).plan),
  };
  return { statusCode, headers: { ...usual, ...headers }, body: body ?? '' };
}
