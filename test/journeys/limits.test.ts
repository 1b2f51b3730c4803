import {
  APIGatewayClient,
  GetApiKeysCommand,
  GetUsageCommand,
  GetUsagePlansCommand,
  UpdateUsageCommand,
} from '@aws-sdk/client-api-gateway';
import { beforeAll, describe, expect, it } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import { SMALL } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { type Customer, Platform } from '../support/platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await Platform.shared();
});

const jobsOf = async ({ accountId }: Customer) =>
  (await platform.items<{ sk: string }>('Jobs', accountId)).filter(({ sk }) => sk.startsWith('JOB#'));

describe('credits', () => {
  it('a video that costs more than the account has is refused with both numbers', async () => {
    const customer = await platform.customer({ credits: 4 });
    const reply = await customer.api.generate();
    expect(reply).toMatchObject({ ErrCode: 500090, Resp: null });
    expect(reply.ErrMsg).toMatch(/costs 5 credits.* has 4/);
    expect(await jobsOf(customer)).toHaveLength(0);
    expect((await creditsOf(platform, customer.accountId)).account).toMatchObject({
      available: 4,
      held: 0,
      running: 0,
    });
  });

  it('twenty callers at once spend the last credits exactly, and never more', async () => {
    const customer = await platform.customer({ credits: 37 });
    const replies = await Promise.all(Array.from({ length: 20 }, () => customer.api.generate()));
    const taken = replies.filter(({ ErrCode }) => ErrCode === 0);
    expect(taken).toHaveLength(7);
    expect(replies.filter(({ ErrCode }) => ErrCode === 500090)).toHaveLength(13);
    expect(await jobsOf(customer)).toHaveLength(7);
    for (const { Resp } of taken) await customer.api.ended(Resp.video_id);
    expect((await creditsOf(platform, customer.accountId)).account).toMatchObject({
      available: 2,
      held: 0,
      running: 0,
    });
  });
});

describe('the plan (clause 2.4b)', () => {
  it('no more videos at once than the plan says, over any number of keys; the place comes free when one ends', async () => {
    const customer = await platform.customer({ plan: 'trial' });
    const [one, two] = await Promise.all([customer.api.generate(), customer.api.generate()]);
    const codes = [one.ErrCode, two.ErrCode].sort((a, b) => a - b);
    expect(codes).toEqual([0, 500044]);
    const refused = one.ErrCode === 0 ? two : one;
    expect(refused.ErrMsg).toContain('trial');
    const accepted = one.ErrCode === 0 ? one : two;
    await customer.api.ended(accepted.Resp.video_id, 90_000, 500);
    expect((await customer.api.generate()).ErrCode).toBe(0);
  });

  it('no more videos a day than the plan says, and the refusal says when the count starts again', async () => {
    const customer = await platform.customer({ plan: 'trial' });
    const { generationsPerDay } = PLANS.trial;
    // The day's count is what admission counts; set one below the limit, the next is the last.
    await platform.setDayCount(customer.accountId, generationsPerDay - 1);
    const last = await customer.api.generate();
    expect(last.ErrCode).toBe(0);
    await customer.api.ended(last.Resp.video_id, 90_000, 500);
    const over = await customer.api.generate();
    expect(over).toMatchObject({ ErrCode: 500020, Resp: null });
    expect(over.headers.get('ratelimit')).toMatch(/^"videos";r=0;t=\d+$/);
    expect(over.ErrMsg).toMatch(/20 videos a day.*00:00 UTC/);
    expect(await jobsOf(customer)).toHaveLength(1);
  });
});

describe("API Gateway's usage plan (clauses 2.4b and 3.6b)", () => {
  it('a flood is throttled with a clear word and a time to wait, and another account does not feel it', async () => {
    const flooding = await platform.customer({ plan: 'trial' });
    const other = await platform.customer({ plan: 'trial' });
    const replies = await Promise.all(Array.from({ length: 40 }, () => flooding.api.result(123456789012345)));
    const throttled = replies.filter(({ status }) => status === 429);
    expect(throttled.length).toBeGreaterThanOrEqual(40 - PLANS.trial.requestBurst - 20);
    expect(throttled[0]).toMatchObject({ ErrCode: 500069, Resp: null });
    expect(throttled[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await other.api.result(123456789012345)).status).toBe(200);
  });

  it("counts each account's calls, and refuses beyond the day's quota", async () => {
    const gateway = new APIGatewayClient(platform.cloud.client);
    const customer = await platform.customer({ plan: 'trial' });
    const { items: plans = [] } = await gateway.send(new GetUsagePlansCommand({}));
    const { items: keys = [] } = await gateway.send(new GetApiKeysCommand({ nameQuery: customer.accountId }));
    const plan = plans.find(({ name }) => name?.includes('trial'));
    const keyId = keys[0]?.id;
    if (!plan?.id || !keyId) throw new Error('the account has no gateway key in the plan trial');
    for (let call = 0; call < 3; call++) await customer.api.balance();
    const day = new Date().toISOString().slice(0, 10);
    const usage = await gateway.send(
      new GetUsageCommand({ usagePlanId: plan.id, keyId, startDate: day, endDate: day }),
    );
    expect(usage.items?.[keyId]).toEqual([[3, PLANS.trial.requestsPerDay - 3]]);
    await gateway.send(
      new UpdateUsageCommand({
        usagePlanId: plan.id,
        keyId,
        patchOperations: [{ op: 'replace', path: '/remaining', value: '1' }],
      }),
    );
    expect((await customer.api.generate(SMALL)).status).toBe(200);
    const over = await customer.api.generate(SMALL);
    expect(over).toMatchObject({ status: 429, ErrCode: 500069, Resp: null });
    expect(over.ErrMsg).toMatch(/daily request quota/);
    expect(await jobsOf(customer)).toHaveLength(1);
  });
});
