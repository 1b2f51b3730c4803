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
  /** Changes the definition of the API and imports it again; where it is refused, nothing is changed. */
  define(change: (definition: Definition) => void): Promise<void>;
  /** A method on a path, with more members of its operation. */
  method(httpMethod: string, path: string, integration: object, operation?: Operation): Promise<void>;
  /** A method that a new function answers, with the permission to call it. */
  answering(httpMethod: string, path: string, source: string, operation?: Operation): Promise<Resource>;
  /** A REQUEST authorizer, with the permission to call it; the answer is what an operation needs to use it. */
  authorizer(source: string, properties?: Record<string, unknown>): Promise<Secured>;
  restart(): Promise<RestApi>;
}

export type Operation = Readonly<Record<string, unknown>>;
export interface Secured extends Operation {
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

/** What an operation needs so that a usage plan's key is required. */
export const METERED: Secured = { security: [{ api_key: [] }] };

/** An OpenAPI document with API Gateway's extensions. */
export interface Definition {
  paths: Record<string, Record<string, unknown>>;
  components: { securitySchemes: Record<string, unknown> };
  [member: string]: unknown;
}

const EMPTY: Definition = {
  openapi: '3.0.1',
  info: { title: 'api', version: '1' },
  paths: {},
  components: { securitySchemes: { api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' } } },
};

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
  const engine = () => cloud.engines[1] as ApiGatewayEngine;
  const named = (text: string) => text.replace(/[^A-Za-z0-9]/g, '_');
  let definition = EMPTY;

  async function define(change: (definition: Definition) => void): Promise<void> {
    const changed = structuredClone(definition);
    change(changed);
    await cloud.make('AWS::ApiGateway::RestApi', 'Api', { Name: 'api', ...properties, Body: changed });
    definition = changed;
  }
  function method(httpMethod: string, path: string, integration: object, operation: Operation = {}): Promise<void> {
    const member = httpMethod === 'ANY' ? 'x-amazon-apigateway-any-method' : httpMethod.toLowerCase();
    return define(({ paths }) => {
      const item = paths[path] ?? {};
      paths[path] = { ...item, [member]: { ...operation, 'x-amazon-apigateway-integration': integration } };
    });
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
    define,
    method,
    async answering(httpMethod, path, source, operation = {}) {
      const id = `F${httpMethod}${named(path)}`;
      const made = await makeFunction(cloud, id, source);
      const anyMethod = httpMethod === 'ANY' ? '*' : httpMethod;
      await permit(made.attributes.Arn, `P${id}`, `live/${anyMethod}${path.replace(/\{[^}]+\}/g, '*')}`);
      await method(httpMethod, path, proxyTo(made), operation);
      return made;
    },
    async authorizer(source, more = {}) {
      const made = await makeFunction(cloud, 'Authorize', source);
      await define(({ components: { securitySchemes } }) => {
        securitySchemes.authorizer = {
          type: 'apiKey',
          name: 'Unused',
          in: 'header',
          'x-amazon-apigateway-authtype': 'custom',
          'x-amazon-apigateway-authorizer': {
            type: 'request',
            authorizerUri: uriOf(made),
            authorizerResultTtlInSeconds: 0,
            ...more,
          },
        };
      });
      // Its id is API Gateway's, which no template knows.
      await permit(made.attributes.Arn, 'PAuthorize', 'authorizers/*');
      return { security: [{ authorizer: [] }] };
    },
    async restart() {
      return restApiOn(await cloud.restart(), properties, stage);
    },
  };
}

export function proxyTo(made: Resource): Operation {
  return { type: 'aws_proxy', httpMethod: 'POST', uri: uriOf(made) };
}

/** The same for a function that streams its response. */
export function streamFrom(made: Resource): Operation {
  const uri = `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${made.attributes.Arn}/response-streaming-invocations`;
  return { type: 'aws_proxy', httpMethod: 'POST', responseTransferMode: 'STREAM', uri };
}

function uriOf(made: Resource): string {
  return `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${made.attributes.Arn}/invocations`;
}
