/**
 * What the gateway itself answers in place of an integration. A refusal has a type; the template may customise a type, or
 * all of a class with DEFAULT_4XX and DEFAULT_5XX. Source of types and statuses: API Gateway's developer guide,
 * "Gateway response types".
 */
import type { GatewayResponse } from './api.ts';
import { type Exchange, headerOf, parameterOf, type Reply, requestTime } from './exchange.ts';

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

type ResponseTypeName = keyof typeof RESPONSE_TYPES;

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
  const body =
    chosen?.template === undefined ? defaultBody(refusal) : here(fill(chosen.template, exchange, ''), exchange);
  return { status: chosen?.status ?? byClass?.status ?? status, headers, body: Buffer.from(body) };
}

/** Where it was called by AWS's address for it, which begins with the stage, it is here at the root, by plain HTTP. */
function here(text: string, exchange: Exchange): string {
  const host = JSON.stringify(headerOf(exchange, 'host') ?? '').slice(1, -1);
  return text.replaceAll(`https://${host}/${exchange.stage.name}/`, `http://${host}/`);
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

// `$context` variables, in the templates of gateway responses, mock answers and the access log. As in AWS, a value is put
// into a template as it is; `$context.error.messageString` brings its own quotes.

const VARIABLES: Readonly<Record<string, (exchange: Exchange) => unknown>> = {
  accountId: x => x.accountId,
  apiId: x => x.api.id,
  'authorizer.integrationLatency': x => x.caller?.latencyMs,
  'authorizer.principalId': x => x.caller?.principalId,
  deploymentId: x => x.stage.deploymentId,
  domainName: x => headerOf(x, 'host'),
  domainPrefix: x => headerOf(x, 'host')?.split('.')[0],
  'error.message': x => x.error?.message,
  'error.messageString': x => x.error && JSON.stringify(x.error.message),
  'error.responseType': x => x.error?.responseType,
  extendedRequestId: x => x.extendedRequestId,
  httpMethod: x => x.httpMethod,
  'identity.apiKeyId': x => x.apiKey?.id,
  'identity.sourceIp': x => x.sourceIp,
  'identity.userAgent': x => headerOf(x, 'user-agent'),
  'integration.latency': x => x.integrationLatencyMs,
  'integration.status': x => x.integrationStatus,
  integrationLatency: x => x.integrationLatencyMs,
  integrationStatus: x => x.integrationStatus,
  path: x => x.path,
  protocol: x => x.protocol,
  requestId: x => x.requestId,
  requestTime: x => requestTime(x.startedAt),
  requestTimeEpoch: x => x.startedAt,
  resourceId: x => x.route?.method.resourceId,
  resourcePath: x => x.route?.resourcePath,
  responseLatency: x => x.response?.latencyMs,
  responseLength: x => x.response?.bytes,
  stage: x => x.stage.name,
  status: x => x.response?.status,
  xrayTraceId: x => x.traceHeader,
};

/** Variables of AWS that never have a value here: there are no signed callers, no WAF and no base path. */
const ABSENT =
  /^(identity\.(accessKey|accountId|apiKey|caller|cognito\w+|principalOrgId|user|userArn|vpcId|vpceId)|waf\.\w+|wafResponseCode|webaclArn|customDomain\.basePathMatched|error\.validationErrorString|awsEndpointRequestId)$/;

/** The value of `context.<name>`, as text; undefined where this exchange has none. */
export function contextVariable(exchange: Exchange, name: string): string | undefined {
  const given = name.startsWith('authorizer.') ? exchange.caller?.context[name.slice('authorizer.'.length)] : undefined;
  const value = given ?? VARIABLES[name]?.(exchange);
  return value === undefined || value === null ? undefined : String(value);
}

/** `$context.name` or `${context.name}`: the braces go together, since JSON has some of its own. */
const NAME = String.raw`(?:context|stageVariables)(?:\.[A-Za-z0-9_-]+)+`;
const REFERENCE = new RegExp(String.raw`\$(?:\{(${NAME})\}|(${NAME}))`, 'g');

/** `template` with its variables replaced; one without a value becomes `absent`. */
export function fill(template: string, exchange: Exchange, absent: string): string {
  return template.replace(REFERENCE, (_, braced: string | undefined, bare: string | undefined) => {
    const [kind, ...path] = (braced ?? bare ?? '').split('.');
    const name = path.join('.');
    const value = kind === 'context' ? contextVariable(exchange, name) : exchange.stage.variables[name];
    return value ?? absent;
  });
}

/** Throws where a template asks for more than the replacement of variables, or for a variable that is not known here. */
export function refuseUnknownTemplate(template: string, where: string): void {
  const directive = /#(set|if|foreach|elseif|else|end)\b|\$(input|util|method)\b/.exec(template)?.[0];
  if (directive) throw new Error(`${where}: the local cloud replaces variables in a template, and has no ${directive}`);
  for (const [whole, braced, bare] of template.matchAll(REFERENCE)) {
    const [kind, ...path] = (braced ?? bare ?? '').split('.');
    const name = path.join('.');
    const known = name.startsWith('authorizer.') || name in VARIABLES || ABSENT.test(name);
    if (kind === 'context' && !known) {
      throw new Error(`${where}: the local cloud does not know ${whole}`);
    }
  }
}
