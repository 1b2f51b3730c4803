import { describe, expect, test } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import type { Route } from '../../functions/http/route.ts';
import { AT_THE_GATE } from '../../functions/reference/openapi/refusals.ts';
import { ROUTES } from '../../functions/routes.ts';
import { assembly, type Found, resources } from './synthesised.ts';

const [api] = resources('AWS::ApiGateway::RestApi');
const [stage] = resources('AWS::ApiGateway::Stage');
const [authorizer] = resources('AWS::ApiGateway::Authorizer');
const methods = resources('AWS::ApiGateway::Method');
const parts = new Map(resources('AWS::ApiGateway::Resource').map(part => [`<${part.logicalId}>`, part.properties]));

function pathOf(resourceId: string): string {
  const part = parts.get(resourceId);
  return part ? `${pathOf(part.ParentId)}/${part.PathPart}` : '';
}

const routeOf = ({ properties }: Found) => `${properties.HttpMethod} ${pathOf(properties.ResourceId) || '/'}`;

/** What anybody may read without a key: nothing else. */
const PUBLIC = ['GET /', 'GET /docs', 'GET /docs/problems', 'GET /openapi.json', 'GET /v1/terms'];
const isPublic = (method: Found): boolean => PUBLIC.includes(routeOf(method));
/** What its sender signs, by the function that verifies that. */
const SIGNED: Readonly<Record<string, string>> = {
  'POST /v1/webhooks/stripe': 'functions/payments/stripe-webhook.lambda.ts',
};
const isSigned = (method: Found): boolean => routeOf(method) in SIGNED;
/** What a browser asks before a page calls. */
const isPreflight = ({ properties }: Found): boolean => properties.HttpMethod === 'OPTIONS';
const isGuarded = (method: Found): boolean => !isPublic(method) && !isSigned(method) && !isPreflight(method);

describe('the API', () => {
  test('takes the usage plan key from the authorizer', () => {
    expect(api?.properties.ApiKeySourceType).toBe('AUTHORIZER');
  });

  test('asks the authorizer about every request and remembers nothing', () => {
    expect(authorizer?.properties).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(authorizer?.properties.IdentitySource ?? '').toBe('');
  });

  test('has exactly the routes of the contracts, the public pages, and what is signed', () => {
    const routes = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`);
    expect(routes.length).toBeGreaterThan(40);
    const called = methods.filter(method => !isPreflight(method));
    expect(called.map(routeOf).sort()).toEqual([...routes, ...PUBLIC, ...Object.keys(SIGNED)].sort());
  });

  test('answers preflights on every path that pages may call, and on no other', () => {
    const paths = Object.values(ROUTES).map(({ path }) => path);
    const pages = PUBLIC.map(route => route.split(' ')[1]);
    const wanted = [...new Set([...paths, ...pages])].map(path => `OPTIONS ${path}`);
    expect(methods.filter(isPreflight).map(routeOf).sort()).toEqual(wanted.sort());
  });

  test('leaves its stack room below the 500 resources that it may have', () => {
    const [stack] = assembly.stacks.filter(({ name }) => name === api?.stack);
    expect(Object.keys(stack?.template.Resources ?? {}).length).toBeLessThan(490);
  });

  test.each([
    ...new Set(['functions/reference/reference.lambda.ts', ...Object.values(ROUTES).map(({ entry }) => entry.source)]),
  ])('%s knows the origins whose pages may call', source => {
    const [responding] = resources('AWS::Lambda::Function').filter(
      ({ properties }) => properties.Description === source,
    );
    expect(responding?.properties.Environment.Variables.CORS_ORIGINS).toBe('http://127.0.0.1:4480');
  });

  test('gives each route the name that its contract has', () => {
    const named = methods.filter(isGuarded).map(method => method.properties.OperationName);
    expect(named.sort()).toEqual(Object.keys(ROUTES).sort());
  });

  test.each(methods.filter(isGuarded).map(method => [routeOf(method), method] as const))(
    '%s wants the authorizer, and a usage plan where keys may call and are counted',
    (_, method) => {
      const { permission, metered = true } = ROUTES[method.properties.OperationName] ?? {};
      expect(method.properties).toMatchObject({
        ApiKeyRequired: permission !== undefined && metered,
        AuthorizationType: 'CUSTOM',
        AuthorizerId: `<${authorizer?.logicalId}>`,
        Integration: { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' },
      });
    },
  );

  test.each(methods.filter(method => routeOf(method)).map(method => [routeOf(method), method] as const))(
    '%s streams where its entry says so, for as long as its function may run, and else is sent whole',
    (_, method) => {
      const { ResponseTransferMode, Uri, TimeoutInMillis } = method.properties.Integration;
      const route: Route | undefined = ROUTES[method.properties.OperationName];
      const { streams } = route?.entry ?? {};
      const answering = resources('AWS::Lambda::Function').find(({ logicalId }) =>
        JSON.stringify(Uri).includes(logicalId),
      );
      const called = streams ? '/2021-11-15/functions/.*/response-streaming-invocations' : '/2015-03-31/.*/invocations';
      expect(JSON.stringify(Uri)).toMatch(new RegExp(called));
      expect({ ResponseTransferMode, TimeoutInMillis }).toEqual(
        streams ? { ResponseTransferMode: 'STREAM', TimeoutInMillis: streams.seconds * 1000 } : {},
      );
      const seconds = answering?.properties.Timeout;
      if (streams) expect([seconds, seconds <= 900]).toEqual([streams.seconds, true]);
      else expect(seconds).toBeLessThan(29);
    },
  );

  test('streams the bytes and the events of a video', () => {
    const streamed = Object.entries(ROUTES).filter(([, { entry }]: [string, Route]) => entry.streams);
    expect(streamed.map(([name]) => name).sort()).toEqual(['videoContent', 'videoEvents']);
  });

  test.each(
    methods.filter(method => isPublic(method) || isPreflight(method)).map(method => [routeOf(method), method] as const),
  )('%s is open, and answered by the one function that has no grant on anything', (_, method) => {
    expect(method.properties).toMatchObject({ ApiKeyRequired: false, AuthorizationType: 'NONE' });
    const [reference] = resources('AWS::Lambda::Function').filter(
      ({ properties }) => properties.Description === 'functions/reference/reference.lambda.ts',
    );
    expect(JSON.stringify(method.properties.Integration.Uri)).toContain(`<${reference?.logicalId}.Arn>`);
    const variables = Object.keys(reference?.properties.Environment.Variables);
    expect(variables.filter(name => !name.startsWith('POWERTOOLS_'))).toEqual(['CORS_ORIGINS']);
  });

  test.each(methods.filter(isSigned).map(method => [routeOf(method), method] as const))(
    '%s is answered by the function that verifies the signature, and by no other',
    (route, method) => {
      expect(method.properties).toMatchObject({ ApiKeyRequired: false, AuthorizationType: 'NONE' });
      const [verifying] = resources('AWS::Lambda::Function').filter(
        ({ properties }) => properties.Description === SIGNED[route],
      );
      expect(JSON.stringify(method.properties.Integration.Uri)).toContain(`<${verifying?.logicalId}.Arn>`);
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
      ErrCode: errCode,
      ErrMsg: expect.any(String),
      Resp: null,
      type: `/docs/problems#${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status: Number(status),
      detail: message,
      code: expect.any(String),
      param: null,
      instance: 'urn:request:$context.requestId',
      error: { message, type: expect.stringMatching(/_error$/), param: null, code },
    });
  });

  test('is explained to readers, code by code', () => {
    const said = [...answers.values()].map(({ StatusCode, ResponseTemplates }) => {
      const { code } = JSON.parse(ResponseTemplates['application/json'].replace('$context.authorizer.errCode', '7'));
      return `${code} ${StatusCode}`;
    });
    // The authorizer's own: which of the two it is, it says itself.
    const wanted = [...said.filter(each => !each.startsWith('$')), 'key_refused 401', 'account_not_active 401'];
    const explained = AT_THE_GATE.map(({ code, status }) => `${code} ${status}`);
    expect(explained.sort()).toEqual([...new Set(wanted)].sort());
  });

  test('names the request, and can be read by a page of any origin', () => {
    expect(answers.size).toBe(12);
    for (const { ResponseParameters } of answers.values()) {
      expect(ResponseParameters).toMatchObject({
        'gatewayresponse.header.x-request-id': 'context.requestId',
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        'gatewayresponse.header.Access-Control-Expose-Headers': expect.stringContaining('x-request-id'),
      });
    }
  });

  test('tells a throttled caller when to come back', () => {
    const late = [...answers].filter(([, { StatusCode }]) => StatusCode === '429');
    expect(
      late.map(([type, answer]) => [type, answer.ResponseParameters['gatewayresponse.header.Retry-After']]),
    ).toEqual(
      expect.arrayContaining([
        ['THROTTLED', "'1'"],
        ['QUOTA_EXCEEDED', "'3600'"],
      ]),
    );
    expect(late).toHaveLength(2);
  });

  test("passes on the authorizer's own reason for a refusal", () => {
    expect(answers.get('ACCESS_DENIED').ResponseTemplates['application/json']).toContain('$context.authorizer.errMsg');
    expect(answers.get('ACCESS_DENIED').ResponseTemplates['application/json']).toContain('$context.authorizer.errKind');
  });
});
