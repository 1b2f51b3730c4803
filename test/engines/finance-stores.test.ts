/** What finance reads and writes of tables and of API Gateway, against the engines: costs, deleted keys, races. */
import { APIGatewayClient, CreateApiKeyCommand, DeleteApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usagePrefix } from '../../functions/credits/usage-count.ts';
import { usageCounts } from '../../functions/credits/usage-store.ts';
import { accountKey } from '../../functions/data/item-keys.ts';
import type { DaySummary } from '../../functions/finance/export-day.ts';
import { mergeCounts } from '../../functions/finance/gateway-usage.ts';
import { gatewayCounts } from '../../functions/finance/gateway-usage-client.ts';
import {
  abandonDay,
  beginDay,
  daysOfMonth,
  ExportBusy,
  findClosed,
  finishDay,
  finishInterim,
  knownDays,
  putClosed,
} from '../../functions/finance/months-store.ts';
import { reportUsage } from '../../functions/usage/usage-report.ts';
import { createApiGateway } from '../../lib/local/apigateway/apigateway.ts';
import { createDynamoDb } from '../../lib/local/dynamodb/dynamodb.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { GeneratedMonth } from '../support/generated-month.ts';
import { asked } from '../support/read-meter.ts';

let cloud: EngineCloud;
let core: string;
let audit: string;
let own: DynamoDBDocumentClient;

beforeAll(async () => {
  cloud = await startEngines([createDynamoDb, context => createApiGateway(context, { port: 0 })]);
  const { endpoint, region, credentials } = cloud.client;
  // The stores' clients read where they are from the environment, as in Lambda.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  own = DynamoDBDocumentClient.from(new DynamoDBClient(cloud.client));
  core = await makeTable('Core');
  audit = await makeTable('Audit');
});
afterAll(async () => {
  own?.destroy();
  await cloud?.stop();
});

async function makeTable(logicalId: string): Promise<string> {
  const made = await cloud.make('AWS::DynamoDB::GlobalTable', logicalId, {
    AttributeDefinitions: ['pk', 'sk'].map(AttributeName => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    Replicas: [{ Region: 'us-east-1' }],
  });
  return made.ref;
}

describe('the report of usage', () => {
  const DAYS = { from: '2026-10-01', to: '2026-10-31' };

  /** Counts of a month of so many jobs, booked on one account, of the same functions, models and keys. */
  async function monthOf(accountId: string, jobs: number): Promise<number> {
    const month = new GeneratedMonth({ month: '2026-10', jobs, accounts: 1 });
    const items: object[] = [];
    let charged = 0;
    for (const day of month.days) {
      for await (const counts of month.usage('acct_000000', day)) {
        for (const { function: name, model, keyId, ...count } of counts) {
          charged += count.charged ?? 0;
          const sk = `${usagePrefix(day)}#${name}#${model}#${keyId}`;
          items.push({ pk: accountKey(accountId).pk, sk, function: name, model, keyId, ...count });
        }
      }
    }
    for (let at = 0; at < items.length; at += 25) {
      const requests = items.slice(at, at + 25).map(Item => ({ PutRequest: { Item } }));
      await own.send(new BatchWriteCommand({ RequestItems: { [core]: requests } }));
    }
    return charged;
  }

  it('costs no more reads for an account of 100,000 jobs than one of ten, and both are exact', async () => {
    const [few, many] = [await monthOf('acct_few', 10), await monthOf('acct_many', 100_000)];
    const read = async (accountId: string) => {
      const { counts, next } = await usageCounts(core, accountId, DAYS);
      return reportUsage({ ...DAYS, groupBy: [] }, counts, next);
    };
    const small = await asked(() => read('acct_few'));
    const large = await asked(() => read('acct_many'));
    expect([small.result.totals.credits_charged, large.result.totals.credits_charged]).toEqual([few, many]);
    expect(large.result.totals.started).toBe(100_000);
    expect([small.calls, large.calls]).toEqual([1, 1]);
    // Every function, model and key of every day, some 250 bytes each, at half a unit for 4 KB; jobs are not read.
    expect(large.units).toBeLessThan(80);
    const more = await monthOf('acct_more', 20_000);
    const medium = await asked(() => read('acct_more'));
    expect(medium.result.totals.credits_charged).toBe(more);
    expect(Math.abs(large.units - medium.units)).toBeLessThan(5);
  });

  it('goes on by its cursor, and the pages add up to the whole', async () => {
    const whole = await usageCounts(core, 'acct_many', DAYS);
    const half = await usageCounts(core, 'acct_many', { from: DAYS.from, to: '2026-10-15' });
    const place = half.counts.at(-1);
    const after = `${usagePrefix(place?.day ?? '')}#${place?.function}#${place?.model}#${place?.keyId}`;
    const rest = await usageCounts(core, 'acct_many', { ...DAYS, after });
    expect([...half.counts, ...rest.counts]).toEqual(whole.counts);
  });
});

describe("API Gateway's counts", () => {
  const DAY = '2026-10-07';
  const counted = (planId: string, keyId: string, used: number) =>
    cloud.context.database
      .prepare('INSERT INTO apigateway_usage VALUES (?, ?, ?, ?, 900, 1000)')
      .run(planId, keyId, DAY, used);

  it('are of every page and every key, also of keys that were deleted since', async () => {
    const aws = new APIGatewayClient(cloud.client);
    const plan = (await cloud.make('AWS::ApiGateway::UsagePlan', 'Essential', { UsagePlanName: 'essential' })).ref;
    const ids: string[] = [];
    for (let number = 0; number < 3; number++) {
      const name = `acct_${number}`;
      const value = `${name}-value-of-twenty-characters`;
      const { id = '' } = await aws.send(new CreateApiKeyCommand({ name, value, enabled: true }));
      counted(plan, id, 10 + number);
      ids.push(id);
    }
    for (let number = 0; number < 600; number++) counted(plan, `zz${String(number).padStart(4, '0')}`, 1);
    const before = await gatewayCounts(core, { essential: plan }, DAY);
    expect(before.length).toBe(603);
    await aws.send(new DeleteApiKeyCommand({ apiKey: ids[1] ?? '' }));
    const after = await gatewayCounts(core, { essential: plan }, DAY);
    const known = after.filter(({ accountId }) => accountId !== undefined);
    expect(known.map(({ accountId, requests }) => [accountId, requests]).sort()).toEqual([
      ['acct_0', 10],
      ['acct_1', 11],
      ['acct_2', 12],
    ]);
    aws.destroy();
  });

  it('stay in the file where API Gateway forgets them, and never go down', () => {
    const count = (keyId: string, requests: number) => ({
      usagePlanId: 'p',
      plan: 'trial',
      keyId,
      accountId: `acct_${keyId}`,
      requests,
      remaining: 0,
    });
    const merged = mergeCounts([count('b', 5), count('a', 9)], [count('a', 7), count('b', 6), count('c', 1)]);
    expect(merged).toEqual([count('a', 9), count('b', 6), count('c', 1)]);
  });
});

describe('the books of a month', () => {
  const MONTH = '2026-05';
  const DAY = '2026-05-01';
  const AT = '2026-06-01T00:20:00.000Z';
  const summary = { datasets: {}, kinds: {}, causes: {}, unexplained: 0 } as unknown as DaySummary;
  const closed = (by: string) => ({
    month: MONTH,
    hash: by,
    previousHash: null,
    reason: null,
    closedBy: by,
    closedAt: AT,
  });
  const auditEvent = (id: string) => ({ Put: { TableName: audit, Item: { pk: 'platform', sk: `EVENT#${id}` } } });

  it('record the latest of two exports, and not the one before it', async () => {
    const first = await beginDay(core, DAY, AT);
    const second = await beginDay(core, DAY, '2026-06-01T00:35:00.000Z');
    expect([first, second]).toEqual([1, 2]);
    expect(await finishDay(core, DAY, 1, summary, AT)).toBe(false);
    expect(await finishDay(core, DAY, 2, summary, AT)).toBe(true);
    expect(await finishDay(core, DAY, 2, summary, AT)).toBe(false);
  });

  it('are not exported twice at a time: not within the longest life of an export that has not failed', async () => {
    const day = '2026-07-01';
    const run = await beginDay(core, day, AT);
    await expect(beginDay(core, day, '2026-06-01T00:34:59.999Z')).rejects.toThrow(/another export of 2026-07-01 began/);
    await abandonDay(core, day, run);
    expect(await beginDay(core, day, '2026-06-01T00:21:00.000Z')).toBe(2);
    await abandonDay(core, day, run);
    await expect(beginDay(core, day, '2026-06-01T00:21:00.001Z')).rejects.toThrow(/another export/);
  });

  it('know a day that goes on by what was booked until a moment, and never as exported', async () => {
    const day = '2026-08-01';
    const known = () => knownDays(core, ['2026-08']);
    const first = await beginDay(core, day, AT);
    expect(await known()).toEqual({ exported: new Set(), provisional: new Map() });
    expect(await finishInterim(core, day, first, AT)).toBe(true);
    expect(await known()).toEqual({ exported: new Set(), provisional: new Map([[day, AT]]) });
    // The night's export takes its place, and what was read of the day before does not come back.
    const second = await beginDay(core, day, '2026-06-01T00:20:01.000Z');
    await expect(beginDay(core, day, '2026-06-01T00:21:00.000Z')).rejects.toThrow(ExportBusy);
    expect(await finishInterim(core, day, first, AT)).toBe(false);
    expect(await finishDay(core, day, second, summary, AT)).toBe(true);
    expect(await known()).toEqual({ exported: new Set([day]), provisional: new Map() });
  });

  it('are closed by one of twenty at once, and against an export that begins', async () => {
    const days = await daysOfMonth(core, MONTH);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        settled(() => putClosed(core, closed(`staff_${index}`), days, auditEvent(`${index}`))),
      ),
    );
    expect(outcomes.filter(outcome => outcome === true).length).toBe(1);
    expect(await findClosed(core, MONTH)).toMatchObject({ month: MONTH });
    expect(await putClosed(core, closed('staff_late'), days, auditEvent('late'))).toBe(false);
    await expect(beginDay(core, DAY, AT)).rejects.toThrow(/2026-05 is closed/);
  });

  it('are one chain: nothing is exported before a closed month, nor is one closed to another month than was read', async () => {
    await expect(beginDay(core, '2026-04-30', AT)).rejects.toThrow(/2026-05 is closed/);
    expect(await putClosed(core, { ...closed('staff'), month: '2026-04' }, [], auditEvent('before'))).toBe(false);
    const june = (previousHash: string | null) => ({ ...closed('staff'), month: '2026-06', previousHash });
    expect(await putClosed(core, june(null), [], auditEvent('unchained'))).toBe(false);
    expect(await putClosed(core, june('0'.repeat(64)), [], auditEvent('other'))).toBe(false);
    const may = await findClosed(core, MONTH);
    expect(await putClosed(core, june(may?.hash ?? null), [], auditEvent('chained'))).toBe(true);
  });

  it('are not exported into a month whose following one was closed meanwhile', async () => {
    const run = await beginDay(core, '2027-01-31', AT);
    expect(await putClosed(core, { ...closed('staff'), month: '2027-02' }, [], auditEvent('2027-02'))).toBe(true);
    expect(await finishDay(core, '2027-01-31', run, summary, AT)).toBe(false);
  });

  it('are never closed with an export that has begun since they were read', async () => {
    for (let round = 1; round <= 100; round++) {
      // Every other month, for each would be chained to the one before.
      const other = new Date(Date.UTC(2000, 2 * round)).toISOString().slice(0, 7);
      const day = `${other}-01`;
      const run = await beginDay(core, day, AT);
      expect(await finishDay(core, day, run, summary, AT)).toBe(true);
      const seen = await daysOfMonth(core, other);
      const closing = () =>
        settled(() => putClosed(core, { ...closed('staff'), month: other }, seen, auditEvent(other)));
      const beginning = () => settled(() => beginDay(core, day, AT));
      // Every other time the export is sent first.
      const first = round % 2 === 0 ? beginning() : undefined;
      const [close, begin] = await Promise.all([closing(), first ?? beginning()]);
      const isClosed = (await findClosed(core, other)) !== undefined;
      expect(isClosed).toBe(close === true);
      const [{ state } = { state: '' }] = await daysOfMonth(core, other);
      // Either the month is closed over what was reconciled, or the export has begun and the month is open.
      expect(state).toBe(isClosed || typeof begin !== 'number' ? 'reconciled' : 'exporting');
    }
  });

  it('are not closed with what was seen before another export', async () => {
    const day = '2026-03-01';
    await finishDay(core, day, await beginDay(core, day, AT), summary, AT);
    const seen = await daysOfMonth(core, '2026-03');
    const run = await beginDay(core, day, AT);
    const close = () => putClosed(core, { ...closed('staff'), month: '2026-03' }, seen, auditEvent('2026-03'));
    expect(await close()).toBe(false);
    await finishDay(core, day, run, summary, AT);
    expect(await close()).toBe(false);
  });
});

/** The outcome, or the error where another transaction was in the way. */
async function settled<Result>(action: () => Promise<Result>): Promise<Result | Error> {
  try {
    return await action();
  } catch (error) {
    return error as Error;
  }
}
