/**
 * The event of a REST API's proxy integration (payload version 1.0), and of a REQUEST authorizer. Source: API Gateway's
 * developer guide, "Lambda proxy integrations", input format. Path and path parameters stay percent-encoded; the query
 * is decoded.
 */
import { type Exchange, headerOf, isBinary, requestTime } from './exchange.ts';

/** The event for the integration, as JSON text. */
export function proxyEvent(exchange: Exchange): string {
  const { body, api } = exchange;
  const binary = body.length > 0 && isBinary(headerOf(exchange, 'content-type'), api.binaryMediaTypes);
  return JSON.stringify({
    ...requestPart(exchange),
    body: body.length === 0 ? null : body.toString(binary ? 'base64' : 'utf8'),
    isBase64Encoded: binary,
  });
}

/** The event for a REQUEST authorizer, as JSON text. */
export function authorizerEvent(exchange: Exchange, methodArn: string): string {
  return JSON.stringify({ type: 'REQUEST', methodArn, ...requestPart(exchange) });
}

function requestPart(exchange: Exchange): Record<string, unknown> {
  const { route } = exchange;
  const headers = [
    ...exchange.headers.filter(
      ([name]) => !/^(x-amzn-trace-id|x-forwarded-(for|port|proto)|connection|transfer-encoding)$/i.test(name),
    ),
    ['X-Amzn-Trace-Id', exchange.traceHeader],
    ['X-Forwarded-For', forwardedFor(exchange)],
    ['X-Forwarded-Port', headerOf(exchange, 'host')?.split(':')[1] ?? '80'],
    ['X-Forwarded-Proto', 'http'],
  ] as const;
  const query = [...exchange.query];
  return {
    resource: route?.resourcePath,
    path: exchange.path,
    httpMethod: exchange.httpMethod,
    headers: lastValues(headers),
    multiValueHeaders: allValues(headers),
    queryStringParameters: query.length === 0 ? null : lastValues(query),
    multiValueQueryStringParameters: query.length === 0 ? null : allValues(query),
    pathParameters: nullIfEmpty(route?.parameters ?? {}),
    stageVariables: nullIfEmpty(exchange.stage.variables),
    requestContext: requestContext(exchange),
  };
}

function requestContext(exchange: Exchange): Record<string, unknown> {
  const { api, stage, route, caller, apiKey } = exchange;
  const domainName = headerOf(exchange, 'host') ?? 'localhost';
  return {
    resourceId: route?.method.resourceId,
    resourcePath: route?.resourcePath,
    httpMethod: exchange.httpMethod,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: requestTime(exchange.startedAt),
    path: exchange.path,
    accountId: exchange.accountId,
    protocol: exchange.protocol,
    stage: stage.name,
    domainPrefix: domainName.split('.')[0],
    requestTimeEpoch: exchange.startedAt,
    requestId: exchange.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: null,
      cognitoIdentityId: null,
      caller: null,
      sourceIp: exchange.sourceIp,
      principalOrgId: null,
      accessKey: null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: null,
      userAgent: headerOf(exchange, 'user-agent') ?? null,
      user: null,
      ...(apiKey ? { apiKey: apiKey.value, apiKeyId: apiKey.id } : {}),
    },
    domainName,
    deploymentId: stage.deploymentId,
    apiId: api.id,
    ...(caller
      ? {
          authorizer: {
            ...caller.context,
            principalId: caller.principalId,
            integrationLatency: caller.latencyMs,
          },
        }
      : {}),
  };
}

/** The peer is what can be believed; what the client claims comes before it. */
function forwardedFor(exchange: Exchange): string {
  const claimed = headerOf(exchange, 'x-forwarded-for');
  return claimed ? `${claimed}, ${exchange.sourceIp}` : exchange.sourceIp;
}

type Pairs = readonly (readonly [string, string])[];

function lastValues(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs);
}

function allValues(pairs: Pairs): Record<string, string[]> {
  const all: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const values = all[name] ?? [];
    values.push(value);
    all[name] = values;
  }
  return all;
}

function nullIfEmpty(map: Readonly<Record<string, string>>): Readonly<Record<string, string>> | null {
  return Object.keys(map).length === 0 ? null : map;
}
