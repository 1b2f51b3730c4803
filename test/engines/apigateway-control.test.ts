import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetAccountCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetRestApisCommand,
  GetStagesCommand,
  GetUsagePlanCommand,
  GetUsagePlanKeyCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  UpdateApiKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RestApi, startRestApi } from '../support/rest-api.ts';

let api: RestApi;
let aws: APIGatewayClient;

beforeAll(async () => {
  const throttle = { HttpMethod: '*', ResourcePath: '/*', ThrottlingBurstLimit: 20, ThrottlingRateLimit: 10 };
  api = await startRestApi({}, { MethodSettings: [throttle], Variables: { a: '1' } });
  aws = new APIGatewayClient({ ...api.cloud.client, maxAttempts: 1 });
});
afterAll(() => api.cloud.stop());

async function makePlan(logicalId: string, properties: Record<string, unknown> = {}): Promise<string> {
  const ApiStages = [{ ApiId: api.api.ref, Stage: 'live' }];
  return (await api.cloud.make('AWS::ApiGateway::UsagePlan', logicalId, { ApiStages, ...properties })).ref;
}

async function makeKey(name: string, more: Record<string, unknown> = {}): Promise<string> {
  const { id } = await aws.send(new CreateApiKeyCommand({ name, enabled: true, ...more }));
  return id ?? '';
}

describe('keys', () => {
  it('are made with a value, shown only where it is asked for', async () => {
    const made = await aws.send(
      new CreateApiKeyCommand({ name: 'made', description: 'd', customerId: 'c1', tags: { a: 'b' } }),
    );
    expect(made).toMatchObject({ name: 'made', enabled: false, customerId: 'c1', tags: { a: 'b' } });
    expect(made.value).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(made.createdDate?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    const apiKey = made.id;
    expect((await aws.send(new GetApiKeyCommand({ apiKey }))).value).toBeUndefined();
    expect((await aws.send(new GetApiKeyCommand({ apiKey, includeValue: true }))).value).toBe(made.value);
  });

  it('are listed by name and customer, a page at a time', async () => {
    for (const name of ['list-1', 'list-2', 'list-3', 'other']) await makeKey(name, { customerId: 'lister' });
    const names: (string | undefined)[] = [];
    let position: string | undefined;
    do {
      const input = { nameQuery: 'list-', limit: 2, includeValues: true, ...(position ? { position } : {}) };
      const page = await aws.send(new GetApiKeysCommand(input));
      expect(page.items?.every(key => key.value)).toBe(true);
      names.push(...(page.items ?? []).map(key => key.name));
      position = page.position;
    } while (position);
    expect(names.sort()).toEqual(['list-1', 'list-2', 'list-3']);
    expect((await aws.send(new GetApiKeysCommand({ customerId: 'lister' }))).items).toHaveLength(4);
  });

  it('are changed and deleted, and leave their plans', async () => {
    const apiKey = await makeKey('changing');
    const usagePlanId = await makePlan('Leaving', { ApiStages: [] });
    await aws.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: apiKey, keyType: 'API_KEY' }));
    const patchOperations = [
      { op: 'replace' as const, path: '/enabled', value: 'false' },
      { op: 'replace' as const, path: '/description', value: 'new' },
    ];
    const changed = await aws.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
    expect(changed).toMatchObject({ name: 'changing', enabled: false, description: 'new' });
    await aws.send(new DeleteApiKeyCommand({ apiKey }));
    await expect(aws.send(new GetApiKeyCommand({ apiKey }))).rejects.toMatchObject({ name: 'NotFoundException' });
    expect((await aws.send(new GetUsagePlanKeysCommand({ usagePlanId }))).items).toEqual([]);
  });

  it('refuse a value that another has, one that is too short, and an unknown patch', async () => {
    const value = 'twice-twice-twice-twice';
    const apiKey = await makeKey('first', { value });
    await expect(makeKey('second', { value })).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(makeKey('short', { value: 'short' })).rejects.toMatchObject({ name: 'BadRequestException' });
    const patchOperations = [{ op: 'add' as const, path: '/stages', value: 'x' }];
    await expect(aws.send(new UpdateApiKeyCommand({ apiKey, patchOperations }))).rejects.toThrow('not add /stages');
    await expect(
      aws.send(new CreateApiKeyCommand({ stageKeys: [{ restApiId: 'a', stageName: 'b' }] })),
    ).rejects.toThrow('does not know stageKeys');
  });

  it('of the template keep their id and value', async () => {
    const properties = { Name: 'template', Enabled: true };
    const made = await api.cloud.make('AWS::ApiGateway::ApiKey', 'TemplateKey', properties);
    const usagePlanId = await makePlan('TemplatePlan', { ApiStages: [] });
    await api.cloud.make('AWS::ApiGateway::UsagePlanKey', 'Membership', {
      KeyId: made.ref,
      KeyType: 'API_KEY',
      UsagePlanId: usagePlanId,
    });
    const read = () => aws.send(new GetApiKeyCommand({ apiKey: made.ref, includeValue: true }));
    const { value } = await read();
    await api.cloud.make('AWS::ApiGateway::ApiKey', 'TemplateKey', { ...properties, Description: 'again' });
    expect(await read()).toMatchObject({ value, description: 'again' });
    expect(await aws.send(new GetUsagePlanKeyCommand({ usagePlanId, keyId: made.ref }))).toMatchObject({ value });
  });
});

describe('usage plans', () => {
  it('are described as the template made them', async () => {
    const usagePlanId = await makePlan('Described', {
      UsagePlanName: 'pro',
      Description: 'for professionals',
      Throttle: { BurstLimit: 20, RateLimit: 10 },
      Quota: { Limit: 1000, Period: 'MONTH' },
      ApiStages: [{ ApiId: api.api.ref, Stage: 'live', Throttle: { '/videos/POST': { BurstLimit: 2, RateLimit: 1 } } }],
    });
    const plan = await aws.send(new GetUsagePlanCommand({ usagePlanId }));
    expect(plan).toMatchObject({
      id: usagePlanId,
      name: 'pro',
      throttle: { burstLimit: 20, rateLimit: 10 },
      quota: { limit: 1000, offset: 0, period: 'MONTH' },
      apiStages: [{ apiId: api.api.ref, stage: 'live', throttle: { '/videos/POST': { burstLimit: 2, rateLimit: 1 } } }],
    });
    const listed = await aws.send(new GetUsagePlansCommand({ limit: 500 }));
    expect(listed.items?.map(({ id }) => id)).toContain(usagePlanId);
  });

  it('take a key once, and only into one plan of a stage', async () => {
    const [free, pro, elsewhere] = [
      await makePlan('Free'),
      await makePlan('Pro'),
      await makePlan('Else', { ApiStages: [] }),
    ];
    const keyId = await makeKey('moving');
    const join = (usagePlanId: string) =>
      aws.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
    expect(await join(free)).toMatchObject({ id: keyId, type: 'API_KEY', name: 'moving' });
    await expect(join(free)).rejects.toMatchObject({ name: 'ConflictException', $metadata: { httpStatusCode: 409 } });
    await expect(join(pro)).rejects.toMatchObject({ name: 'ConflictException' });
    await join(elsewhere);
    const ofKey = await aws.send(new GetUsagePlansCommand({ keyId }));
    expect(ofKey.items?.map(({ id }) => id).sort()).toEqual([free, elsewhere].sort());
    await aws.send(new DeleteUsagePlanKeyCommand({ usagePlanId: free, keyId }));
    await expect(aws.send(new DeleteUsagePlanKeyCommand({ usagePlanId: free, keyId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await join(pro);
    await expect(aws.send(new GetUsagePlanKeyCommand({ usagePlanId: free, keyId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});

describe('the control plane', () => {
  it('describes the API and its stage', async () => {
    const { items: apis } = await aws.send(new GetRestApisCommand({}));
    expect(apis).toMatchObject([{ id: api.api.ref, name: 'api', apiKeySource: 'HEADER' }]);
    const { item: stages } = await aws.send(new GetStagesCommand({ restApiId: api.api.ref }));
    expect(stages).toMatchObject([
      {
        stageName: 'live',
        variables: { a: '1' },
        methodSettings: { '*/*': { throttlingBurstLimit: 20, throttlingRateLimit: 10 } },
      },
    ]);
    await expect(aws.send(new GetStagesCommand({ restApiId: 'other' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('does what the caller’s policy allows, and no more', async () => {
    const role = 'arn:aws:iam::000000000000:role/keeper';
    const keeper = new APIGatewayClient(api.cloud.clientAs(role));
    await expect(keeper.send(new GetApiKeysCommand({}))).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const iam = api.cloud.context.iam as unknown as {
      setIdentityPolicy(principal: string, id: string, statements: unknown[]): void;
    };
    const Resource = 'arn:aws:apigateway:us-east-1::/apikeys';
    iam.setIdentityPolicy(role, 'test', [{ Effect: 'Allow', Action: 'apigateway:GET', Resource }]);
    expect((await keeper.send(new GetApiKeysCommand({}))).items).toBeDefined();
    await expect(keeper.send(new CreateApiKeyCommand({ name: 'x' }))).rejects.toThrow(
      `not authorized to perform: apigateway:POST on resource: ${Resource}`,
    );
  });

  it('refuses an operation that it does not have, by name', async () => {
    await expect(aws.send(new GetAccountCommand({}))).rejects.toThrow('does not know GET /account');
  });
});
