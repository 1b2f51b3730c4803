import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFunction } from '../support/function-asset.ts';
import { proxyTo, type RestApi, startRestApi } from '../support/rest-api.ts';

let api: RestApi;
const SAY = (answer: string) => `export const handler = async () => (${answer});`;

beforeAll(async () => {
  api = await startRestApi({ BinaryMediaTypes: ['image/png'] });
});
afterAll(() => api.cloud.stop());

describe('the answer', () => {
  const at = async (name: string, answer: string, headers: Record<string, string> = {}) => {
    await api.answering('GET', `/answer/${name}`, SAY(answer));
    return fetch(`${api.url()}/answer/${name}`, { headers });
  };

  it('has the status, headers and body of the function', async () => {
    const response = await at(
      'full',
      `{ statusCode: '201', headers: { Location: '/x', 'X-One': 'single' }, body: 'made',
         multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], 'x-one': ['many'] } }`,
    );
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/x');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-one')).toBe('many');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('made');
  });

  it('keeps its own headers, and gives those of the function another name', async () => {
    const response = await at(
      'remapped',
      `{ statusCode: 200, headers: { 'WWW-Authenticate': 'Basic', Connection: 'x' } }`,
    );
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(response.headers.get('x-amzn-remapped-www-authenticate')).toBe('Basic');
    expect(response.headers.get('connection')).toBe('keep-alive');
  });

  it('is decoded from base64 where the client accepts a binary media type', async () => {
    const answer = `{ statusCode: 200, body: 'AP+AAQ==', isBase64Encoded: true, headers: { 'content-type': 'image/png' } }`;
    const decoded = await at('binary', answer, { Accept: 'image/png, */*' });
    expect([...new Uint8Array(await decoded.arrayBuffer())]).toEqual([0, 255, 128, 1]);
    const left = await at('binary', answer, { Accept: 'text/html' });
    expect(await left.text()).toBe('AP+AAQ==');
  });

  it.each([
    ['text', '"text"'],
    ['nothing', 'null'],
    ['no-status', '{ body: "x" }'],
    ['bad-status', '{ statusCode: 99 }'],
    ['object-body', '{ statusCode: 200, body: { a: 1 } }'],
    ['bad-header', '{ statusCode: 200, headers: { x: "a\\nb" } }'],
  ])('is 502 where the function answers no proxy response: %s', async (name, answer) => {
    const response = await at(name, answer);
    expect(response.status).toBe(502);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
    expect(response.headers.get('x-amzn-errortype')).toBe('InternalServerErrorException');
  });

  it('is 502 where the function throws', async () => {
    await api.answering('GET', '/throws', 'export const handler = async () => { throw new Error("secret"); };');
    const response = await fetch(`${api.url()}/throws`);
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('secret');
  });

  it('is 504 where the function is slower than the integration may be', async () => {
    await api.answering('GET', '/slow', 'export const handler = () => new Promise(done => setTimeout(done, 5000));');
    const waiting = fetch(`${api.url()}/slow`);
    let settled = false;
    waiting.then(() => {
      settled = true;
    });
    await new Promise(resolve => setTimeout(resolve, 150));
    api.cloud.clock.advance(28_000);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(settled).toBe(false);
    api.cloud.clock.advance(1000);
    const response = await waiting;
    expect(response.status).toBe(504);
    expect(await response.json()).toEqual({ message: 'Endpoint request timed out' });
  });

  it('is 500 where no permission lets the API call the function', async () => {
    const made = await makeFunction(api.cloud, 'Forbidden', SAY('{ statusCode: 200 }'));
    await api.method('GET', '/forbidden', proxyTo(made));
    const response = await fetch(`${api.url()}/forbidden`);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
    expect(JSON.stringify(api.logged)).toContain('is not authorized to perform: lambda:InvokeFunction');
  });

  it('is 413 where the body is larger than the gateway, or than Lambda, takes', async () => {
    await api.answering('POST', '/large', SAY('{ statusCode: 200 }'));
    for (const size of [10 * 1024 * 1024 + 1, 7 * 1024 * 1024]) {
      const response = await fetch(`${api.url()}/large`, { method: 'POST', body: 'x'.repeat(size) });
      expect(response.status).toBe(413);
      expect(await response.json()).toEqual({ message: 'Request Too Long' });
    }
    expect((await fetch(`${api.url()}/large`, { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024) })).status).toBe(200);
  });

  it('is made by the gateway for a mock', async () => {
    await api.method('OPTIONS', '/preflight', {
      type: 'mock',
      requestTemplates: { 'application/json': '{ statusCode: 204 }' },
      responses: {
        default: {
          statusCode: '204',
          responseParameters: { 'method.response.header.Access-Control-Allow-Origin': "'*'" },
        },
      },
    });
    await api.method('GET', '/version', {
      type: 'mock',
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      responses: {
        '5\\d{2}': { statusCode: '500' },
        default: { statusCode: '200', responseTemplates: { 'application/json': '{"stage":"$context.stage"}' } },
      },
    });
    const options = await fetch(`${api.url()}/preflight`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    expect(await (await fetch(`${api.url()}/version`)).json()).toEqual({ stage: 'live' });
  });
});
