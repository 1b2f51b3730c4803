import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RestApi, startRestApi } from '../support/rest-api.ts';

let api: RestApi;
afterEach(() => api.cloud.stop());

const OK = 'export const handler = async () => ({ statusCode: 200, body: "ok" });';

const RESPONSES = 'x-amazon-apigateway-gateway-responses';

function customise(type: string, response: Record<string, unknown>): Promise<void> {
  return api.define(definition => {
    definition[RESPONSES] = { ...(definition[RESPONSES] ?? {}), [type]: response };
  });
}

describe('a gateway response', () => {
  beforeEach(async () => {
    api = await startRestApi({}, { Variables: { docs: 'https://docs.example' } });
  });

  it('has the status, headers and body that the template gives its type', async () => {
    await customise('MISSING_AUTHENTICATION_TOKEN', {
      statusCode: '404',
      responseParameters: {
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        'gatewayresponse.header.X-Request': 'context.requestId',
        'gatewayresponse.header.X-Origin': 'method.request.header.Origin',
      },
      responseTemplates: {
        'application/json':
          '{"detail":$context.error.messageString,"type":"$context.error.responseType","id":"$context.requestId","see":"$stageVariables.docs","who":"$context.authorizer.account"}',
      },
    });
    const response = await fetch(`${api.url()}/nowhere`, { headers: { Origin: 'https://x.example' } });
    expect(response.status).toBe(404);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('x-origin')).toBe('https://x.example');
    const id = response.headers.get('x-amzn-requestid');
    expect(response.headers.get('x-request')).toBe(id);
    expect(await response.json()).toEqual({
      detail: 'Missing Authentication Token',
      type: 'MISSING_AUTHENTICATION_TOKEN',
      id,
      see: 'https://docs.example',
      who: '',
    });
  });

  it('of a class is for every type that has none of its own', async () => {
    await customise('DEFAULT_4XX', {
      responseTemplates: { 'application/problem+json': '{"title":"$context.error.message"}' },
    });
    await customise('DEFAULT_5XX', { statusCode: '503' });
    const lost = await fetch(`${api.url()}/nowhere`);
    expect([lost.status, lost.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
    expect(await lost.json()).toEqual({ title: 'Missing Authentication Token' });
    await api.answering('GET', '/broken', 'export const handler = async () => "no";');
    const broken = await fetch(`${api.url()}/broken`);
    expect(broken.status).toBe(503);
    expect(await broken.json()).toEqual({ message: 'Internal server error' });
    await customise('DEFAULT_5XX', { responseTemplates: { 'application/json': '{"m":$context.error.messageString}' } });
    expect(await (await fetch(`${api.url()}/broken`)).json()).toEqual({ m: 'Internal server error' });
  });

  it('refuses at the boot a variable that it does not know', async () => {
    const response = { responseTemplates: { 'application/json': '{"m":$context.error.stack}' } };
    await expect(customise('THROTTLED', response)).rejects.toThrow('does not know $context.error.stack');
  });

  it('of a refused caller can say what the authorizer knows', async () => {
    const guard = await api.authorizer(`export const handler = async () => ({
      principalId: 'me',
      policyDocument: { Statement: [{ Effect: 'Deny', Action: 'execute-api:Invoke', Resource: '*' }] },
      context: { status: '451', problem: '{"code":"suspended"}' },
    });`);
    await api.answering('GET', '/guarded', OK, guard);
    await customise('ACCESS_DENIED', {
      responseTemplates: { 'application/json': '$context.authorizer.problem' },
      responseParameters: { 'gatewayresponse.header.X-Real-Status': 'context.authorizer.status' },
    });
    const response = await fetch(`${api.url()}/guarded`);
    expect([response.status, response.headers.get('x-real-status')]).toEqual([403, '451']);
    expect(await response.json()).toEqual({ code: 'suspended' });
  });

  it('of missing parameters is given only where a validator checks them', async () => {
    await api.define(definition => {
      definition['x-amazon-apigateway-request-validators'] = {
        parameters: { validateRequestBody: false, validateRequestParameters: true },
      };
    });
    const parameters = [
      { name: 'page', in: 'query', required: true },
      { name: 'X-Must', in: 'header', required: true },
      { name: 'may', in: 'query', required: false },
    ];
    await api.answering('GET', '/lax', OK, { parameters });
    const validator = { 'x-amazon-apigateway-request-validator': 'parameters' };
    await api.answering('GET', '/strict', OK, { parameters, ...validator });
    expect((await fetch(`${api.url()}/lax`)).status).toBe(200);
    const response = await fetch(`${api.url()}/strict`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: 'Missing required request parameters: [page, X-Must]' });
    expect((await fetch(`${api.url()}/strict?page=1`, { headers: { 'x-must': 'y' } })).status).toBe(200);
  });
});

describe('the access log', () => {
  it('has a line for each request, in the format of the stage', async () => {
    const Format =
      '{"id":"$context.requestId","what":"$context.httpMethod $context.resourcePath","status":$context.status,"length":$context.responseLength,"ip":"$context.identity.sourceIp","who":"$context.authorizer.account"}';
    api = await startRestApi({}, { AccessLogSetting: { DestinationArn: 'arn:aws:logs:x', Format } });
    await api.answering('GET', '/things/{id}', OK);
    const response = await fetch(`${api.url()}/things/7`);
    await fetch(`${api.url()}/nowhere`);
    const lines = readFileSync(join(api.cloud.context.dataDir, 'logs', 'access.log'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.map(line => JSON.parse(line))).toEqual([
      {
        id: response.headers.get('x-amzn-requestid'),
        what: 'GET /things/{id}',
        status: 200,
        length: 2,
        ip: '127.0.0.1',
        who: '-',
      },
      expect.objectContaining({ what: 'GET -', status: 403 }),
    ]);
  });
});
