/**
 * The dialect of /v1: a success is JSON as its route says, a refusal is an RFC 9457 problem with the status of
 * refusal.ts. A problem also has the member `error` of the Videos API, which its clients show.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { standingHeader } from '../catalogue/standing-refusals.ts';
import { now } from '../runtime/runtime.ts';
import type { Dialect } from './api-handler.ts';
import { baseUrlOf } from './base-url.ts';
import { callerOf, standingOf } from './caller.ts';
import { problemOf } from './problem-body.ts';
import { rateLimitPolicy, retryAfter, videosRemaining } from './rate-limit.ts';

export const REST: Dialect = {
  success: (event, { status = 200, headers = {}, body, text }) =>
    reply(event, status, headers, text ?? JSON.stringify(body)),
  refusal: (event, refusal) => {
    const problem = problemOf(baseUrlOf(event), refusal, event.requestContext.requestId);
    const headers = {
      'content-type': 'application/problem+json',
      ...retryAfter(refusal, now()),
      // Official clients retry each 409 and 429; these say what time alone does not change.
      ...((problem.status === 409 || refusal.kind === 'daily_limit_reached') && { 'x-should-retry': 'false' }),
      ...(refusal.kind === 'daily_limit_reached' && videosRemaining(0, now())),
    };
    return reply(event, problem.status, headers, JSON.stringify(problem));
  },
};

function reply(
  event: APIGatewayProxyEvent,
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): APIGatewayProxyResult {
  const caller = callerOf(event);
  const usual = {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...rateLimitPolicy(caller.plan),
    ...standingHeader(standingOf(caller)),
  };
  return { statusCode, headers: { ...usual, ...headers }, body: body ?? '' };
}
