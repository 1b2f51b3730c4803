import { request } from 'node:http';
import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiGateway } from '../../lib/local/apigateway/apigateway.ts';
import { startEngines } from '../support/engine-cloud.ts';
import { send } from '../support/raw-call.ts';
import { type RestApi, startRestApi } from '../support/rest-api.ts';

let api: RestApi;
const ECHO = 'export const handler = async e => ({ statusCode: 200, body: JSON.stringify(e) });';

beforeAll(async () => {
  api = await startRestApi({ BinaryMediaTypes: ['image/png'] }, { Variables: { flavour: 'mint' } });
});
afterAll(() => api.cloud.stop());

/** The event that the function behind a path was given. */
async function eventAt(
  path: string,
  options: RequestInit = {},
): Promise<Record<string, never> & { requestContext: Record<string, unknown> }> {
  const response = await fetch(api.url() + path, options);
  expect(response.status).toBe(200);
  return (await response.json()) as never;
}

describe('the path to a method', () => {
  beforeAll(async () => {
    for (const path of ['/', '/videos', '/videos/{id}', '/videos/latest', '/videos/{id}/content', '/files/{path+}']) {
      await api.answering('GET', path, ECHO);
    }
    await api.answering('ANY', '/any', ECHO);
  });

  it.each([
    ['/', '/', null],
    ['/videos', '/videos', null],
    ['/videos/', '/videos', null],
    ['/videos/7', '/videos/{id}', { id: '7' }],
    ['/videos/latest', '/videos/latest', null],
    ['/videos/latest/content', '/videos/{id}/content', { id: 'latest' }],
    ['/videos/a%20b%2Fc', '/videos/{id}', { id: 'a%20b%2Fc' }],
    ['/files/a/b/c.txt', '/files/{path+}', { path: 'a/b/c.txt' }],
  ])('%s is %s', async (path, resource, pathParameters) => {
    expect(await eventAt(path)).toMatchObject({ resource, path, pathParameters });
  });

  it('answers 403 Missing Authentication Token for a path or a method that is not there', async () => {
    for (const [method, path] of [
      ['GET', '/nowhere'],
      ['GET', '/videos/7/nowhere'],
      ['GET', '/files'],
      ['POST', '/videos'],
    ]) {
      const response = await fetch(api.url() + path, { method: method ?? '' });
      expect(response.status).toBe(403);
      expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
      expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
    }
  });

  it('serves every method where the method is ANY', async () => {
    for (const method of ['GET', 'POST', 'DELETE', 'PATCH']) {
      expect(await eventAt('/any', { method })).toMatchObject({ httpMethod: method });
    }
    const head = await fetch(`${api.url()}/any`, { method: 'HEAD' });
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
    expect(await head.text()).toBe('');
  });

  it('lists its routes for the banner', () => {
    expect(api.engine().routes()).toContainEqual({
      method: 'GET',
      path: '/videos/{id}',
      functionName: 'Test-FGET_videos__id_',
      description: undefined,
      apiKeyRequired: false,
    });
  });
});

describe('the definition', () => {
  it('that is imported again replaces every method of the one before', async () => {
    await api.answering('GET', '/passing', ECHO);
    expect((await fetch(`${api.url()}/passing`)).status).toBe(200);
    await api.define(({ paths }) => delete paths['/passing']);
    expect((await fetch(`${api.url()}/passing`)).status).toBe(403);
    expect((await fetch(`${api.url()}/videos`)).status).toBe(200);
  });

  it('makes a resource of every part of a path: one without a method hides a parameter beside it', async () => {
    await api.answering('GET', '/parts/{id}', ECHO);
    await api.answering('GET', '/parts/fixed/below', ECHO);
    expect((await fetch(`${api.url()}/parts/other`)).status).toBe(200);
    expect((await fetch(`${api.url()}/parts/fixed`)).status).toBe(403);
  });

  it('names the API, says where keys come from and what is not text', async () => {
    const title = 'named by its definition';
    await api.cloud.make('AWS::ApiGateway::RestApi', 'Api', {
      Body: {
        openapi: '3.0.1',
        info: { title, version: '1' },
        'x-amazon-apigateway-api-key-source': 'AUTHORIZER',
        'x-amazon-apigateway-binary-media-types': ['image/png'],
      },
    });
    const { items = [] } = await new APIGatewayClient(api.cloud.client).send(new GetRestApisCommand({}));
    expect(items).toMatchObject([{ name: title, apiKeySource: 'AUTHORIZER', binaryMediaTypes: ['image/png'] }]);
    await api.define(() => {});
  });
});

describe('the event', () => {
  it('is that of a REST API, version 1.0', async () => {
    await api.answering('POST', '/event/{id}', ECHO);
    const event = await eventAt('/event/7?a=1&a=2&b=x%20y%26z&c', {
      method: 'POST',
      headers: { 'X-Mine': 'yes', 'X-Forwarded-For': '203.0.113.7', 'User-Agent': 'tester' },
      body: '{"hello":"wörld"}',
    });
    expect(event).toMatchObject({
      resource: '/event/{id}',
      path: '/event/7',
      httpMethod: 'POST',
      pathParameters: { id: '7' },
      queryStringParameters: { a: '2', b: 'x y&z', c: '' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: ['x y&z'], c: [''] },
      stageVariables: { flavour: 'mint' },
      body: '{"hello":"wörld"}',
      isBase64Encoded: false,
      headers: { 'X-Mine': 'yes', 'X-Forwarded-For': '203.0.113.7, 127.0.0.1', 'X-Forwarded-Proto': 'http' },
      multiValueHeaders: { 'X-Mine': ['yes'] },
      requestContext: {
        resourcePath: '/event/{id}',
        httpMethod: 'POST',
        path: '/event/7',
        accountId: '000000000000',
        apiId: api.api.ref,
        stage: 'live',
        protocol: 'HTTP/1.1',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        extendedRequestId: expect.stringMatching(/^.{15}=$/),
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        domainName: expect.stringMatching(/^127\.0\.0\.1:/),
        identity: { sourceIp: '127.0.0.1', userAgent: 'tester', user: null },
      },
    });
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });

  it('has null where there is no query, no body', async () => {
    expect(await eventAt('/videos')).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  it('brings a body with GET', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const sent = request(`${api.url()}/videos`, { method: 'GET', headers: { 'content-length': 5 } }, async answer => {
        let all = '';
        for await (const chunk of answer) all += chunk;
        resolve(all);
      });
      sent.on('error', reject);
      sent.end('hello');
    });
    expect(JSON.parse(text)).toMatchObject({ body: 'hello' });
  });

  it('has a body of a binary media type in base64', async () => {
    const bytes = Uint8Array.from([0, 255, 128, 1]);
    const options = { method: 'POST', body: bytes, headers: { 'content-type': 'image/png; q=1' } };
    expect(await eventAt('/any', options)).toMatchObject({ body: 'AP+AAQ==', isBase64Encoded: true });
  });

  it('carries the trace of the client to the function', async () => {
    const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
    const source = 'export const handler = async () => ({ statusCode: 200, body: process.env._X_AMZN_TRACE_ID });';
    await api.answering('GET', '/trace', source);
    const response = await fetch(`${api.url()}/trace`, { headers: { 'X-Amzn-Trace-Id': trace } });
    expect(await response.text()).toBe(trace);
    expect(response.headers.get('x-amzn-trace-id')).toBe(trace);
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('x-amz-apigw-id')).toMatch(/=$/);
  });
});

describe('the boot', () => {
  const GET = (operation: object) => ({ paths: { '/wrong': { get: operation } } });
  const MOCK = {
    'x-amazon-apigateway-integration': { type: 'mock', responses: { default: { statusCode: '200' } } },
  };
  const authorizer = (members: object) => ({
    components: {
      securitySchemes: {
        wrong: { type: 'apiKey', name: 'Unused', in: 'header', 'x-amazon-apigateway-authorizer': members },
      },
    },
  });

  const FUNCTION =
    'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:f/invocations';
  const integration = (members: object) =>
    GET({
      'x-amazon-apigateway-integration': { type: 'aws_proxy', httpMethod: 'POST', uri: FUNCTION, ...members },
    });
  const twoAuthorizers = () => {
    const scheme = {
      type: 'apiKey',
      name: 'Unused',
      in: 'header',
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': { type: 'request', authorizerUri: FUNCTION, authorizerResultTtlInSeconds: 0 },
    };
    return { components: { securitySchemes: { one: scheme, two: scheme } } };
  };

  it.each<[string, object, string]>([
    ['another version of OpenAPI', { openapi: '3.1.0' }, 'imports OpenAPI 3.0, not 3.1.0'],
    ['security of the whole API, which leaves every method open', { security: [{ api_key: [] }] }, 'know security'],
    ['an extension that it does not have', { 'x-amazon-apigateway-policy': {} }, 'know x-amazon-apigateway-policy'],
    ['a path that has a parameter within a part', { paths: { '/a{b}': {} } }, '/a{b} is not a path'],
    ['parameters of a whole path', { paths: { '/{b}': { parameters: [] } } }, 'does not know parameters'],
    ['a method of no kind', { paths: { '/wrong': { trace: MOCK } } }, 'does not know trace'],
    ['a method that nothing answers', GET({ responses: {} }), 'x-amazon-apigateway-integration: is missing'],
    ['a method that IAM guards', GET({ ...MOCK, 'x-amazon-apigateway-auth': {} }), 'know x-amazon-apigateway-auth'],
    ['a scheme that nothing defines', GET({ ...MOCK, security: [{ nobody: [] }] }), 'scheme is named nobody'],
    ['schemes in one requirement', GET({ ...MOCK, security: [{ api_key: [], other: [] }] }), 'one scheme in each'],
    ['scopes', GET({ ...MOCK, security: [{ api_key: ['read'] }] }), 'no scopes, such as read'],
    ['another integration', GET({ 'x-amazon-apigateway-integration': { type: 'http_proxy' } }), 'not http_proxy'],
    ['a validator that nothing defines', GET({ ...MOCK, 'x-amazon-apigateway-request-validator': 'x' }), 'is named x'],
    ['a TOKEN authorizer', authorizer({ type: 'token' }), 'knows request, not token'],
    ['an authorizer that is kept for nobody', authorizer({ type: 'request' }), 'identitySource: is needed'],
    [
      'a scheme of another kind',
      { components: { securitySchemes: { o: { type: 'oauth2', in: 'header' } } } },
      'not oauth2',
    ],
    [
      'a key that no plan reads',
      { components: { securitySchemes: { k: { type: 'apiKey', name: 'k', in: 'header' } } } },
      'x-api-key',
    ],
    [
      'checks of bodies',
      { 'x-amazon-apigateway-request-validators': { bodies: { validateRequestBody: true } } },
      'validates parameters, not bodies',
    ],
    [
      'a gateway response of no type',
      { 'x-amazon-apigateway-gateway-responses': { TEAPOT: {} } },
      'TEAPOT is not a type of gateway response',
    ],
    ['no title', { info: undefined }, 'info: is missing'],
    [
      'two authorizers of one method',
      { ...twoAuthorizers(), ...GET({ ...MOCK, security: [{ one: [] }, { two: [] }] }) },
      'a method has one authorizer',
    ],
    [
      'answers that are kept for too long',
      authorizer({
        type: 'request',
        authorizerUri: FUNCTION,
        identitySource: 'method.request.header.x',
        authorizerResultTtlInSeconds: 3601,
      }),
      'should be 0 to 3600',
    ],
    [
      'a gateway response that sets no header',
      {
        'x-amazon-apigateway-gateway-responses': {
          THROTTLED: { responseParameters: { 'gatewayresponse.path.a': 'x' } },
        },
      },
      'sets headers, not gatewayresponse.path.a',
    ],
    ['a cache of answers', integration({ cacheKeyParameters: ['method.request.path.a'] }), 'has no cache of answers'],
    ['a mock that streams', integration({ type: 'mock', responseTransferMode: 'STREAM' }), 'nothing to stream'],
    ['a function that is not invoked by POST', integration({ httpMethod: 'GET' }), 'invoked by POST'],
    ['a function that is waited for too long', integration({ timeoutInMillis: 29_001 }), 'should be 50 to 29000'],
    ['a function that nobody waits for', integration({ timeoutInMillis: 49 }), 'should be 50 to 29000, not 49'],
    [
      'a mock whose status is computed',
      integration({ type: 'mock', requestTemplates: { 'application/json': '{}' } }),
      'a fixed statusCode',
    ],
    ['a mock that answers nothing', integration({ type: 'mock', responses: {} }), 'none answers the status 200'],
    [
      'a mock that computes a header',
      integration({
        type: 'mock',
        responses: {
          default: { statusCode: '200', responseParameters: { 'method.response.header.a': 'context.requestId' } },
        },
      }),
      'sets headers to fixed text',
    ],
    [
      'a template that computes',
      {
        'x-amazon-apigateway-gateway-responses': {
          THROTTLED: { responseTemplates: { 'application/json': '#set($x = 1)' } },
        },
      },
      '#set',
    ],
  ])('refuses %s by name, and changes nothing', async (_, wrong, why) => {
    const before = api.engine().routes();
    await expect(api.define(definition => Object.assign(definition, wrong))).rejects.toThrow(why);
    expect(api.engine().routes()).toEqual(before);
  });

  it('refuses a second stage of an API', async () => {
    const second = { RestApiId: api.api.ref, StageName: 'second', DeploymentId: 'deployed' };
    await expect(api.cloud.make('AWS::ApiGateway::Stage', 'Second', second)).rejects.toThrow(
      'Second: the local cloud serves one Stage of an API',
    );
  });

  it('has another API beside the first, which answers by the host that AWS gives it', async () => {
    const Body = {
      openapi: '3.0.1',
      info: { title: 'other', version: '1' },
      ...GET({
        ...MOCK,
        'x-amazon-apigateway-integration': {
          type: 'mock',
          requestTemplates: { 'application/json': '{"statusCode": 200}' },
          responses: {
            default: { statusCode: '200', responseTemplates: { 'application/json': '{"of":"the other"}' } },
          },
        },
      }),
      components: { securitySchemes: {} },
    };
    const { ref: RestApiId } = await api.cloud.make('AWS::ApiGateway::RestApi', 'Other', { Name: 'other', Body });
    await api.cloud.make('AWS::ApiGateway::Stage', 'OtherStage', { RestApiId, StageName: 'live', DeploymentId: 'd' });
    const host = `${RestApiId}.execute-api.us-east-1.amazonaws.com`;
    const call = { method: 'GET', path: '/wrong', headers: { host } };
    expect(await send(api.url(), call)).toMatchObject({ status: 200, text: '{"of":"the other"}' });
    expect((await send(api.url(), { ...call, headers: {} })).status).toBe(403);
  });

  it('refuses to merge a definition into the one before', async () => {
    const properties = { Name: 'api', Mode: 'merge' };
    await expect(api.cloud.make('AWS::ApiGateway::RestApi', 'Api', properties)).rejects.toThrow('Mode');
  });

  it('names PORT where another process has the port', async () => {
    const port = Number(new URL(api.url()).port);
    await expect(startEngines([context => createApiGateway(context, { port })])).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another process: stop that one, or set PORT to a free port`,
    );
  });
});
