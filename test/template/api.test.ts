import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PLANS } from '../../functions/credits/plans.ts';
import type { Route } from '../../functions/platform/route.ts';
import { type Found, ROOT, resources } from './synthesised.ts';

const [api] = resources('AWS::ApiGateway::RestApi');
const [stage] = resources('AWS::ApiGateway::Stage');
const [authorizer] = resources('AWS::ApiGateway::Authorizer');
const methods = resources('AWS::ApiGateway::Method');
const parts = new Map(resources('AWS::ApiGateway::Resource').map(part => [`<${part.logicalId}>`, part.properties]));

function pathOf(resourceId: string): string {
  const part = parts.get(resourceId);
  return part ? `${pathOf(part.ParentId)}/${part.PathPart}` : '';
}

const routeOf = ({ properties }: Found) => `${properties.HttpMethod} ${pathOf(properties.ResourceId)}`;

describe('the API', () => {
  test('takes the usage plan key from the authorizer', () => {
    expect(api?.properties.ApiKeySourceType).toBe('AUTHORIZER');
  });

  test('asks the authorizer about every request and remembers nothing', () => {
    expect(authorizer?.properties).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(authorizer?.properties.IdentitySource ?? '').toBe('');
  });

  test('has exactly the routes of the contracts', async () => {
    const files = globSync('functions/**/*contract.ts', { cwd: ROOT });
    const exported = await Promise.all(files.map(async file => Object.values(await import(join(ROOT, file)))));
    // Contracts also export what they share of bodies.
    const contracts = exported.flat().filter((value): value is Route => Object(value).permission !== undefined);
    expect(contracts.length).toBeGreaterThan(30);
    expect(methods.map(routeOf).sort()).toEqual(contracts.map(({ method, path }) => `${method} ${path}`).sort());
  });

  test.each(methods.map(method => [routeOf(method), method] as const))(
    '%s wants the authorizer and a key',
    (_, method) => {
      expect(method.properties).toMatchObject({
        ApiKeyRequired: true,
        AuthorizationType: 'CUSTOM',
        AuthorizerId: `<${authorizer?.logicalId}>`,
        Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' },
      });
    },
  );

  test('logs who called what, and no body', () => {
    const { AccessLogSetting, MethodSettings, TracingEnabled } = stage?.properties ?? {};
    expect(JSON.parse(AccessLogSetting.Format)).toMatchObject({ accountId: '$context.authorizer.accountId' });
    expect(MethodSettings).toEqual([expect.objectContaining({ DataTraceEnabled: false, ThrottlingRateLimit: 2000 })]);
    expect(TracingEnabled).toBe(true);
  });
});

describe('usage plans', () => {
  const plans = resources('AWS::ApiGateway::UsagePlan').map(({ properties }) => properties);

  test('are one for each plan, on the stage, with a throttle and a quota', () => {
    const wanted = Object.values(PLANS).map(plan => ({
      UsagePlanName: `mutoscope-dev-${plan.name}`,
      ApiStages: [{ ApiId: `<${api?.logicalId}>`, Stage: `<${stage?.logicalId}>`, Throttle: {} }],
      Throttle: { RateLimit: plan.requestsPerSecond, BurstLimit: plan.requestBurst },
      Quota: { Limit: plan.requestsPerDay, Period: 'DAY' },
    }));
    expect(plans).toEqual(wanted);
  });
});

describe('what the gateway itself answers', () => {
  const answers = new Map(
    resources('AWS::ApiGateway::GatewayResponse').map(({ properties }) => [properties.ResponseType, properties]),
  );

  test.each([
    ['UNAUTHORIZED', '401', 10001],
    ['ACCESS_DENIED', '401', 7],
    ['INVALID_API_KEY', '403', 10005],
    ['THROTTLED', '429', 500069],
    ['QUOTA_EXCEEDED', '429', 500069],
    ['REQUEST_TOO_LARGE', '413', 500030],
    ['MISSING_AUTHENTICATION_TOKEN', '404', 500008],
    ['BAD_REQUEST_BODY', '400', 400017],
    ['BAD_REQUEST_PARAMETERS', '400', 400017],
    ['INTEGRATION_TIMEOUT', '504', 99999],
    ['DEFAULT_4XX', '400', 99999],
    ['DEFAULT_5XX', '500', 99999],
  ])('%s is %s, as an envelope and as a problem', (type, status, errCode) => {
    const { StatusCode, ResponseTemplates } = answers.get(type) ?? expect.fail();
    expect(StatusCode).toBe(status);
    const text = ResponseTemplates['application/json'].replace('$context.authorizer.errCode', '7');
    const said = JSON.parse(text);
    const { ErrMsg: message, code } = said;
    expect(said).toEqual({
      ...{ ErrCode: errCode, ErrMsg: expect.any(String), Resp: null },
      ...{ type: `/docs/problems#${code}`, title: expect.stringMatching(/^[A-Z]/), status: Number(status) },
      ...{ detail: message, code: expect.any(String), param: null, instance: 'urn:request:$context.requestId' },
      error: { message, type: expect.stringMatching(/_error$/), param: null, code },
    });
  });

  test('tells a throttled caller when to come back', () => {
    expect(answers.get('THROTTLED').ResponseParameters).toEqual({ 'gatewayresponse.header.Retry-After': "'1'" });
  });

  test("passes on the authorizer's own reason for a refusal", () => {
    expect(answers.get('ACCESS_DENIED').ResponseTemplates['application/json']).toContain('$context.authorizer.errMsg');
    expect(answers.get('ACCESS_DENIED').ResponseTemplates['application/json']).toContain('$context.authorizer.errKind');
  });
});
