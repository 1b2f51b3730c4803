/**
 * `$context` variables, in the templates of gateway responses, mock answers and the access log. As in AWS, a value is put
 * into a template as it is; `$context.error.messageString` brings its own quotes.
 */
import { type Exchange, headerOf } from './exchange.ts';
import { requestTime } from './request-time.ts';

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
