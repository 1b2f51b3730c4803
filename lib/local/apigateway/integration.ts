/** Reads what stands behind a method: `x-amazon-apigateway-integration` of an OpenAPI definition. */
import { Properties } from '../properties.ts';
import type { LambdaIntegration, MockIntegration } from './api.ts';
import { refuseUnknownTemplate } from './gateway-response.ts';

/** API Gateway waits 29 seconds for an integration unless told less. */
const INTEGRATION_MS = 29_000;
/** For a response that is streamed it can be told up to 15 minutes. */
const LONGEST_STREAM_MS = 15 * 60_000;

/** `method` says which one it is of. */
export function readIntegration(value: unknown, method: string): LambdaIntegration | MockIntegration {
  const integration = new Properties(`${method}.x-amazon-apigateway-integration`, value, [
    'cacheKeyParameters',
    'cacheNamespace',
    'connectionType',
    'httpMethod',
    'passthroughBehavior',
    'requestTemplates',
    'responses',
    'responseTransferMode',
    'timeoutInMillis',
    'type',
    'uri',
  ]);
  integration.choice('connectionType', ['INTERNET'], 'INTERNET');
  const streams = integration.choice('responseTransferMode', ['BUFFERED', 'STREAM'], 'BUFFERED') === 'STREAM';
  if (integration.strings('cacheKeyParameters').length > 0) {
    integration.refuse('cacheKeyParameters', 'the local cloud has no cache of answers');
  }
  const type = integration.string('type');
  if (type !== 'aws_proxy' && type !== 'mock') {
    return integration.refuse('type', `the local cloud knows aws_proxy, mock, not ${type}`);
  }
  if (type === 'mock' && streams) integration.refuse('responseTransferMode', 'a mock has nothing to stream');
  if (type === 'mock') return readMock(integration, method);
  if (integration.string('httpMethod') !== 'POST') integration.refuse('httpMethod', 'a function is invoked by POST');
  const timeoutMs = integration.number('timeoutInMillis', INTEGRATION_MS);
  const longest = streams ? LONGEST_STREAM_MS : INTEGRATION_MS;
  if (timeoutMs < 50 || timeoutMs > longest) {
    integration.refuse('timeoutInMillis', `should be 50 to ${longest}, not ${timeoutMs}`);
  }
  const functionArn = streams ? streamingFunctionArnOf(integration, 'uri') : functionArnOf(integration, 'uri');
  return { kind: 'lambda', functionArn, timeoutMs, streams };
}

/** The function in `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<arn>/invocations`. */
export function functionArnOf(properties: Properties, name: string): string {
  const uri = properties.string(name);
  const arn = /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1];
  return arn ?? properties.refuse(name, `the local cloud calls Lambda functions alone, not ${uri}`);
}

/** The same for an integration that streams, which calls another operation of Lambda. */
function streamingFunctionArnOf(properties: Properties, name: string): string {
  const uri = properties.string(name);
  const arn = /:lambda:path\/2021-11-15\/functions\/(.+)\/response-streaming-invocations$/.exec(uri)?.[1];
  return arn ?? properties.refuse(name, `an integration that streams ends in /response-streaming-invocations: ${uri}`);
}

/** A mock answers what its request template says: `{"statusCode": 204}`. Responses are by what the status matches, or `default`. */
function readMock(integration: Properties, method: string): MockIntegration {
  const request = integration.map('requestTemplates')['application/json'] ?? '{"statusCode": 200}';
  const status = /["']?statusCode["']?\s*:\s*(\d{3})/.exec(request)?.[1];
  if (!status) integration.refuse('requestTemplates', `a mock needs a fixed statusCode, not ${request}`);
  const patterns = Object.keys((integration.raw('responses') ?? {}) as object);
  const responses = integration.nested('responses', patterns);
  const matching = patterns.find(pattern => pattern !== 'default' && new RegExp(`^(?:${pattern})$`).test(status));
  const chosen = responses?.nested(matching ?? 'default', ['responseParameters', 'responseTemplates', 'statusCode']);
  if (!chosen) return integration.refuse('responses', `none answers the status ${status}`);
  const headers: Record<string, string> = {};
  for (const [name, source] of Object.entries(chosen.map('responseParameters'))) {
    const header = /^method\.response\.header\.(.+)$/.exec(name)?.[1];
    const value = /^'(.*)'$/.exec(source)?.[1];
    if (header === undefined || value === undefined) {
      return chosen.refuse('responseParameters', `a mock sets headers to fixed text, not ${name} to ${source}`);
    }
    headers[header] = value;
  }
  const [contentType = 'application/json', body = ''] = Object.entries(chosen.map('responseTemplates'))[0] ?? [];
  refuseUnknownTemplate(body, `${method}.responseTemplates`);
  return { kind: 'mock', status: Number(chosen.string('statusCode')), headers, body, contentType };
}
