/**
 * What the gateway itself answers in place of an integration. A refusal has a type; the template may customise a type, or
 * all of a class with DEFAULT_4XX and DEFAULT_5XX. Source of types and statuses: API Gateway's developer guide,
 * "Gateway response types".
 */
import type { GatewayResponse } from './api.ts';
import { contextVariable, fill } from './context-variables.ts';
import { type Exchange, parameterOf } from './exchange.ts';
import type { Reply } from './reply.ts';

interface ResponseType {
  readonly status: number;
  /** `x-amzn-errortype`. */
  readonly errorType: string;
  readonly message: string | null;
}

export const RESPONSE_TYPES = {
  ACCESS_DENIED: {
    status: 403,
    errorType: 'AccessDeniedException',
    message: 'User is not authorized to access this resource',
  },
  API_CONFIGURATION_ERROR: {
    status: 500,
    errorType: 'InternalServerErrorException',
    message: 'Internal server error',
  },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, errorType: 'AuthorizerConfigurationException', message: null },
  AUTHORIZER_FAILURE: { status: 500, errorType: 'AuthorizerFailureException', message: null },
  BAD_REQUEST_BODY: { status: 400, errorType: 'BadRequestException', message: 'Invalid request body' },
  BAD_REQUEST_PARAMETERS: { status: 400, errorType: 'BadRequestException', message: 'Missing required parameters' },
  EXPIRED_TOKEN: { status: 403, errorType: 'ExpiredTokenException', message: 'The security token has expired' },
  INTEGRATION_FAILURE: { status: 502, errorType: 'InternalServerErrorException', message: 'Internal server error' },
  INTEGRATION_TIMEOUT: {
    status: 504,
    errorType: 'InternalServerErrorException',
    message: 'Endpoint request timed out',
  },
  INVALID_API_KEY: { status: 403, errorType: 'ForbiddenException', message: 'Forbidden' },
  INVALID_SIGNATURE: { status: 403, errorType: 'InvalidSignatureException', message: 'Invalid signature' },
  MISSING_AUTHENTICATION_TOKEN: {
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    message: 'Missing Authentication Token',
  },
  QUOTA_EXCEEDED: { status: 429, errorType: 'LimitExceededException', message: 'Limit Exceeded' },
  REQUEST_TOO_LARGE: { status: 413, errorType: 'RequestTooLargeException', message: 'Request Too Long' },
  RESOURCE_NOT_FOUND: { status: 404, errorType: 'NotFoundException', message: 'Resource not found' },
  THROTTLED: { status: 429, errorType: 'TooManyRequestsException', message: 'Too Many Requests' },
  UNAUTHORIZED: { status: 401, errorType: 'UnauthorizedException', message: 'Unauthorized' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    errorType: 'UnsupportedMediaTypeException',
    message: 'Unsupported Media Type',
  },
  WAF_FILTERED: { status: 403, errorType: 'ForbiddenException', message: 'Forbidden' },
} as const satisfies Readonly<Record<string, ResponseType>>;

export type ResponseTypeName = keyof typeof RESPONSE_TYPES;

/** Thrown by a step of the gateway: the request goes no further. */
export class Refusal extends Error {
  readonly type: ResponseTypeName;
  readonly text: string | null;

  constructor(type: ResponseTypeName, text: string | null = RESPONSE_TYPES[type].message) {
    super(text ?? type);
    this.type = type;
    this.text = text;
  }
}

/** The answer to a refused request, as the API's own gateway responses say. */
export function refusalReply(
  exchange: Exchange,
  refusal: Refusal,
  custom: ReadonlyMap<string, GatewayResponse>,
): Reply {
  const { status, errorType } = RESPONSE_TYPES[refusal.type];
  const byClass = custom.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const chosen = custom.get(refusal.type) ?? byClass;
  exchange.error = { responseType: refusal.type, message: refusal.text };
  const headers: [string, string][] = [
    ['Content-Type', chosen?.contentType ?? 'application/json'],
    ['x-amzn-ErrorType', errorType],
  ];
  for (const [name, source] of Object.entries(chosen?.headers ?? {})) {
    const value = headerValue(exchange, source);
    if (value !== undefined) headers.push([name, value]);
  }
  const body = chosen?.template === undefined ? defaultBody(refusal) : fill(chosen.template, exchange, '');
  return { status: chosen?.status ?? byClass?.status ?? status, headers, body: Buffer.from(body) };
}

function defaultBody({ type, text }: Refusal): string {
  // AWS writes this one with a capital.
  return JSON.stringify(type === 'ACCESS_DENIED' ? { Message: text } : { message: text });
}

/** `'static'`, `context.requestId` or `method.request.header.Origin`. */
function headerValue(exchange: Exchange, source: string): string | undefined {
  const fixed = /^'(.*)'$/.exec(source)?.[1];
  if (fixed !== undefined) return fixed;
  if (source.startsWith('context.')) return contextVariable(exchange, source.slice('context.'.length));
  if (source.startsWith('stageVariables.')) return exchange.stage.variables[source.slice('stageVariables.'.length)];
  return parameterOf(exchange, source);
}
