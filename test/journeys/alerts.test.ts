/** The alerts that customers are sent when little is left. */
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import { accountKey } from '../../functions/data/item-keys.ts';
import { ApiClient, SMALL } from '../support/api-client.ts';
import { UNDELIVERABLE } from '../support/applicant.ts';
import { creditsOf } from '../support/credits.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';

interface Alert {
  readonly about: string;
  readonly threshold: number;
  readonly used: number;
  readonly limit: number;
  readonly period: string;
}

let platform: Platform;
let cost: number;
const customers: Customer[] = [];

beforeAll(async () => {
  platform = await Platform.shared();
  const { api } = await newCustomer(1000);
  const { Resp } = await api.generate();
  cost = Resp.credits;
});
// Money adds up after every test, whatever it did.
afterEach(async () => {
  for (const { accountId } of customers) await creditsOf(platform, accountId);
});

async function newCustomer(credits: number, owner?: SignedInPerson, plan = 'scale'): Promise<Customer> {
  const customer = await platform.customer({ credits, plan, ...(owner && { owner }) });
  customers.push(customer);
  return customer;
}

async function setEmail(accountId: string, email: string): Promise<void> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(platform.cloud.client));
  const set = {
    // An address that is not proved is sent nothing.
    UpdateExpression: 'SET email = :email, emailVerifiedAt = :at',
    ExpressionAttributeValues: { ':email': email, ':at': new Date().toISOString() },
  };
  await documents.send(new UpdateCommand({ TableName: platform.table('Core'), Key: accountKey(accountId), ...set }));
  documents.destroy();
}

async function alertsOf({ api }: Customer): Promise<Alert[]> {
  const answer = await fetch(`${platform.cloud.apiUrl}/v1/alerts`, { headers: { 'api-key': api.key } });
  return ((await answer.json()) as { data: Alert[] }).data;
}

/** The alerts once there are so many; then a moment more, in which no other may come. */
async function notified(customer: Customer, count: number): Promise<string[]> {
  for (const deadline = Date.now() + 30_000; (await alertsOf(customer)).length < count; await pause(200)) {
    if (Date.now() > deadline) throw new Error(`only ${JSON.stringify(await alertsOf(customer))}`);
  }
  await pause(2_500);
  return (await alertsOf(customer)).map(({ about, threshold }) => `${about} ${threshold}`).sort();
}

/** Of alerts; the first video brings another e-mail, about AI output. */
async function alertMailsTo(address: string): Promise<string[]> {
  const answer = await fetch(`${platform.cloud.awsUrl}/_mail.json`);
  const mails = (await answer.json()) as { to: string[]; subject: string }[];
  const own = mails.filter(({ to }) => to.includes(address)).map(({ subject }) => subject);
  return own.filter(subject => subject.includes('%'));
}

describe('bill: a customer is notified', () => {
  it('at 80 and at 100 per cent of the balance, once, by e-mail and in the list, and again after a top-up', async () => {
    const customer = await newCustomer(5 * cost);
    await setEmail(customer.accountId, 'ada@example.com');
    for (let video = 0; video < 3; video++) await customer.api.generate();
    await pause(2_500);
    expect(await alertsOf(customer)).toEqual([]);
    await customer.api.generate();
    expect(await notified(customer, 1)).toEqual(['balance 80']);
    await customer.api.generate();
    expect(await notified(customer, 2)).toEqual(['balance 100', 'balance 80']);
    expect((await customer.api.generate()).ErrCode).toBe(500090);
    const mails = await alertMailsTo('ada@example.com');
    expect(mails.map(subject => subject.slice(0, 9)).sort()).toEqual(['100 % use', '80 % used']);

    const finance = await personOf(platform, 'finance');
    const gift = { credits: cost, reason: 'to go on', reference: 'CASE-1' };
    await finance.api.send('POST', `/operators/accounts/${customer.accountId}/grants`, gift);
    await customer.api.generate();
    expect(await notified(customer, 4)).toEqual(['balance 100', 'balance 100', 'balance 80', 'balance 80']);
    expect(new Set((await alertsOf(customer)).map(({ period }) => period)).size).toBe(2);
  });

  it("at 80 per cent of the day's videos that the plan allows", async () => {
    const customer = await newCustomer(1000, undefined, 'trial');
    await platform.setDayCount(customer.accountId, PLANS.trial.generationsPerDay * 0.8 - 1);
    await customer.api.generate({ ...SMALL, model: 'v6' });
    expect(await notified(customer, 1)).toEqual(['daily_videos 80']);
    const [alert] = await alertsOf(customer);
    expect(alert).toMatchObject({ used: 16, limit: 20, period: new Date().toISOString().slice(0, 10) });
  });

  it('at 100 per cent of what a key may spend', async () => {
    const owner = await personOf(platform, 'developer');
    const customer = await newCustomer(1000 * cost, owner);
    const made = await owner.api.send<{ key: string }>('POST', '/keys', {
      name: 'schmaler Schlüssel',
      permissions: ['videos:create'],
      spend_limit: cost,
    });
    expect(made.status, JSON.stringify(made.body)).toBeLessThan(300);
    await new ApiClient(platform.cloud.apiUrl, made.body.key).generate();
    expect(await notified(customer, 2)).toEqual(['key_spend 100', 'key_spend 80']);
    const mails = await alertMailsTo(owner.email);
    expect(mails.filter(subject => subject.includes('the key schmaler Schlüssel has spent'))).toHaveLength(2);
  });

  it('of nothing of another account', async () => {
    const stranger = await newCustomer(1000);
    expect(await alertsOf(stranger)).toEqual([]);
  });

  // The last one: what cannot be sent is tried again for half a minute.
  it('whatever becomes of the e-mails to others', async () => {
    const others = await newCustomer(cost);
    const customer = await newCustomer(cost);
    await setEmail(others.accountId, UNDELIVERABLE);
    await setEmail(customer.accountId, 'bea@example.com');
    for (const { api } of [others, customer]) await api.generate();
    expect(await notified(customer, 2)).toEqual(['balance 100', 'balance 80']);
    expect(await alertMailsTo('bea@example.com')).toHaveLength(2);
  });
});
