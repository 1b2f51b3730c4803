/** Cross-origin rules of a bucket: the answer to a preflight, and the headers that let a page read an answer. */
import { matches } from '../iam.ts';
import type { AwsRequest, AwsResponse } from '../service.ts';
import type { Bucket } from './buckets.ts';
import { refusal } from './s3-error.ts';

/** As CloudFormation writes it. */
export interface CorsRule {
  readonly Id?: string;
  readonly AllowedMethods: readonly string[];
  readonly AllowedOrigins: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  /** Seconds. */
  readonly MaxAge?: number;
}

/** Answers OPTIONS, which nobody signs; throws AccessForbidden where no rule allows the call that it announces. */
export function answerPreflight(request: AwsRequest, bucket: Bucket): AwsResponse {
  const method = request.headers['access-control-request-method'];
  if (request.headers.origin === undefined || method === undefined) {
    throw refusal('InvalidRequest', 'Insufficient information. Origin request header needed.');
  }
  const wanted = (request.headers['access-control-request-headers'] ?? '').split(',').map(name => name.trim());
  const headers = corsHeaders(request, bucket, method, wanted.filter(Boolean));
  if (Object.keys(headers).length === 0) throw refusal('AccessForbidden');
  return { status: 200, headers };
}

/** The headers for an answer to `method`; none where the request has no origin, or no rule allows it. */
export function corsHeaders(
  request: AwsRequest,
  bucket: Bucket | undefined,
  method = request.method,
  wanted: readonly string[] = [],
): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  const rule = bucket?.config.cors.find(
    ({ AllowedMethods, AllowedOrigins, AllowedHeaders = [] }) =>
      AllowedMethods.includes(method) &&
      AllowedOrigins.some(allowed => matches(allowed, origin)) &&
      wanted.every(name => AllowedHeaders.some(allowed => matches(allowed.toLowerCase(), name.toLowerCase()))),
  );
  if (!rule) return {};
  const anyone = rule.AllowedOrigins.includes('*');
  return {
    'access-control-allow-origin': anyone ? '*' : origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(wanted.length > 0 && { 'access-control-allow-headers': wanted.join(', ') }),
    ...(rule.ExposedHeaders && { 'access-control-expose-headers': rule.ExposedHeaders.join(', ') }),
    ...(rule.MaxAge !== undefined && { 'access-control-max-age': String(rule.MaxAge) }),
    ...(!anyone && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}
