/** A REST API on the engines of Lambda and API Gateway, as a template would make it. */
import { type ApiGatewayEngine, createApiGateway } from '../../lib/local/apigateway/apigateway.ts';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import { POOL_LIMITS, type PoolLimits } from '../../lib/local/lambda/pool.ts';
import type { CloudContext, Resource } from '../../lib/local/service.ts';
import { type EngineCloud, startEngines } from './engine-cloud.ts';
import { makeFunction } from './function-asset.ts';

export interface RestApi {
  readonly cloud: EngineCloud;
  readonly api: Resource;
  /** Lines of the cloud's own log. */
  readonly logged: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[];
  url(): string;
  engine(): ApiGatewayEngine;
  /** A resource of this API. */
  make(type: string, logicalId: string, properties?: Record<string, unknown>): Promise<Resource>;
  /** A method on a path, whose resources are made as needed. */
  method(httpMethod: string, path: string, properties: Record<string, unknown>): Promise<Resource>;
  /** A method that a new function answers, with the permission to call it. */
  answering(httpMethod: string, path: string, source: string, properties?: Record<string, unknown>): Promise<Resource>;
  /** A REQUEST authorizer, with the permission to call it; the answer is what a method needs to use it. */
  authorizer(source: string, properties?: Record<string, unknown>): Promise<Record<string, unknown>>;
  restart(): Promise<RestApi>;
}

const logs = new WeakMap<CloudContext, RestApi['logged']>();

/** Starts a cloud with one API, `properties` being those of its RestApi, and `stage` those of its stage. */
export async function startRestApi(
  properties: Record<string, unknown> = {},
  stage: Record<string, unknown> = {},
  limits: PoolLimits = POOL_LIMITS,
): Promise<RestApi> {
  const gateway = (context: CloudContext) => {
    const logged: RestApi['logged'] = [];
    logs.set(context, logged);
    Object.assign(context, { log: (event: string, fields = {}) => void logged.push({ event, fields }) });
    return createApiGateway(context, { port: 0 });
  };
  return restApiOn(await startEngines([context => createLambda(context, { limits }), gateway]), properties, stage);
}

async function restApiOn(
  cloud: EngineCloud,
  properties: Record<string, unknown>,
  stage: Record<string, unknown>,
): Promise<RestApi> {
  const api = await cloud.make('AWS::ApiGateway::RestApi', 'Api', { Name: 'api', ...properties });
  const RestApiId = api.ref;
  await cloud.make('AWS::ApiGateway::Stage', 'Stage', { RestApiId, StageName: 'live', ...stage });
  const ids = new Map([['/', String(api.attributes.RootResourceId)]]);
  const engine = () => cloud.engines[1] as ApiGatewayEngine;
  const named = (text: string) => text.replace(/[^A-Za-z0-9]/g, '_');

  async function resourceId(path: string): Promise<string> {
    const known = ids.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf('/');
    const ParentId = await resourceId(path.slice(0, cut) || '/');
    const made = await make('Resource', `R${named(path)}`, { ParentId, PathPart: path.slice(cut + 1) });
    ids.set(path, made.ref);
    return made.ref;
  }
  function make(type: string, logicalId: string, more: Record<string, unknown> = {}): Promise<Resource> {
    return cloud.make(`AWS::ApiGateway::${type}`, logicalId, { RestApiId, ...more });
  }
  async function method(HttpMethod: string, path: string, more: Record<string, unknown>): Promise<Resource> {
    const ResourceId = await resourceId(path);
    return make('Method', `M${HttpMethod}${named(path)}`, { HttpMethod, ResourceId, ...more });
  }
  async function permit(functionArn: unknown, logicalId: string, source: string): Promise<void> {
    await cloud.make('AWS::Lambda::Permission', logicalId, {
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:us-east-1:000000000000:${RestApiId}/${source}`,
    });
  }
  return {
    cloud,
    api,
    logged: logs.get(cloud.context) ?? [],
    engine,
    url: () => engine().url(),
    make,
    method,
    async answering(httpMethod, path, source, more = {}) {
      const id = `F${httpMethod}${named(path)}`;
      const made = await makeFunction(cloud, id, source);
      const anyMethod = httpMethod === 'ANY' ? '*' : httpMethod;
      await permit(made.attributes.Arn, `P${id}`, `live/${anyMethod}${path.replace(/\{[^}]+\}/g, '*')}`);
      await method(httpMethod, path, { Integration: proxyTo(made), ...more });
      return made;
    },
    async authorizer(source, more = {}) {
      const made = await makeFunction(cloud, 'Authorize', source);
      const authorizer = await make('Authorizer', 'Authorizer', {
        Type: 'REQUEST',
        Name: 'authorizer',
        AuthorizerUri: uriOf(made),
        AuthorizerResultTtlInSeconds: 0,
        ...more,
      });
      await permit(made.attributes.Arn, 'PAuthorize', `authorizers/${authorizer.ref}`);
      return { AuthorizationType: 'CUSTOM', AuthorizerId: authorizer.ref };
    },
    async restart() {
      return restApiOn(await cloud.restart(), properties, stage);
    },
  };
}

export function proxyTo(made: Resource): Record<string, unknown> {
  return { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', Uri: uriOf(made) };
}

/** The same for a function that streams its response. */
export function streamFrom(made: Resource): Record<string, unknown> {
  const Uri = `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${made.attributes.Arn}/response-streaming-invocations`;
  return { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST', ResponseTransferMode: 'STREAM', Uri };
}

function uriOf(made: Resource): string {
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${made.attributes.Arn}/invocations`;
}
