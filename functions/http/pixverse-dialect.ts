/**
 * The PixVerse dialect: every response is HTTP 200 with `{ErrCode, ErrMsg, Resp}`, refusals included, as its clients
 * expect; only what was not ours to foresee is a 500.
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { REFUSALS } from '../catalogue/refusal.ts';
import { standingHeader } from '../catalogue/standing-refusals.ts';
import { now } from '../runtime/runtime.ts';
import type { Dialect } from './api-handler.ts';
import { callerOf, standingOf } from './caller.ts';
import { rateLimitPolicy, retryAfter, videosRemaining } from './rate-limit.ts';

export const PIXVERSE: Dialect = {
  success: (event, { body, message = 'Success' }) => envelope(event, 200, 0, message, body),
  refusal: (event, refusal) => {
    const { kind, message } = refusal;
    const status = kind === 'internal' ? 500 : 200;
    const remaining = kind === 'daily_limit_reached' ? videosRemaining(0, now()) : {};
    return envelope(event, status, REFUSALS[kind].pixverse, message, null, {
      ...retryAfter(refusal, now()),
      ...remaining,
    });
  },
};

function envelope(
  event: APIGatewayProxyEvent,
  statusCode: number,
  ErrCode: number,
  ErrMsg: string,
  Resp: unknown,
  more: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  const caller = callerOf(event);
  const plain = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  return {
    statusCode,
    headers: { ...plain, ...rateLimitPolicy(caller.plan), ...standingHeader(standingOf(caller)), ...more },
    body: JSON.stringify({ ErrCode, ErrMsg, Resp }),
  };
}
