/** Reads `AWS::ApiGateway::Method` and its integration. */
import { Properties } from '../properties.ts';
import type { Resource } from '../service.ts';
import type { LambdaIntegration, Method, MockIntegration } from './api.ts';
import { refuseUnknownTemplate } from './context-variables.ts';
import { functionArnOf } from './read-api.ts';

/** API Gateway waits 29 seconds for an integration unless told less. */
const INTEGRATION_MS = 29_000;

export function readMethod(resource: Resource, parameterValidators: ReadonlySet<string>): Method {
  const properties = Properties.of(resource, [
    'ApiKeyRequired',
    'AuthorizationScopes',
    'AuthorizationType',
    'AuthorizerId',
    'HttpMethod',
    'Integration',
    'MethodResponses',
    'OperationName',
    'RequestModels',
    'RequestParameters',
    'RequestValidatorId',
    'ResourceId',
    'RestApiId',
  ]);
  const authorization = properties.choice('AuthorizationType', ['NONE', 'CUSTOM'], 'NONE');
  const validator = properties.optionalString('RequestValidatorId');
  const checks = validator !== undefined && parameterValidators.has(validator);
  const required = Object.entries(properties.map('RequestParameters')).filter(([, needed]) => needed === 'true');
  return {
    httpMethod: properties.string('HttpMethod'),
    resourceId: properties.string('ResourceId'),
    authorizerId: authorization === 'CUSTOM' ? properties.string('AuthorizerId') : undefined,
    apiKeyRequired: properties.boolean('ApiKeyRequired', false),
    operationName: properties.optionalString('OperationName'),
    requiredParameters: checks ? required.map(([name]) => name) : [],
    integration: readIntegration(resource, properties),
  };
}

function readIntegration(resource: Resource, method: Properties): LambdaIntegration | MockIntegration {
  const integration = method.nested('Integration', [
    'CacheKeyParameters',
    'CacheNamespace',
    'ConnectionType',
    'IntegrationHttpMethod',
    'IntegrationResponses',
    'PassthroughBehavior',
    'RequestTemplates',
    'ResponseTransferMode',
    'TimeoutInMillis',
    'Type',
    'Uri',
  ]);
  if (!integration) return method.refuse('Integration', 'is missing');
  integration.choice('ConnectionType', ['INTERNET'], 'INTERNET');
  integration.choice('ResponseTransferMode', ['BUFFERED'], 'BUFFERED');
  if (integration.strings('CacheKeyParameters').length > 0) {
    integration.refuse('CacheKeyParameters', 'the local cloud has no cache of answers');
  }
  const type = integration.choice('Type', ['AWS_PROXY', 'MOCK'], 'AWS_PROXY');
  if (type === 'MOCK') return readMock(resource, integration);
  integration.choice('IntegrationHttpMethod', ['POST'], 'POST');
  return {
    kind: 'lambda',
    functionArn: functionArnOf(integration, 'Uri'),
    timeoutMs: integration.number('TimeoutInMillis', INTEGRATION_MS),
  };
}

/** A mock answers what its request template says: `{"statusCode": 204}`. */
function readMock(resource: Resource, integration: Properties): MockIntegration {
  const request = integration.map('RequestTemplates')['application/json'] ?? '{"statusCode": 200}';
  const asked = /["']?statusCode["']?\s*:\s*(\d{3})/.exec(request)?.[1];
  if (!asked) integration.refuse('RequestTemplates', `a mock needs a fixed statusCode, not ${request}`);
  const responses = integration.items('IntegrationResponses', [
    'ResponseParameters',
    'ResponseTemplates',
    'SelectionPattern',
    'StatusCode',
  ]);
  const chosen =
    responses.find(each => new RegExp(`^(?:${each.string('SelectionPattern', '(?!)')})$`).test(asked)) ??
    responses.find(each => !each.optionalString('SelectionPattern'));
  if (!chosen) return integration.refuse('IntegrationResponses', `none answers the status ${asked}`);
  const headers: Record<string, string> = {};
  for (const [name, source] of Object.entries(chosen.map('ResponseParameters'))) {
    const header = /^method\.response\.header\.(.+)$/.exec(name)?.[1];
    const value = /^'(.*)'$/.exec(source)?.[1];
    if (header === undefined || value === undefined) {
      return chosen.refuse('ResponseParameters', `a mock sets headers to fixed text, not ${name} to ${source}`);
    }
    headers[header] = value;
  }
  const [contentType = 'application/json', body = ''] = Object.entries(chosen.map('ResponseTemplates'))[0] ?? [];
  refuseUnknownTemplate(body, `${resource.logicalId}.Integration.IntegrationResponses.ResponseTemplates`);
  return { kind: 'mock', status: Number(chosen.string('StatusCode')), headers, body, contentType };
}
