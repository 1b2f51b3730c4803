/** The CloudFormation types of API Gateway. */
import { Properties } from '../properties.ts';
import type { CloudContext, Resource, ResourceType } from '../service.ts';
import { type LambdaIntegration, type Method, type MockIntegration, stableId, type UsagePlan } from './api.ts';
import type { ApiKeys } from './api-keys.ts';
import type { ApiModel } from './api-model.ts';
import { refuseUnknownTemplate } from './gateway-response.ts';
import type { PlanPatches } from './patch-plan.ts';
import {
  functionArnOf,
  readApi,
  readAuthorizer,
  readGatewayResponse,
  readStage,
  readTags,
  readUsagePlan,
  streamingFunctionArnOf,
} from './read-api.ts';
import type { Usage } from './usage.ts';

export interface ResourceParts {
  readonly context: CloudContext;
  readonly model: ApiModel;
  readonly keys: ApiKeys;
  readonly usage: Usage;
  readonly plans: Map<string, UsagePlan>;
  readonly patches: PlanPatches;
}

/** A type that goes by an id of ten characters. */
function numbered(apply: (resource: Resource) => void, attribute?: string): ResourceType {
  return {
    identify({ name }) {
      const id = stableId(name);
      return { ref: id, attributes: attribute === undefined ? {} : { [attribute]: id } };
    },
    apply,
  };
}

const INERT: ResourceType = { identify: ({ name }) => ({ ref: stableId(name), attributes: {} }) };

export function apiGatewayResources(parts: ResourceParts): Readonly<Record<string, ResourceType>> {
  const { model, plans, patches, keys, usage } = parts;
  return {
    'AWS::ApiGateway::RestApi': {
      identify({ name }) {
        const id = stableId(name);
        return { ref: id, attributes: { RestApiId: id, RootResourceId: stableId(`${name}/`) } };
      },
      apply: resource => model.setApi(readApi(resource), resource.logicalId),
    },
    'AWS::ApiGateway::Resource': numbered(resource => {
      const properties = Properties.of(resource, ['ParentId', 'PathPart', 'RestApiId']);
      model.addResource(resource.ref, properties.string('ParentId'), properties.string('PathPart'));
    }, 'ResourceId'),
    'AWS::ApiGateway::Method': numbered(resource => {
      model.addMethod(readMethod(resource, model.parameterValidators));
    }),
    'AWS::ApiGateway::Authorizer': numbered(resource => {
      model.authorizers.set(resource.ref, readAuthorizer(resource));
    }, 'AuthorizerId'),
    'AWS::ApiGateway::GatewayResponse': numbered(resource => {
      const { type, response } = readGatewayResponse(resource);
      model.gatewayResponses.set(type, response);
    }),
    'AWS::ApiGateway::RequestValidator': numbered(resource => {
      const known = ['Name', 'RestApiId', 'ValidateRequestBody', 'ValidateRequestParameters'];
      const properties = Properties.of(resource, known);
      if (properties.boolean('ValidateRequestBody', false)) {
        properties.refuse('ValidateRequestBody', 'the local cloud validates parameters, not bodies');
      }
      if (properties.boolean('ValidateRequestParameters', false)) model.parameterValidators.add(resource.ref);
    }, 'RequestValidatorId'),
    'AWS::ApiGateway::Deployment': numbered(resource => {
      Properties.of(resource, ['Description', 'RestApiId']);
    }, 'DeploymentId'),
    'AWS::ApiGateway::Stage': {
      identify({ logicalId, properties }) {
        if (typeof properties.StageName === 'string') return { ref: properties.StageName, attributes: {} };
        throw new Error(`${logicalId}.StageName: the local cloud needs a name that refers to nothing`);
      },
      apply: resource => model.setStage(readStage(resource), resource.logicalId),
    },
    'AWS::ApiGateway::UsagePlan': numbered(resource => {
      plans.set(resource.ref, patches.over(readUsagePlan(resource)));
      usage.notePlan(resource.ref);
    }, 'Id'),
    'AWS::ApiGateway::ApiKey': numbered(resource => applyKey(resource, parts), 'APIKeyId'),
    'AWS::ApiGateway::UsagePlanKey': numbered(resource => {
      const properties = Properties.of(resource, ['KeyId', 'KeyType', 'UsagePlanId']);
      properties.choice('KeyType', ['API_KEY'], 'API_KEY');
      keys.ensureJoined(properties.string('UsagePlanId'), properties.string('KeyId'));
    }),
    // Checks of bodies are the integration's own.
    'AWS::ApiGateway::Model': INERT,
    'AWS::ApiGateway::Account': INERT,
    // Here the API has the paths that it has at a domain's root, under whatever name it is called: no DNS leads to this machine.
    'AWS::ApiGateway::BasePathMapping': {
      ...INERT,
      apply: resource => {
        const properties = Properties.of(resource, ['BasePath', 'DomainName', 'RestApiId', 'Stage']);
        properties.string('DomainName');
        const path = properties.string('BasePath', '');
        if (path !== '') properties.refuse('BasePath', `the local cloud has the API at the root, not at ${path}`);
      },
    },
    'AWS::ApiGateway::DomainName': {
      identify: ({ name, properties }) => {
        const ref = typeof properties.DomainName === 'string' ? properties.DomainName : name;
        const target = `d-${stableId(name)}.execute-api.${parts.context.region}.amazonaws.com`;
        return { ref, attributes: { RegionalDomainName: target, RegionalHostedZoneId: 'Z1UJRXOUMOOFQ8' } };
      },
      apply: resource => {
        const known = ['DomainName', 'EndpointConfiguration', 'RegionalCertificateArn', 'SecurityPolicy', 'Tags'];
        const properties = Properties.of(resource, known);
        properties.string('DomainName');
        properties.string('RegionalCertificateArn');
        properties.choice('SecurityPolicy', ['TLS_1_0', 'TLS_1_2'], 'TLS_1_0');
        const types = properties.nested('EndpointConfiguration', ['Types'])?.strings('Types') ?? [];
        if (types.join() !== 'REGIONAL')
          properties.refuse('EndpointConfiguration', 'the local cloud knows regional domains alone');
      },
    },
  };
}

function applyKey(resource: Resource, { keys, context }: ResourceParts): void {
  // StageKeys is of the time before usage plans: AWS takes it, and a plan alone opens a stage.
  const known = ['CustomerId', 'Description', 'Enabled', 'Name', 'StageKeys', 'Tags', 'Value'];
  const properties = Properties.of(resource, known);
  const now = context.clock.now();
  keys.ensure(
    {
      id: resource.ref,
      name: properties.string('Name', resource.logicalId),
      description: properties.string('Description', ''),
      customerId: properties.string('CustomerId', ''),
      enabled: properties.boolean('Enabled', false),
      createdAt: now,
      updatedAt: now,
      tags: readTags(properties),
    },
    properties.optionalString('Value'),
  );
}

// Reads `AWS::ApiGateway::Method` and its integration.

/** API Gateway waits 29 seconds for an integration unless told less. */
const INTEGRATION_MS = 29_000;
/** For a response that is streamed it can be told up to 15 minutes. */
const LONGEST_STREAM_MS = 15 * 60_000;

function readMethod(resource: Resource, parameterValidators: ReadonlySet<string>): Method {
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
  const streams = integration.choice('ResponseTransferMode', ['BUFFERED', 'STREAM'], 'BUFFERED') === 'STREAM';
  if (integration.strings('CacheKeyParameters').length > 0) {
    integration.refuse('CacheKeyParameters', 'the local cloud has no cache of answers');
  }
  const type = integration.choice('Type', ['AWS_PROXY', 'MOCK'], 'AWS_PROXY');
  if (type === 'MOCK' && streams) integration.refuse('ResponseTransferMode', 'a mock has nothing to stream');
  if (type === 'MOCK') return readMock(resource, integration);
  integration.choice('IntegrationHttpMethod', ['POST'], 'POST');
  const timeoutMs = integration.number('TimeoutInMillis', INTEGRATION_MS);
  const longest = streams ? LONGEST_STREAM_MS : INTEGRATION_MS;
  if (timeoutMs < 50 || timeoutMs > longest) {
    integration.refuse('TimeoutInMillis', `should be 50 to ${longest}, not ${timeoutMs}`);
  }
  const functionArn = streams ? streamingFunctionArnOf(integration, 'Uri') : functionArnOf(integration, 'Uri');
  return { kind: 'lambda', functionArn, timeoutMs, streams };
}

/** A mock answers what its request template says: `{"statusCode": 204}`. */
function readMock(resource: Resource, integration: Properties): MockIntegration {
  const request = integration.map('RequestTemplates')['application/json'] ?? '{"statusCode": 200}';
  const status = /["']?statusCode["']?\s*:\s*(\d{3})/.exec(request)?.[1];
  if (!status) integration.refuse('RequestTemplates', `a mock needs a fixed statusCode, not ${request}`);
  const responses = integration.items('IntegrationResponses', [
    'ResponseParameters',
    'ResponseTemplates',
    'SelectionPattern',
    'StatusCode',
  ]);
  const chosen =
    responses.find(each => new RegExp(`^(?:${each.string('SelectionPattern', '(?!)')})$`).test(status)) ??
    responses.find(each => !each.optionalString('SelectionPattern'));
  if (!chosen) return integration.refuse('IntegrationResponses', `none answers the status ${status}`);
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
