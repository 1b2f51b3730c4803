/** Reads the CloudFormation types of the API itself. What the gateway cannot honour is refused by name. */
import { Properties } from '../properties.ts';
import type { PolicyStatement, Resource } from '../service.ts';
import type { Api, PlanStage, Quota, Stage, Throttle, UsagePlan } from './api.ts';
import { type Definition, readDefinition } from './definition.ts';
import { refuseUnknownTemplate } from './gateway-response.ts';

const TAG = ['Key', 'Value'];

/** The API and what its `Body` defines; without one it has no method. */
export function readApi(resource: Resource): { readonly api: Api; readonly definition: Definition } {
  const properties = Properties.of(resource, [
    'ApiKeySourceType',
    'BinaryMediaTypes',
    'Body',
    'Description',
    'DisableExecuteApiEndpoint',
    'EndpointConfiguration',
    'FailOnWarnings',
    'MinimumCompressionSize',
    'Mode',
    'Name',
    'Parameters',
    'Policy',
    'Tags',
  ]);
  const endpoint = properties.nested('EndpointConfiguration', ['Types', 'IpAddressType']);
  if (endpoint?.strings('Types').includes('PRIVATE')) endpoint.refuse('Types', 'a private API has no place here');
  properties.choice('Mode', ['overwrite'], 'overwrite');
  properties.nested('Parameters', ['endpointConfigurationTypes']);
  const { Statement } = (properties.raw('Policy') ?? {}) as { Statement?: PolicyStatement | PolicyStatement[] };
  const body = properties.raw('Body') ?? { openapi: '3.0.1', info: { title: properties.string('Name') } };
  const definition = readDefinition(body, `${resource.logicalId}.Body`, resource.ref);
  const api: Api = {
    id: resource.ref,
    name: properties.string('Name', definition.title),
    description: properties.string('Description', definition.description),
    rootId: String(resource.attributes.RootResourceId),
    keySource: definition.keySource ?? properties.choice('ApiKeySourceType', ['HEADER', 'AUTHORIZER'], 'HEADER'),
    binaryMediaTypes: [...properties.strings('BinaryMediaTypes'), ...definition.binaryMediaTypes],
    policy: Statement && [Statement].flat().map(statement => absolute(statement)),
  };
  return { api, definition };
}

/** A resource policy may say `execute-api:/stage/*` for an ARN of its own API. */
function absolute(statement: PolicyStatement): PolicyStatement {
  const { Resource: resources } = statement;
  if (resources === undefined) return statement;
  const long = [resources].flat().map(each => String(each).replace(/^execute-api:\//, 'arn:aws:execute-api:*:*:*/'));
  return { ...statement, Resource: long };
}

export function readStage(resource: Resource): Stage {
  const properties = Properties.of(resource, [
    'AccessLogSetting',
    'DeploymentId',
    'Description',
    'MethodSettings',
    'RestApiId',
    'StageName',
    'Tags',
    'TracingEnabled',
    'Variables',
  ]);
  const accessLog = properties.nested('AccessLogSetting', ['DestinationArn', 'Format']);
  const format = accessLog?.optionalString('Format');
  if (format !== undefined) refuseUnknownTemplate(format, `${resource.logicalId}.AccessLogSetting.Format`);
  return {
    name: properties.string('StageName'),
    apiId: properties.string('RestApiId'),
    description: properties.string('Description', ''),
    deploymentId: properties.string('DeploymentId', ''),
    variables: properties.map('Variables'),
    throttles: stageThrottles(properties),
    accessLogFormat: format,
    accessLogGroup: /:log-group:([^:]+)/.exec(accessLog?.optionalString('DestinationArn') ?? '')?.[1],
    tracing: properties.boolean('TracingEnabled', false),
  };
}

function stageThrottles(properties: Properties): ReadonlyMap<string, Throttle> {
  const throttles = new Map<string, Throttle>();
  const known = ['DataTraceEnabled', 'HttpMethod', 'LoggingLevel', 'MetricsEnabled', 'ResourcePath'];
  for (const setting of properties.items('MethodSettings', [
    ...known,
    'CachingEnabled',
    'ThrottlingBurstLimit',
    'ThrottlingRateLimit',
  ])) {
    if (setting.boolean('CachingEnabled', false))
      setting.refuse('CachingEnabled', 'the local cloud has no cache of answers');
    const throttle = {
      rate: setting.optionalNumber('ThrottlingRateLimit'),
      burst: setting.optionalNumber('ThrottlingBurstLimit'),
    };
    if (throttle.rate === undefined && throttle.burst === undefined) continue;
    // A slash inside the path is written `~1`.
    const path = setting.string('ResourcePath', '/*').replaceAll('~1', '/').replace(/^\/\//, '/');
    throttles.set(`${setting.string('HttpMethod', '*')} ${path}`, throttle);
  }
  return throttles;
}

/** Names of tags and their values. */
export function readTags(properties: Properties): Readonly<Record<string, string>> {
  return Object.fromEntries(properties.items('Tags', TAG).map(tag => [tag.string('Key'), tag.string('Value')]));
}

// Reads `AWS::ApiGateway::UsagePlan`.

const THROTTLE = ['BurstLimit', 'RateLimit'];

export function readUsagePlan(resource: Resource): UsagePlan {
  const properties = Properties.of(resource, [
    'ApiStages',
    'Description',
    'Quota',
    'Tags',
    'Throttle',
    'UsagePlanName',
  ]);
  const throttle = properties.nested('Throttle', THROTTLE);
  return {
    id: resource.ref,
    name: properties.string('UsagePlanName', resource.logicalId),
    description: properties.string('Description', ''),
    stages: properties.items('ApiStages', ['ApiId', 'Stage', 'Throttle']).map(readPlanStage),
    throttle: throttle && readThrottle(throttle),
    quota: readQuota(properties.nested('Quota', ['Limit', 'Offset', 'Period'])),
    tags: readTags(properties),
  };
}

function readPlanStage(stage: Properties): PlanStage {
  const throttles = new Map<string, Throttle>();
  const names = Object.keys((stage.raw('Throttle') ?? {}) as object);
  const perMethod = stage.nested('Throttle', names);
  for (const name of names) {
    // `/videos/{id}/GET`: the path, then the method.
    const cut = name.lastIndexOf('/');
    const throttle = perMethod?.nested(name, THROTTLE);
    if (throttle) throttles.set(`${name.slice(cut + 1)} ${name.slice(0, cut) || '/'}`, readThrottle(throttle));
  }
  return { apiId: stage.string('ApiId'), stage: stage.string('Stage'), throttles };
}

function readThrottle(throttle: Properties): Throttle {
  return { rate: throttle.optionalNumber('RateLimit'), burst: throttle.optionalNumber('BurstLimit') };
}

function readQuota(quota: Properties | undefined): Quota | undefined {
  if (!quota) return undefined;
  return {
    limit: quota.number('Limit', 0),
    offset: quota.number('Offset', 0),
    period: quota.choice('Period', ['DAY', 'WEEK', 'MONTH'], 'MONTH'),
  };
}
