import { afterEach, describe, expect, it } from 'vitest';
import { type RestApi, startRestApi } from '../support/rest-api.ts';

let api: RestApi;
afterEach(() => api.cloud.stop());

const ECHO = 'export const handler = async e => ({ statusCode: 200, body: JSON.stringify(e) });';
/** Says in `x-says` what the authorizer is to answer; counts how often it was asked. */
const AUTHORIZER = `
  let asked = 0;
  const policy = (Effect, Resource) => ({ Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] });
  export const handler = async event => {
    asked += 1;
    const answer = { principalId: 'me', policyDocument: policy('Allow', event.methodArn.split('/').slice(0, 2).join('/') + '/*') };
    const says = event.headers['X-Says'] ?? '';
    if (says === 'unauthorized') throw new Error('Unauthorized');
    if (says === 'throw') throw new Error('broken');
    if (says === 'deny') answer.policyDocument = policy('Deny', '*');
    if (says === 'this') answer.policyDocument = policy('Allow', event.methodArn);
    if (says === 'other') answer.policyDocument = policy('Allow', event.methodArn + '/other');
    if (says === 'text') return 'yes';
    if (says === 'nameless') delete answer.principalId;
    if (says === 'nested') answer.context = { list: [] };
    else answer.context = { account: 'acct_1', level: 3, trusted: true, nothing: null, asked, event: JSON.stringify(event) };
    return answer;
  };`;

async function startGuarded(properties: Record<string, unknown> = {}): Promise<void> {
  api = await startRestApi();
  const guard = await api.authorizer(AUTHORIZER, properties);
  await api.answering('GET', '/one', ECHO, guard);
  await api.answering('GET', '/two/{id}', ECHO, guard);
}

async function call(path: string, says = 'allow', more: Record<string, string> = {}) {
  const headers = { 'X-Says': says, Authorization: 'k', ...more };
  const response = await fetch(api.url() + path, { headers });
  const body = (await response.json()) as { requestContext: { authorizer: Record<string, string> } };
  return { status: response.status, type: response.headers.get('x-amzn-errortype'), body };
}

describe('an authorizer', () => {
  it('gives its context to the function, each value as text', async () => {
    await startGuarded();
    const { status, body } = await call('/two/7?page=2');
    expect(status).toBe(200);
    const { authorizer } = body.requestContext;
    expect(authorizer).toMatchObject({ principalId: 'me', account: 'acct_1', level: '3', trusted: 'true' });
    expect(authorizer).not.toHaveProperty('nothing');
    expect(authorizer.integrationLatency).toEqual(expect.any(Number));
    expect(JSON.parse(authorizer.event ?? '')).toMatchObject({
      type: 'REQUEST',
      methodArn: `arn:aws:execute-api:us-east-1:000000000000:${api.api.ref}/live/GET/two/7`,
      resource: '/two/{id}',
      pathParameters: { id: '7' },
      queryStringParameters: { page: '2' },
      requestContext: { stage: 'live' },
    });
    expect(JSON.parse(authorizer.event ?? '')).not.toHaveProperty('body');
  });

  it.each([
    ['unauthorized', 401, 'UnauthorizedException', { message: 'Unauthorized' }],
    [
      'deny',
      403,
      'AccessDeniedException',
      { Message: 'User is not authorized to access this resource with an explicit deny' },
    ],
    ['other', 403, 'AccessDeniedException', { Message: 'User is not authorized to access this resource' }],
    ['throw', 500, 'AuthorizerFailureException', { message: null }],
    ['text', 500, 'AuthorizerConfigurationException', { message: null }],
    ['nameless', 500, 'AuthorizerConfigurationException', { message: null }],
    ['nested', 500, 'AuthorizerConfigurationException', { message: null }],
  ])('that answers %s ends the request with %d %s', async (says, status, type, body) => {
    await startGuarded();
    expect(await call('/one', says)).toEqual({ status, type, body });
  });

  it('is not asked where an identity source is missing', async () => {
    await startGuarded({ identitySource: 'method.request.header.Authorization, method.request.querystring.v' });
    expect(await call('/one')).toMatchObject({ status: 401 });
    expect(await call('/one?v=1', 'allow', { Authorization: '' })).toMatchObject({ status: 401 });
    const { body } = await call('/one?v=1');
    expect(body.requestContext.authorizer.asked).toBe('1');
  });

  it('is asked for each request where its time to live is zero', async () => {
    await startGuarded({ identitySource: 'method.request.header.Authorization' });
    await call('/one');
    expect((await call('/one')).body.requestContext.authorizer.asked).toBe('2');
  });

  it('is asked once for one identity until its time to live is over', async () => {
    const identitySource = 'method.request.header.Authorization';
    await startGuarded({ identitySource, authorizerResultTtlInSeconds: 30 });
    const asked = async (who: string) =>
      (await call('/one', 'allow', { Authorization: who })).body.requestContext.authorizer.asked;
    expect([await asked('a'), await asked('a'), await asked('b'), await asked('a')]).toEqual(['1', '1', '2', '1']);
    api.cloud.clock.advance(29_000);
    expect(await asked('a')).toBe('1');
    api.cloud.clock.advance(1000);
    expect(await asked('a')).toBe('3');
  });

  it('whose kept policy names one method refuses the next', async () => {
    const identitySource = 'method.request.header.Authorization';
    await startGuarded({ identitySource, authorizerResultTtlInSeconds: 60 });
    expect((await call('/one', 'this')).status).toBe(200);
    expect((await call('/two/7', 'this')).status).toBe(403);
  });

  it('that the API may not call is a configuration error', async () => {
    await startGuarded();
    const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Test-Authorize';
    api.cloud.context.iam.setResourcePolicy(functionArn, 'Test-PAuthorize', []);
    expect(await call('/one')).toMatchObject({ status: 500, type: 'AuthorizerConfigurationException' });
  });
});

describe('a resource policy', () => {
  it('lets in whom it allows, and nobody else', async () => {
    api = await startRestApi({
      Policy: {
        Statement: [
          { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/live/*' },
          { Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*/GET/closed' },
        ],
      },
    });
    await api.answering('GET', '/open', ECHO);
    await api.answering('GET', '/closed', ECHO);
    expect((await call('/open')).status).toBe(200);
    expect(await call('/closed')).toMatchObject({ status: 403, type: 'AccessDeniedException' });
  });
});
