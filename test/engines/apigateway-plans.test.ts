import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetUsageCommand,
  GetUsagePlanCommand,
  UpdateApiKeyCommand,
  UpdateUsageCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { METERED, type RestApi, startRestApi } from '../support/rest-api.ts';

let api: RestApi;
let aws: APIGatewayClient;
const OK = 'export const handler = async e => ({ statusCode: 200, body: JSON.stringify(e.requestContext.identity) });';
const KEY = 'a-key-of-twenty-characters';

/** A clock at noon of a Monday, the first day of June, so that days and periods are known. */
const MONDAY = Date.parse('2026-06-01T12:00:00Z');
const DAY = 24 * 3600 * 1000;

async function start(properties: Record<string, unknown> = {}, stage: Record<string, unknown> = {}): Promise<void> {
  api = await startRestApi(properties, stage);
  await settle();
}

/** After a start: the time, and a client of this endpoint. */
async function settle(): Promise<void> {
  aws = new APIGatewayClient({ ...api.cloud.client, maxAttempts: 1 });
  Object.assign(api.cloud.clock, { now: () => time });
}
let time = MONDAY;

beforeEach(() => {
  time = MONDAY;
});
afterEach(() => api.cloud.stop());

async function makePlan(logicalId: string, properties: Record<string, unknown> = {}, throttle = {}): Promise<string> {
  const ApiStages = [{ ApiId: api.api.ref, Stage: 'live', Throttle: throttle }];
  return (await api.cloud.make('AWS::ApiGateway::UsagePlan', logicalId, { ApiStages, ...properties })).ref;
}

async function makeKey(planId?: string, value = KEY): Promise<string> {
  const { id = '' } = await aws.send(new CreateApiKeyCommand({ name: value, value, enabled: true }));
  if (planId !== undefined) await join(planId, id);
  return id;
}

const join = (usagePlanId: string, keyId: string) =>
  aws.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));

async function get(path = '/metered', key: string | undefined = KEY) {
  const response = await fetch(api.url() + path, key === undefined ? {} : { headers: { 'x-api-key': key } });
  const type = response.headers.get('x-amzn-errortype');
  return { status: response.status, ...(type === null ? {} : { type }), body: await response.json() };
}

async function statuses(count: number, path?: string): Promise<number[]> {
  const all: number[] = [];
  for (let sent = 0; sent < count; sent++) all.push((await get(path)).status);
  return all;
}

async function usageOf(usagePlanId: string, startDate: string, endDate: string) {
  const { items } = await aws.send(new GetUsageCommand({ usagePlanId, startDate, endDate }));
  return items;
}

describe('an API key', () => {
  beforeEach(async () => {
    await start();
    await api.answering('GET', '/metered', OK, METERED);
  });

  it('opens a method that requires one when it is enabled and in a plan of the stage', async () => {
    const plan = await makePlan('Plan');
    const id = await makeKey(plan);
    expect(await get()).toMatchObject({ status: 200, body: { apiKey: KEY, apiKeyId: id } });
    const replace = (value: string) => ({ op: 'replace' as const, path: '/enabled', value });
    await aws.send(new UpdateApiKeyCommand({ apiKey: id, patchOperations: [replace('false')] }));
    expect(await get()).toEqual({ status: 403, type: 'ForbiddenException', body: { message: 'Forbidden' } });
    await aws.send(new UpdateApiKeyCommand({ apiKey: id, patchOperations: [replace('true')] }));
    expect((await get()).status).toBe(200);
    await aws.send(new DeleteUsagePlanKeyCommand({ usagePlanId: plan, keyId: id }));
    expect((await get()).status).toBe(403);
  });

  it('is refused where it is missing, unknown, or in a plan of another stage', async () => {
    const elsewhere = await makePlan('Elsewhere', { ApiStages: [{ ApiId: 'other', Stage: 'live' }] });
    await makeKey(elsewhere);
    expect((await get('/metered', undefined)).status).toBe(403);
    expect((await get('/metered', 'unknown')).status).toBe(403);
    expect((await get()).status).toBe(403);
  });
});

describe('a key from the authorizer', () => {
  it('is the usage identifier, and the header does not count', async () => {
    await start({ ApiKeySourceType: 'AUTHORIZER' });
    const guard = await api.authorizer(`export const handler = async e => ({
      principalId: 'me',
      policyDocument: { Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] },
      usageIdentifierKey: e.headers['X-Who'],
    });`);
    await api.answering('GET', '/metered', OK, { security: [...guard.security, ...METERED.security] });
    const plan = await makePlan('Plan', { Quota: { Limit: 5, Period: 'DAY' } });
    const id = await makeKey(plan);
    expect((await get()).status).toBe(403);
    const response = await fetch(`${api.url()}/metered`, { headers: { 'X-Who': KEY } });
    expect(await response.json()).toMatchObject({ apiKeyId: id });
    expect(await usageOf(plan, '2026-06-01', '2026-06-01')).toEqual({ [id]: [[1, 4]] });
  });
});

describe('a throttle', () => {
  it('of a plan is a token bucket for each key', async () => {
    await start();
    await api.answering('GET', '/metered', OK, METERED);
    const plan = await makePlan('Plan', { Throttle: { BurstLimit: 3, RateLimit: 2 } });
    await makeKey(plan);
    await makeKey(plan, 'another-key-of-twenty-characters');
    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    expect(await get()).toEqual({
      status: 429,
      type: 'TooManyRequestsException',
      body: { message: 'Too Many Requests' },
    });
    expect((await get('/metered', 'another-key-of-twenty-characters')).status).toBe(200);
    time += 500;
    expect(await statuses(2)).toEqual([200, 429]);
    time += 60_000;
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  });

  it('of a method in a plan stands in place of the plan’s', async () => {
    await start();
    for (const path of ['/metered', '/videos/{id}']) await api.answering('GET', path, OK, METERED);
    const own = { '/videos/{id}/GET': { BurstLimit: 1, RateLimit: 1 } };
    const plan = await makePlan('Plan', { Throttle: { BurstLimit: 2, RateLimit: 1 } }, own);
    await makeKey(plan);
    expect(await statuses(2, '/videos/7')).toEqual([200, 429]);
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  it('of the stage is for all callers of a method, and the most particular setting counts', async () => {
    await start(
      {},
      {
        MethodSettings: [
          { HttpMethod: '*', ResourcePath: '/*', ThrottlingBurstLimit: 2, ThrottlingRateLimit: 1 },
          { HttpMethod: 'GET', ResourcePath: '/~1v1~1open', ThrottlingBurstLimit: 1, ThrottlingRateLimit: 1 },
        ],
      },
    );
    await api.answering('GET', '/metered', OK);
    await api.answering('GET', '/v1/open', OK);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect(await statuses(2, '/v1/open')).toEqual([200, 429]);
  });
});

describe('a quota', () => {
  const start10 = async (quota: Record<string, unknown>): Promise<string> => {
    await start();
    return again(quota);
  };
  const again = async (quota: Record<string, unknown>): Promise<string> => {
    await api.answering('GET', '/metered', OK, METERED);
    return makePlan('Plan', { Quota: quota });
  };

  it('ends with 429 Limit Exceeded and begins anew with its period', async () => {
    const plan = await start10({ Limit: 2, Period: 'DAY' });
    await makeKey(plan);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect(await get()).toEqual({ status: 429, type: 'LimitExceededException', body: { message: 'Limit Exceeded' } });
    time += DAY;
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  it('of a week begins on Sunday, of a month on its first day', async () => {
    const plan = await start10({ Limit: 1, Period: 'WEEK' });
    await makeKey(plan);
    const on = async (date: string) => {
      time = Date.parse(date);
      return (await get()).status;
    };
    expect(await on('2026-06-01T12:00:00Z')).toBe(200);
    expect(await on('2026-06-06T23:59:59Z')).toBe(429);
    expect(await on('2026-06-07T00:00:00Z')).toBe(200);
    await makePlan('Plan', { Quota: { Limit: 1, Period: 'MONTH' } });
    expect(await on('2026-06-30T23:59:59Z')).toBe(429);
    expect(await on('2026-07-01T00:00:00Z')).toBe(200);
  });

  it('has less by its offset in the first period alone', async () => {
    const plan = await start10({ Limit: 3, Offset: 2, Period: 'DAY' });
    await makeKey(plan);
    expect(await statuses(2)).toEqual([200, 429]);
    time += DAY;
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  });

  it('is kept over a restart, with keys, plans and what was used', async () => {
    const quota = { Limit: 3, Period: 'DAY' };
    const plan = await start10(quota);
    const id = await makeKey(plan);
    expect(await statuses(2)).toEqual([200, 200]);
    api = await api.restart();
    await settle();
    expect(await again(quota)).toBe(plan);
    expect(await statuses(2)).toEqual([200, 429]);
    expect(await usageOf(plan, '2026-06-01', '2026-06-01')).toEqual({ [id]: [[3, 0]] });
    api = await api.restart();
    await settle();
    await again({ Limit: 4, Period: 'DAY' });
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it('does not count what was throttled or refused', async () => {
    await start();
    await api.answering('GET', '/metered', OK, METERED);
    const plan = await makePlan('Plan', {
      Quota: { Limit: 10, Period: 'DAY' },
      Throttle: { BurstLimit: 1, RateLimit: 1 },
    });
    const id = await makeKey(plan);
    await get('/nowhere');
    expect(await statuses(3)).toEqual([200, 429, 429]);
    expect(await usageOf(plan, '2026-06-01', '2026-06-01')).toEqual({ [id]: [[1, 9]] });
  });

  it('is reported day by day', async () => {
    const plan = await start10({ Limit: 10, Period: 'MONTH' });
    const id = await makeKey(plan);
    await statuses(3);
    time += 2 * DAY;
    await statuses(4);
    expect(await usageOf(plan, '2026-05-31', '2026-06-04')).toEqual({
      [id]: [
        [0, 10],
        [3, 7],
        [0, 7],
        [4, 3],
        [0, 3],
      ],
    });
    await expect(usageOf(plan, '2026-01-01', '2026-06-01')).rejects.toMatchObject({ name: 'BadRequestException' });
    const unknown = { usagePlanId: plan, startDate: '2026-06-01', endDate: '2026-06-01', keyId: KEY };
    await expect(aws.send(new GetUsageCommand(unknown))).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid Key identifier specified',
    });
  });

  it('can be granted more for its current period', async () => {
    const plan = await start10({ Limit: 1, Period: 'MONTH' });
    const id = await makeKey(plan);
    expect(await statuses(2)).toEqual([200, 429]);
    const patchOperations = [{ op: 'replace' as const, path: '/remaining', value: '2' }];
    const granted = await aws.send(new UpdateUsageCommand({ usagePlanId: plan, keyId: id, patchOperations }));
    expect(granted.items).toEqual({ [id]: [[1, 2]] });
    expect(await statuses(3)).toEqual([200, 200, 429]);
    time += 30 * DAY;
    expect(await statuses(2)).toEqual([200, 429]);
  });
});

describe('a usage plan that is updated', () => {
  const TEMPLATE = { Quota: { Limit: 1, Period: 'DAY' }, Description: 'of the template' };
  const update = (usagePlanId: string, ...patch: (readonly [string, string, string?])[]) => {
    const patchOperations = patch.map(([op, path, value]) => ({
      op: op as 'add',
      path,
      ...(value !== undefined && { value }),
    }));
    return aws.send(new UpdateUsagePlanCommand({ usagePlanId, patchOperations }));
  };
  const described = (usagePlanId: string) => aws.send(new GetUsagePlanCommand({ usagePlanId }));

  beforeEach(async () => {
    await start();
    await api.answering('GET', '/metered', OK, METERED);
  });

  it('holds its keys to the new quota and throttle from the next request on', async () => {
    const plan = await makePlan('Plan', TEMPLATE);
    await makeKey(plan);
    expect(await statuses(2)).toEqual([200, 429]);
    const answer = await update(plan, ['replace', '/quota/limit', '3'], ['replace', '/name', 'Larger']);
    expect(answer).toMatchObject({ name: 'Larger', quota: { limit: 3, offset: 0, period: 'DAY' } });
    expect(await statuses(3)).toEqual([200, 200, 429]);
    await update(plan, ['remove', '/quota'], ['add', '/throttle/rateLimit', '1'], ['add', '/throttle/burstLimit', '2']);
    expect(await described(plan)).toMatchObject({ throttle: { rateLimit: 1, burstLimit: 2 } });
    expect(await statuses(3)).toEqual([200, 200, 429]);
    await update(plan, ['remove', '/throttle'], ['remove', '/description']);
    expect(await described(plan)).not.toHaveProperty('description');
    expect(await statuses(3)).toEqual([200, 200, 200]);
  });

  it('has throttles of single methods, and is on stages or is not', async () => {
    const plan = await makePlan('Plan');
    await makeKey(plan);
    const stage = `${api.api.ref}:live`;
    const method = `/apiStages/${stage}/throttle/~1metered/GET`;
    await update(plan, ['replace', `${method}/burstLimit`, '1'], ['replace', `${method}/rateLimit`, '0.001']);
    expect((await described(plan)).apiStages?.[0]?.throttle).toEqual({
      '/metered/GET': { burstLimit: 1, rateLimit: 0.001 },
    });
    expect(await statuses(2)).toEqual([200, 429]);
    await update(plan, ['remove', method]);
    expect(await statuses(2)).toEqual([200, 200]);
    await update(plan, ['remove', '/apiStages', stage]);
    expect(await statuses(1)).toEqual([403]);
    await update(plan, ['add', '/apiStages', stage]);
    expect(await statuses(1)).toEqual([200]);
  });

  it('stays so over a restart, until the template says something else', async () => {
    const plan = await makePlan('Plan', TEMPLATE);
    await update(plan, ['replace', '/quota/limit', '9']);
    api = await api.restart();
    await settle();
    await makePlan('Plan', TEMPLATE);
    expect((await described(plan)).quota?.limit).toBe(9);
    await makePlan('Plan', { ...TEMPLATE, Quota: { Limit: 2, Period: 'DAY' } });
    expect((await described(plan)).quota?.limit).toBe(2);
  });

  it.each([
    ['replace', '/quota/limit', 'many'],
    ['replace', '/quota/period', 'YEAR'],
    ['replace', '/quota/offset', '2'],
    ['replace', '/apiStages/other:live/throttle/~1metered/GET/rateLimit', '1'],
    ['add', '/apiStages', 'nothing'],
    ['remove', '/apiStages', 'other:live'],
    ['copy', '/name', 'x'],
    ['replace', '/stages', 'x'],
  ] as const)('is as it was where the patch cannot be made: %s %s %s', async (op, path, value) => {
    const plan = await makePlan('Plan', TEMPLATE);
    const before = await described(plan);
    const refused = update(plan, ['replace', '/name', 'Half'], [op, path, value]);
    await expect(refused).rejects.toMatchObject({ name: 'BadRequestException' });
    expect((await described(plan)).name).toBe(before.name);
  });
});
