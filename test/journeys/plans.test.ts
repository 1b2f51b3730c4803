import {
  APIGatewayClient,
  GetApiKeysCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Account } from '../../functions/accounts/account.ts';
import { PLAN_NAMES, PLANS } from '../../functions/catalogue/plans.ts';
import type { Job } from '../../functions/generation/job.ts';
import type { listPlans, readLimits } from '../../functions/usage/limits-contract.ts';
import { SMALL } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { Platform } from '../support/platform.ts';
import { VideosClient } from '../support/videos-client.ts';

type Limits = z.output<typeof readLimits.output>;

let platform: Platform;
let operator: SignedInPerson;
let owner: SignedInPerson;

beforeAll(async () => {
  platform = await Platform.shared();
  [operator, owner] = await Promise.all([personOf(platform, 'operator'), personOf(platform, 'developer')]);
});

const putOn = (accountId: string, plan: string, reason = 'a journey') =>
  operator.api.send('PUT', `/operators/accounts/${accountId}/plan`, { plan, reason });
const over = (key: string) => new VideosClient(platform.cloud.apiUrl, key);

it('the plans are listed for everybody who has a key or a token', async () => {
  const customer = await platform.customer({ owner });
  for (const api of [over(customer.api.key), owner.api, operator.api]) {
    const { status, body } = await api.send<z.output<typeof listPlans.output>>('GET', '/plans');
    expect(status).toBe(200);
    expect(body.data.map(({ id }) => id)).toEqual(PLAN_NAMES);
    expect(body.data[0]).toMatchObject({
      qualities: ['360p', '540p'],
      concurrency: 1,
      videos_per_day: 20,
      open_streams: 4,
      priority: 1,
    });
  }
});

describe('the limits of a caller', () => {
  it('says what is used of the plan, the credits and the key (clause 2.4b)', async () => {
    const someone = await personOf(platform, 'developer');
    const customer = await platform.customer({ plan: 'essential', credits: 500, owner: someone });
    await platform.setDayCount(customer.accountId, 41);
    const asked = { name: 'limited', permissions: ['videos:create', 'credits:read'], spend_limit: 100 };
    const { body: made } = await someone.api.send<{ id: string; key: string }>('POST', '/keys', asked);
    const { body: job } = await over(made.key).create();
    const held = (job as unknown as { credits_held: number }).credits_held;

    const { body } = await over(made.key).send<Limits>('GET', '/limits');
    expect(body).toMatchObject({
      plan: { id: 'essential', concurrency: 5 },
      videos_today: { limit: 1_000, used: 42, remaining: 958, resets_at: expect.stringMatching(/T00:00:00\.000Z$/) },
      unfinished: { limit: 5, used: 1, remaining: 4 },
      requests: { per_second: 10, burst: 40, per_day: 50_000 },
      credits: { available: 500 - held, held },
      key: { id: made.id, spend_limit: 100, spent: held, spendable: 100 - held },
    });
    expect(Date.parse(body.videos_today.resets_at)).toBeGreaterThan(Date.now());
    expect((await someone.api.send<Limits>('GET', '/limits')).body).toMatchObject({ key: null, credits: { held } });
    expect((await over(customer.api.key).send<Limits>('GET', '/limits')).body.key).toMatchObject({ spend_limit: null });
  });
});

describe("an operator's change of plan (clause 2.4b)", () => {
  it('counts from the next request on, in either direction', async () => {
    const { accountId, api } = await platform.customer({ plan: 'trial' });
    const large = { ...SMALL, quality: '720p' };
    expect((await api.generate(large)).ErrMsg).toContain('plan trial has no 720p');
    expect((await putOn(accountId, 'essential')).body).toMatchObject({ plan: 'essential', previous_plan: 'trial' });
    const admitted = await api.generate(large);
    expect(admitted.ErrCode).toBe(0);
    expect(admitted.headers.get('ratelimit-policy')).toContain('"second";q=10');
    expect((await putOn(accountId, 'trial')).status).toBe(200);
    expect((await api.generate(large)).ErrMsg).toContain('plan trial has no 720p');
    expect((await api.generate()).ErrMsg).toContain('as many as plan trial allows at once (1)');
    const [job] = (await platform.items<Job & { sk: string }>('Jobs', accountId)).filter(({ sk }) =>
      sk.startsWith('JOB#'),
    );
    expect(job?.plan).toBe('essential');
    const recorded = (
      await platform.items<{ action: string; reason: string; detail: object; actorId: string }>('Audit', accountId)
    ).filter(({ action }) => action === 'account.plan_changed');
    expect(recorded.map(({ detail }) => detail)).toEqual([
      { from: 'trial', to: 'essential' },
      { from: 'essential', to: 'trial' },
    ]);
    expect(recorded[0]).toMatchObject({ reason: 'a journey', actorId: operator.personId });
  });

  it('makes one API Gateway key for each plan that the account has been in, and leaves the plans as they are', async () => {
    const gateway = new APIGatewayClient(platform.cloud.client);
    const plansNow = async () => (await gateway.send(new GetUsagePlansCommand({}))).items ?? [];
    const plans = await plansNow();
    const { accountId, api } = await platform.customer({ plan: 'essential' });
    const account = async () =>
      (await platform.items<Account & { sk: string }>('Core', `ACCOUNT#${accountId}`)).find(
        ({ sk }) => sk === 'ACCOUNT',
      );
    const keys = async () =>
      ((await gateway.send(new GetApiKeysCommand({ limit: 500 }))).items ?? []).filter(
        ({ name }) => name === accountId,
      );
    const first = (await account())?.gatewayKeyId;
    await putOn(accountId, 'scale');
    const second = (await account())?.gatewayKeyId;
    expect(second).not.toBe(first);
    await putOn(accountId, 'essential');
    expect((await account())?.gatewayKeyId).toBe(first);
    await putOn(accountId, 'scale');
    expect((await account())?.gatewayKeyId).toBe(second);
    expect((await keys()).map(({ id }) => id).sort()).toEqual([first, second].sort());
    expect((await api.generate()).ErrCode).toBe(0);
    const scale = plans.find(({ name }) => name?.endsWith('-scale'));
    const inScale = await gateway.send(new GetUsagePlanKeysCommand({ usagePlanId: scale?.id, limit: 500 }));
    expect(inScale.items?.map(({ id }) => id)).toContain(second);
    expect(inScale.items?.map(({ id }) => id)).not.toContain(first);
    expect(await plansNow()).toEqual(plans);
    gateway.destroy();
  });

  it('lets no call fall between the plans: each is answered while it changes to and fro', async () => {
    const { accountId, api } = await platform.customer({ plan: 'enterprise' });
    const statuses: number[] = [];
    let changing = true;
    const calling = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (changing) statuses.push((await over(api.key).send('GET', '/videos')).status);
      }),
    );
    for (let changes = 0; changes < 6 || statuses.length < 30; changes++) {
      expect((await putOn(accountId, changes % 2 === 0 ? 'scale' : 'enterprise')).status).toBe(200);
    }
    changing = false;
    await calling;
    expect(new Set(statuses)).toEqual(new Set([200]));
    await creditsOf(platform, accountId);
  });

  it('is refused without a reason, for a plan or an account that is not there, and to all who are no operators', async () => {
    const { accountId, api } = await platform.customer({ plan: 'essential' });
    const path = `/operators/accounts/${accountId}/plan`;
    expect((await operator.api.refused('PUT', path, { plan: 'scale' })).body).toMatchObject({
      code: 'missing_parameter',
      param: 'reason',
    });
    expect((await operator.api.refused('PUT', path, { plan: 'gold', reason: 'x' })).body.detail).toContain(
      'trial, essential, scale, enterprise',
    );
    expect(
      (await operator.api.refused('PUT', '/operators/accounts/acct_none/plan', { plan: 'scale', reason: 'x' })).status,
    ).toBe(404);
    for (const other of [owner.api, over(api.key)])
      expect((await other.refused('PUT', path, { plan: 'scale', reason: 'x' })).body.code).toBe('no_permission');
    expect((await over(api.key).send<Limits>('GET', '/limits')).body.plan.id).toBe('essential');
    expect(PLANS.essential.concurrency).toBe(5);
  });
});
