import { describe, expect, test } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import type { Route } from '../../functions/http/route.ts';
import { AT_THE_GATE } from '../../functions/reference/openapi/refusals.ts';
import { ROUTES } from '../../functions/routes.ts';
import { type Found, resources } from './synthesised.ts';

const [api] = resources('AWS::ApiGateway::RestApi');
const [stage] = resources('AWS::ApiGateway::Stage');
const functions = resources('AWS::Lambda::Function');
const definition = api?.properties.Body;

/** A verb on a path, as the definition has it. */
interface Method {
  readonly verb: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads members of every shape and fails where one is missing.
  readonly operation: any;
}

const methods: readonly Method[] = Object.entries(definition.paths as Record<string, Record<string, unknown>>).flatMap(
  ([path, item]) => Object.entries(item).map(([verb, operation]) => ({ verb: verb.toUpperCase(), path, operation })),
);
const routeOf = ({ verb, path }: Method) => `${verb} ${path}`;
const at = (route: string): Method => methods.find(method => routeOf(method) === route) ?? expect.fail(route);

/** The function behind a method. */
function responding({ operation }: Method): Found {
  const uri: string = operation['x-amazon-apigateway-integration'].uri;
  const [, logicalId] = /functions\/<(\w+)\.Arn>\//.exec(uri) ?? [];
  return functions.find(made => made.logicalId === logicalId) ?? expect.fail(uri);
}
const [reference] = functions.filter(
  ({ properties }) => properties.Description === 'functions/reference/reference.lambda.ts',
);

/** What anybody may read without a key: nothing else. */
const PUBLIC = [
  'GET /',
  'GET /docs',
  'GET /docs/{page}',
  'GET /openapi.json',
  'GET /privacy',
  'GET /sign-in',
  'GET /v1/privacy',
  'GET /v1/terms',
];
const isPublic = (method: Method): boolean => PUBLIC.includes(routeOf(method).replace(/^HEAD /, 'GET '));
/** What its sender signs, by the function that verifies that. */
const SIGNED: Readonly<Record<string, string>> = {
  'POST /v1/webhooks/stripe': 'functions/payments/stripe-webhook.lambda.ts',
};
/** What names nobody and anybody may read who knows where it is, by the function that may read it and nothing else. */
const HANDED: Readonly<Record<string, string>> = {
  'GET /.well-known/jwks.json': 'functions/certificates/key-set.lambda.ts',
  'GET /v1/certificates/{id}': 'functions/certificates/certificates.lambda.ts',
  'GET /v1/certificates/{id}/pdf': 'functions/certificates/certificates.lambda.ts',
};
const handedBy = (method: Method): string | undefined => HANDED[routeOf(method).replace(/^HEAD /, 'GET ')];
const isHanded = (method: Method): boolean => handedBy(method) !== undefined;
const isSigned = (method: Method): boolean => routeOf(method) in SIGNED;
/** What a browser asks before a page calls. */
const isPreflight = ({ verb }: Method): boolean => verb === 'OPTIONS';
const isGuarded = (method: Method): boolean =>
  !isPublic(method) && !isHanded(method) && !isSigned(method) && !isPreflight(method);
/** The route of the contracts that a method is of; HEAD is that of GET. */
const contractOf = ({ verb, path }: Method): [string, Route] => {
  const method = verb === 'HEAD' ? 'GET' : verb;
  const found = Object.entries(ROUTES).find(([, route]) => route.method === method && route.path === path);
  return found ?? expect.fail(`${verb} ${path}`);
};
const named = (some: readonly Method[]) => some.map(method => [routeOf(method), method] as const);

describe('the API', () => {
  test('is imported whole, as an OpenAPI document that replaces the one before', () => {
    expect(definition).toMatchObject({ openapi: '3.0.1', info: { title: 'mutoscope-dev', version: '1' } });
    expect(api?.properties).toMatchObject({
      Name: definition.info.title,
      Mode: 'overwrite',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      Parameters: { endpointConfigurationTypes: 'REGIONAL' },
    });
    // What would be a call of API Gateway's control plane for each, of which it takes a few in a second.
    for (const type of ['Resource', 'Method', 'Authorizer', 'GatewayResponse', 'Model', 'RequestValidator']) {
      expect(resources(`AWS::ApiGateway::${type}`), type).toEqual([]);
    }
  });

  test('takes the usage plan key from the authorizer', () => {
    expect(definition['x-amazon-apigateway-api-key-source']).toBe('AUTHORIZER');
    expect(definition.components.securitySchemes.api_key).toEqual({ type: 'apiKey', name: 'x-api-key', in: 'header' });
  });

  test('asks the authorizer about every request and remembers nothing', () => {
    const [authorizer] = functions.filter(
      ({ properties }) => properties.Description === 'functions/keys/authorizer.lambda.ts',
    );
    const uri = `lambda:path/2015-03-31/functions/<${authorizer?.logicalId}.Arn>/invocations`;
    expect(definition.components.securitySchemes.authorizer).toEqual({
      type: 'apiKey',
      name: 'Unused',
      in: 'header',
      'x-amazon-apigateway-authtype': 'custom',
      'x-amazon-apigateway-authorizer': {
        type: 'request',
        authorizerUri: `arn:<AWS::Partition>:apigateway:<AWS::Region>:${uri}`,
        authorizerResultTtlInSeconds: 0,
      },
    });
    expect(Object.keys(definition.components.securitySchemes)).toEqual(['authorizer', 'api_key']);
  });

  test('takes pictures and forms as bytes', () => {
    const types = definition['x-amazon-apigateway-binary-media-types'];
    expect(types).toEqual(['multipart/form-data', 'image/*', 'application/octet-stream']);
  });

  test('has exactly the routes of the contracts, the public pages, and what is signed', () => {
    const routes = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`);
    expect(routes.length).toBeGreaterThan(40);
    const called = methods.filter(method => !isPreflight(method) && method.verb !== 'HEAD');
    expect(called.map(routeOf).sort()).toEqual(
      [...routes, ...PUBLIC, ...Object.keys(HANDED), ...Object.keys(SIGNED)].sort(),
    );
  });

  test('answers OPTIONS on every path', () => {
    const paths = Object.keys(definition.paths);
    expect(methods.filter(isPreflight).map(routeOf).sort()).toEqual(paths.map(path => `OPTIONS ${path}`).sort());
  });

  test('answers HEAD wherever it answers GET, in the same way, under no name of its own', () => {
    const gets = methods.filter(({ verb }) => verb === 'GET');
    const heads = methods.filter(({ verb }) => verb === 'HEAD');
    expect(heads.map(({ path }) => path).sort()).toEqual(gets.map(({ path }) => path).sort());
    for (const { path, operation } of heads) {
      const { operationId, ...same } = at(`GET ${path}`).operation;
      expect(operation).toEqual(same);
    }
  });

  test('has every function that responds in its own stack, and lets API Gateway call each with one permission', () => {
    const called = new Set([...methods.map(responding)].map(({ logicalId }) => logicalId));
    const source = `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api?.logicalId}>`;
    const permissions = resources('AWS::Lambda::Permission').filter(({ properties }) =>
      String(properties.Principal).startsWith('apigateway.'),
    );
    const said = permissions.map(({ stack, properties }) => [stack, properties.FunctionName, properties.SourceArn]);
    const wanted = [...called].map(id => [api?.stack, `<${id}.Arn>`, `${source}/*/*/*`]);
    const [guard] = functions.filter(({ properties }) => properties.Description.endsWith('/authorizer.lambda.ts'));
    wanted.push([api?.stack, `<${guard?.logicalId}.Arn>`, `${source}/authorizers/*`]);
    expect(said.sort()).toEqual(wanted.sort());
  });

  test.each([
    ...new Set(['functions/reference/reference.lambda.ts', ...Object.values(ROUTES).map(({ entry }) => entry.source)]),
  ])('%s knows the origins whose pages may call', source => {
    const [made] = functions.filter(({ properties }) => properties.Description === source);
    expect(made?.properties.Environment.Variables.CORS_ORIGINS).toBe('http://127.0.0.1:4480');
  });

  test('gives each route the name that its contract has, and its function', () => {
    const guarded = methods.filter(method => isGuarded(method) && method.verb !== 'HEAD');
    expect(guarded.map(({ operation }) => operation.operationId).sort()).toEqual(Object.keys(ROUTES).sort());
    for (const method of guarded) {
      const [name, { entry }] = contractOf(method);
      expect(method.operation.operationId).toBe(name);
      expect(responding(method).properties.Description).toBe(entry.source);
    }
  });

  // What the AwsSolutions checks say of methods, APIG4 and COG4, they cannot see in a definition: so it is said here.
  test.each(named(methods.filter(isGuarded)))(
    '%s wants the authorizer, and a usage plan where keys may call and are counted',
    (_, method) => {
      const [, { permission, metered = true }] = contractOf(method);
      const counted = permission !== undefined && metered;
      expect(method.operation.security).toEqual([{ authorizer: [] }, ...(counted ? [{ api_key: [] }] : [])]);
      expect(method.operation['x-amazon-apigateway-integration']).toMatchObject({
        type: 'aws_proxy',
        httpMethod: 'POST',
      });
    },
  );

  test.each(named(methods))(
    '%s streams where its entry says so, for as long as its function may run, and else is sent whole',
    (_, method) => {
      const { responseTransferMode, uri, timeoutInMillis } = method.operation['x-amazon-apigateway-integration'];
      const { streams } = isGuarded(method) ? contractOf(method)[1].entry : {};
      const called = streams ? '/2021-11-15/functions/.*/response-streaming-invocations' : '/2015-03-31/.*/invocations';
      expect(uri).toMatch(new RegExp(`^arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path${called}$`));
      expect({ responseTransferMode, timeoutInMillis }).toEqual(
        streams ? { responseTransferMode: 'STREAM', timeoutInMillis: streams.seconds * 1000 } : {},
      );
      const seconds = responding(method).properties.Timeout;
      if (streams) expect([seconds, seconds <= 900]).toEqual([streams.seconds, true]);
      else expect(seconds).toBeLessThan(29);
    },
  );

  test('streams the bytes and the events of a video', () => {
    const streamed = Object.entries(ROUTES).filter(([, { entry }]: [string, Route]) => entry.streams);
    expect(streamed.map(([name]) => name).sort()).toEqual(['videoContent', 'videoEvents']);
  });

  // Open: a browser asks OPTIONS before it sends a key, and the answer names methods and origins alone; the pages are for
  // everybody before they have a key, made of the code alone but for what any browser is told of the user pools.
  test.each(named(methods.filter(method => isPublic(method) || isPreflight(method))))(
    '%s is open, and answered by the one function that has no grant on anything',
    (_, method) => {
      expect(method.operation).not.toHaveProperty('security');
      expect(responding(method).logicalId).toBe(reference?.logicalId);
      const variables = Object.keys(reference?.properties.Environment.Variables);
      expect(variables.filter(name => !name.startsWith('POWERTOOLS_'))).toEqual([
        'CORS_ORIGINS',
        'SUPPORT',
        // Of the page to sign in at: clients and domains of the user pools, which any browser is told.
        'SIGN_INS',
        'SIGN_IN_CALLBACKS',
      ]);
    },
  );

  test.each(named(methods.filter(isHanded)))(
    '%s is open, and answered by the one function that reads it',
    (_, method) => {
      expect(method.operation).not.toHaveProperty('security');
      expect(responding(method).properties.Description).toBe(handedBy(method));
    },
  );

  test.each(named(methods.filter(isSigned)))(
    '%s is answered by the function that verifies the signature, and by no other',
    (route, method) => {
      expect(method.operation).not.toHaveProperty('security');
      expect(responding(method).properties.Description).toBe(SIGNED[route]);
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
  // biome-ignore lint/suspicious/noExplicitAny: a test reads members of every shape and fails where one is missing.
  const answers = new Map<string, any>(Object.entries(definition['x-amazon-apigateway-gateway-responses']));

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
    const { statusCode, responseTemplates } = answers.get(type) ?? expect.fail();
    expect(statusCode).toBe(status);
    const text = responseTemplates['application/json'].replace('$context.authorizer.errCode', '7');
    const said = JSON.parse(text);
    const { ErrMsg: message, code } = said;
    expect(said).toEqual({
      ErrCode: errCode,
      ErrMsg: expect.any(String),
      Resp: null,
      type: `https://$context.domainName/$context.stage/docs/problems#${code}`,
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
    const said = [...answers.values()].map(({ statusCode, responseTemplates }) => {
      const { code } = JSON.parse(responseTemplates['application/json'].replace('$context.authorizer.errCode', '7'));
      return `${code} ${statusCode}`;
    });
    // The authorizer's own: which of the two it is, it says itself.
    const wanted = [...said.filter(each => !each.startsWith('$')), 'key_refused 401', 'account_not_active 401'];
    const explained = AT_THE_GATE.map(({ code, status }) => `${code} ${status}`);
    expect(explained.sort()).toEqual([...new Set(wanted)].sort());
  });

  test('names the request, and can be read by a page of any origin', () => {
    expect(answers.size).toBe(12);
    for (const { responseParameters } of answers.values()) {
      expect(responseParameters).toMatchObject({
        'gatewayresponse.header.x-request-id': 'context.requestId',
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
        'gatewayresponse.header.Access-Control-Expose-Headers': expect.stringContaining('x-request-id'),
      });
    }
  });

  test('tells a throttled caller when to come back', () => {
    const late = [...answers].filter(([, { statusCode }]) => statusCode === '429');
    expect(
      late.map(([type, { responseParameters }]) => [type, responseParameters['gatewayresponse.header.Retry-After']]),
    ).toEqual(
      expect.arrayContaining([
        ['THROTTLED', "'1'"],
        ['QUOTA_EXCEEDED', "'3600'"],
      ]),
    );
    expect(late).toHaveLength(2);
  });

  test("passes on the authorizer's own reason for a refusal", () => {
    expect(answers.get('ACCESS_DENIED').responseTemplates['application/json']).toContain('$context.authorizer.errMsg');
    expect(answers.get('ACCESS_DENIED').responseTemplates['application/json']).toContain('$context.authorizer.errKind');
  });
});
