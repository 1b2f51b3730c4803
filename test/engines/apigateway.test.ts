import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiGateway } from '../../lib/local/apigateway/apigateway.ts';
import { startEngines } from '../support/engine-cloud.ts';
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
  it('refuses by name what the gateway cannot honour', async () => {
    await expect(api.make('Authorizer', 'Token', { Type: 'TOKEN' })).rejects.toThrow('knows REQUEST, not TOKEN');
    await expect(api.method('GET', '/iam', { AuthorizationType: 'AWS_IAM' })).rejects.toThrow('not AWS_IAM');
    await expect(api.method('GET', '/http', { Integration: { Type: 'HTTP_PROXY' } })).rejects.toThrow('not HTTP_PROXY');
    await expect(api.make('RequestValidator', 'Bodies', { ValidateRequestBody: true })).rejects.toThrow(
      'validates parameters, not bodies',
    );
    await expect(api.cloud.make('AWS::ApiGateway::RestApi', 'Second', { Name: 'second' })).rejects.toThrow(
      'Second: the local cloud serves one RestApi',
    );
    await expect(
      api.make('GatewayResponse', 'Velocity', {
        ResponseType: 'THROTTLED',
        ResponseTemplates: { 'application/json': '#set($x = 1)' },
      }),
    ).rejects.toThrow('#set');
  });

  it('names PORT where another process has the port', async () => {
    const port = Number(new URL(api.url()).port);
    await expect(startEngines([context => createApiGateway(context, { port })])).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another process: stop that one, or set PORT to a free port`,
    );
  });
});
