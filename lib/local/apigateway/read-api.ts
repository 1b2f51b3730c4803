/** Reads the CloudFormation types of the API itself. What the gateway cannot honour is refused by name. */
import { Properties } from '../properties.ts';
import type { PolicyStatement, Resource } from '../service.ts';
import type { Api, Authorizer, GatewayResponse, PlanStage, Quota, Stage, Throttle, UsagePlan } from './api.ts';
import { RESPONSE_TYPES, refuseUnknownTemplate } from './gateway-response.ts';

const TAG = ['Key', 'Value'];

export function readApi(resource: Resource): Api {
  const properties = Properties.of(resource, [
    'ApiKeySourceType',
    'BinaryMediaTypes',
    'Description',
    'DisableExecuteApiEndpoint',
    'EndpointConfiguration',
    'MinimumCompressionSize',
    'Name',
    'Policy',
    'Tags',
  ]);
  const endpoint = properties.nested('EndpointConfiguration', ['Types', 'IpAddressType']);
  if (endpoint?.strings('Types').includes('PRIVATE')) endpoint.refuse('Types', 'a private API has no place here');
  const { Statement } = (properties.raw('Policy') ?? {}) as { Statement?: PolicyStatement | PolicyStatement[] };
  return {
    id: resource.ref,
    name: properties.string('Name'),
    description: properties.string('Description', ''),
    rootId: String(resource.attributes.RootResourceId),
    keySource: properties.choice('ApiKeySourceType', ['HEADER', 'AUTHORIZER'], 'HEADER'),
    binaryMediaTypes: properties.strings('BinaryMediaTypes'),
    policy: Statement && [Statement].flat().map(statement => absolute(statement)),
  };
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

export function readAuthorizer(resource: Resource): Authorizer {
  const properties = Properties.of(resource, [
    'AuthorizerResultTtlInSeconds',
    'AuthorizerUri',
    'AuthType',
    'IdentitySource',
    'Name',
    'RestApiId',
    'Type',
  ]);
  properties.choice('Type', ['REQUEST'], 'REQUEST');
  const ttlSeconds = properties.number('AuthorizerResultTtlInSeconds', 300);
  if (ttlSeconds < 0 || ttlSeconds > 3600) properties.refuse('AuthorizerResultTtlInSeconds', 'should be 0 to 3600');
  const sources = properties.string('IdentitySource', '').split(',');
  const identitySources = sources.map(source => source.trim()).filter(source => source !== '');
  if (ttlSeconds > 0 && identitySources.length === 0) {
    properties.refuse('IdentitySource', 'is needed where answers are kept (AuthorizerResultTtlInSeconds)');
  }
  return {
    id: resource.ref,
    functionArn: functionArnOf(properties, 'AuthorizerUri'),
    identitySources,
    ttlSeconds,
  };
}

/** The function in `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<arn>/invocations`. */
export function functionArnOf(properties: Properties, name: string): string {
  const uri = properties.string(name);
  const arn = /:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1];
  return arn ?? properties.refuse(name, `the local cloud calls Lambda functions alone, not ${uri}`);
}

/** The same for an integration that streams, which calls another operation of Lambda. */
export function streamingFunctionArnOf(properties: Properties, name: string): string {
  const uri = properties.string(name);
  const arn = /:lambda:path\/2021-11-15\/functions\/(.+)\/response-streaming-invocations$/.exec(uri)?.[1];
  return arn ?? properties.refuse(name, `an integration that streams ends in /response-streaming-invocations: ${uri}`);
}

export function readGatewayResponse(resource: Resource): { type: string; response: GatewayResponse } {
  const properties = Properties.of(resource, [
    'ResponseParameters',
    'ResponseTemplates',
    'ResponseType',
    'RestApiId',
    'StatusCode',
  ]);
  const type = properties.string('ResponseType');
  if (!(type in RESPONSE_TYPES) && !/^DEFAULT_[45]XX$/.test(type)) {
    properties.refuse('ResponseType', `is not a type of gateway response: ${type}`);
  }
  const headers: Record<string, string> = {};
  for (const [name, source] of Object.entries(properties.map('ResponseParameters'))) {
    const header = /^gatewayresponse\.header\.(.+)$/.exec(name)?.[1];
    if (!header) return properties.refuse('ResponseParameters', `the local cloud sets headers, not ${name}`);
    headers[header] = source;
  }
  const templates = properties.map('ResponseTemplates');
  const contentType = 'application/json' in templates ? 'application/json' : Object.keys(templates)[0];
  const template = contentType === undefined ? undefined : templates[contentType];
  if (template !== undefined) refuseUnknownTemplate(template, `${resource.logicalId}.ResponseTemplates`);
  return {
    type,
    response: {
      status: properties.optionalNumber('StatusCode'),
      headers,
      template,
      contentType: contentType ?? 'application/json',
    },
  };
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
