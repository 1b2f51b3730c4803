/**
 * Which pages of other origins may call the API from a browser: those of the stage. A preflight says so before the call,
 * and the call's own answer lets the page read it. Nothing here guards the API: keys and tokens do, and a browser sends
 * none of them by itself. Pure. Source: the Fetch standard, "HTTP-CORS protocol".
 */
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { headerOf } from './caller.ts';

/** What a page may read of an answer beside its body. */
const EXPOSED = [
  'x-request-id',
  'x-should-retry',
  'retry-after',
  'ratelimit',
  'mutoscope-standing',
  'ratelimit-policy',
  'idempotent-replayed',
  'preference-applied',
  'content-disposition',
  'content-range',
  'etag',
  'location',
].join(', ');
/** Chrome remembers a preflight no longer. */
const REMEMBERED_SECONDS = 7200;
/** Names of headers; clients bring some of their own, such as the official ones of the Videos API. */
const HEADER_NAMES = /^[\w-]+(?:\s*,\s*[\w-]+)*$/;

/** The origins of a stage as its functions are told them, separated by commas. */
export function readOrigins(setting: string): readonly string[] {
  return setting.split(',').filter(Boolean);
}

/** Headers for an answer to a page; none where no page of the stage called. */
export function crossOriginHeaders(origins: readonly string[], event: APIGatewayProxyEvent): Record<string, string> {
  const origin = headerOf(event, 'origin');
  if (origin === undefined || !origins.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'Origin' };
}

/** The answer to OPTIONS on a path that has these methods. */
export function answerPreflight(
  origins: readonly string[],
  event: APIGatewayProxyEvent,
  methods: readonly string[],
): APIGatewayProxyResult {
  const allowed = [...methods, 'OPTIONS'].join(', ');
  const shared = { allow: allowed, 'x-request-id': event.requestContext.requestId };
  const origin = headerOf(event, 'origin');
  if (origin === undefined) return { statusCode: 204, headers: shared, body: '' };
  // Caches between a page and the API must not give one origin what was said to another.
  const vary = { vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' };
  if (!origins.includes(origin)) return { statusCode: 403, headers: { ...shared, ...vary }, body: '' };
  const wanted = headerOf(event, 'access-control-request-headers')?.trim() ?? '';
  const headers = {
    ...shared,
    ...vary,
    'access-control-allow-origin': origin,
    'access-control-allow-methods': allowed,
    ...(HEADER_NAMES.test(wanted) && { 'access-control-allow-headers': wanted }),
    'access-control-max-age': String(REMEMBERED_SECONDS),
  };
  return { statusCode: 204, headers, body: '' };
}
