/**
 * The REST API as one OpenAPI document with API Gateway's extensions: CloudFormation imports it in one call, where a
 * resource for each path and verb would be two calls each, at five a second. It says how calls are routed and guarded;
 * what they mean to clients, the reference says. Source: API Gateway's developer guide, "OpenAPI extensions".
 */
import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { gatewayResponses, type Place } from './gateway-responses.ts';

/** One verb on one path. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  readonly responding: IFunction;
  /** `open`: anybody. `authorized`: whom the authorizer accepts. `metered`: the same, within a usage plan. */
  readonly guard: 'open' | 'authorized' | 'metered';
  /** The name of the contract's operation. */
  readonly name?: string;
  /** Where its responses are streamed: how long one may last at most. */
  readonly streams?: { readonly seconds: number };
}

const AUTHORIZER = 'authorizer';
const API_KEY = 'api_key';

/** API Gateway wants every scheme that a method names, each in a requirement of its own; OpenAPI would let a caller choose. */
const SECURITY = {
  open: [],
  authorized: [{ [AUTHORIZER]: [] }],
  metered: [{ [AUTHORIZER]: [] }, { [API_KEY]: [] }],
};

/** `place` is what the API's own refusals name. */
export function defineApi(
  about: { readonly title: string; readonly description: string },
  place: Place,
  authorizer: IFunction,
  operations: readonly Operation[],
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const item = paths[operation.path] ?? {};
    paths[operation.path] = item;
    const verb = operation.method.toLowerCase();
    if (verb in item) throw new Error(`${operation.method} ${operation.path} is there twice`);
    const how = methodOf(operation);
    item[verb] = operation.name === undefined ? how : { operationId: operation.name, ...how };
    // A client may ask for the headers of whatever it may get; API Gateway sends the body of no such answer on.
    if (operation.method === 'GET') item.head = how;
  }
  return {
    openapi: '3.0.1',
    info: { ...about, version: '1' },
    'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
    // What is not text: sent on to the handler as base64, which is why an image is at most some 4.5 MB here.
    'x-amazon-apigateway-binary-media-types': ['multipart/form-data', 'image/*', 'application/octet-stream'],
    'x-amazon-apigateway-gateway-responses': gatewayResponses(place),
    components: {
      securitySchemes: {
        [AUTHORIZER]: {
          type: 'apiKey',
          // API Gateway's word where the identity is not one header.
          name: 'Unused',
          in: 'header',
          'x-amazon-apigateway-authtype': 'custom',
          'x-amazon-apigateway-authorizer': {
            type: 'request',
            authorizerUri: uriOf(authorizer),
            // Nothing is remembered, so a revoked key is refused at once; and without an identity source it sees each
            // request, with or without a key.
            authorizerResultTtlInSeconds: 0,
          },
        },
        [API_KEY]: { type: 'apiKey', name: 'x-api-key', in: 'header' },
      },
    },
    paths,
  };
}

function methodOf({ responding, guard, streams }: Operation): Record<string, unknown> {
  const integration = { type: 'aws_proxy', httpMethod: 'POST', uri: uriOf(responding) };
  return {
    ...(guard !== 'open' && { security: SECURITY[guard] }),
    responses: {},
    'x-amazon-apigateway-integration': streams
      ? {
          ...integration,
          uri: uriOf(responding, '2021-11-15', 'response-streaming-invocations'),
          responseTransferMode: 'STREAM',
          timeoutInMillis: streams.seconds * 1000,
        }
      : integration,
  };
}

/** How API Gateway invokes a function; a response that is streamed takes another operation of Lambda. */
function uriOf(made: IFunction, version = '2015-03-31', operation = 'invocations'): string {
  const { partition, region } = Stack.of(made);
  return `arn:${partition}:apigateway:${region}:lambda:path/${version}/functions/${made.functionArn}/${operation}`;
}
