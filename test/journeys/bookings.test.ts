/** Money and credits that finance enters by hand. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GIVEN_ALONE } from '../../functions/catalogue/ledger-kinds.ts';
import { creditsOf } from '../support/credits.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly credits: number;
  readonly code: string;
  readonly detail: string;
}

let platform: Platform;
let finance: SignedInPerson;
const customers: Customer[] = [];

beforeAll(async () => {
  platform = await Platform.shared();
  finance = await personOf(platform, 'finance');
});
// Money adds up after every test, whatever it did.
afterEach(async () => {
  for (const { accountId } of customers) await creditsOf(platform, accountId);
});

async function newCustomer(credits = 100): Promise<Customer> {
  const customer = await platform.customer({ credits });
  customers.push(customer);
  return customer;
}

function book({ accountId }: { accountId: string }, what: string, body: object, headers?: Record<string, string>) {
  return finance.api.send<Entry>('POST', `/operators/accounts/${accountId}/${what}`, body, headers);
}

const payment = (reference: string, more: object = {}) => ({
  credits: 5000,
  amount: 4800,
  currency: 'usd',
  reference,
  reason: 'bank transfer',
  ...more,
});

describe('bill: a payment that finance enters', () => {
  it('6.3 is credited with its money, and traced to who entered it and why', async () => {
    const customer = await newCustomer();
    const { status, body } = await book(customer, 'payments', payment('SEPA 1'));
    expect([status, body.kind, body.credits]).toEqual([200, 'purchase', 5000]);
    expect(await customer.api.balance()).toBe(5100);
    const { entries } = await creditsOf(platform, customer.accountId);
    expect(entries.find(({ id }) => id === body.id)?.money).toEqual({
      amount: 4800,
      currency: 'usd',
      reference: 'SEPA 1',
    });
    const trail = await platform.items<{ action?: string; actorId?: string; reason?: string }>(
      'Audit',
      customer.accountId,
    );
    expect(trail.find(({ action }) => action === 'credits.purchased')).toMatchObject({
      actorId: finance.personId,
      reason: 'bank transfer',
    });
  });

  it('is credited once for its reference, entered 20 times at once', async () => {
    const customer = await newCustomer(0);
    const replies = await Promise.all(Array.from({ length: 20 }, () => book(customer, 'payments', payment('SEPA 2'))));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19);
    expect(await customer.api.balance()).toBe(5000);
  });

  it('is refused where its reference is of another account, amount or number of credits', async () => {
    const [one, other] = [await newCustomer(0), await newCustomer(0)];
    await book(one, 'payments', payment('SEPA 3'));
    for (const refused of [
      await book(other, 'payments', payment('SEPA 3')),
      await book(one, 'payments', payment('SEPA 3', { amount: 4801 })),
      await book(one, 'payments', payment('SEPA 3', { credits: 4999 })),
      await book(one, 'payments', payment('SEPA 3', { currency: 'eur' })),
    ]) {
      expect([refused.status, refused.body.code]).toEqual([422, 'idempotency_mismatch']);
      expect(refused.body.detail).toContain('SEPA 3');
    }
    expect([await one.api.balance(), await other.api.balance()]).toEqual([5000, 0]);
  });

  it('is refused for an account that there is not, and leaves its reference free', async () => {
    const refused = await book({ accountId: 'acct_0' }, 'payments', payment('SEPA 4'));
    expect([refused.status, refused.body.code]).toEqual([404, 'not_found']);
    expect((await book(await newCustomer(), 'payments', payment('SEPA 4'))).status).toBe(200);
  });

  it.each([
    ['reason', payment('SEPA 5', { reason: undefined })],
    ['reason', payment('SEPA 5', { reason: '   ' })],
    ['reference', payment('')],
    ['amount', payment('SEPA 5', { amount: 0 })],
    ['amount', payment('SEPA 5', { amount: 10.5 })],
    ['currency', payment('SEPA 5', { currency: 'USD' })],
    ['credits', payment('SEPA 5', { credits: -1 })],
  ])('is refused by its %s', async (field, body) => {
    const { status, body: said } = await book(customers[0] as Customer, 'payments', body);
    expect([status, said.detail]).toEqual([400, expect.stringContaining(field)]);
  });
});

describe('an adjustment', () => {
  it('gives and takes, never below zero, and says how far it may', async () => {
    const customer = await newCustomer(100);
    expect((await book(customer, 'adjustments', { credits: 50, reason: 'promised' })).status).toBe(200);
    const refused = await book(customer, 'adjustments', { credits: -151, reason: 'credited twice' });
    expect([refused.status, refused.body.code]).toEqual([402, 'insufficient_credits']);
    expect(refused.body.detail).toContain('150 credits');
    expect((await book(customer, 'adjustments', { credits: -150, reason: 'credited twice' })).body.credits).toBe(-150);
    expect(await customer.api.balance()).toBe(0);
  });

  it('of what is left, entered by 10 at once, is booked once', async () => {
    const customer = await newCustomer(100);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => book(customer, 'adjustments', { credits: -100, reason: 'credited twice' })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(402)]);
    expect(await customer.api.balance()).toBe(0);
  });

  it('and a gift with an Idempotency-Key are booked once, and with other credits refused', async () => {
    const customer = await newCustomer(0);
    for (const what of ['adjustments', 'grants']) {
      const call = (credits: number) => book(customer, what, { credits, reason: 'outage' }, { 'idempotency-key': 'k' });
      expect((await call(10)).body.id).toBe((await call(10)).body.id);
      expect((await call(11)).status).toBe(422);
    }
    expect(await customer.api.balance()).toBe(20);
  });

  it('needs a reason, and is not of nothing', async () => {
    const customer = await newCustomer();
    expect((await book(customer, 'adjustments', { credits: 1 })).body.detail).toContain('reason');
    expect((await book(customer, 'adjustments', { credits: 0, reason: 'nothing' })).body.detail).toContain('credits');
    expect((await book(customer, 'grants', { credits: -1, reason: 'nothing' })).status).toBe(400);
  });
});

describe('more credits than one person gives away on a day', () => {
  const MORE = GIVEN_ALONE + 1;
  const outage = { credits: MORE, reason: 'for the outage' };
  interface Proposed extends Entry {
    readonly state: string;
  }
  const bookAs = (person: SignedInPerson, { accountId }: Customer, what: string, body: object, key?: string) =>
    person.api.send<Proposed>(
      'POST',
      `/operators/accounts/${accountId}/${what}`,
      body,
      key === undefined ? {} : { 'idempotency-key': key },
    );

  it('are proposed by one and booked by another, once, be they a gift, a correction or a payment', async () => {
    const [first, second] = [await personOf(platform, 'finance'), await personOf(platform, 'finance')];
    const customer = await newCustomer(0);
    const transfer = { ...payment('SEPA two'), credits: MORE };
    for (const [what, body] of [
      ['grants', outage],
      ['adjustments', outage],
      ['payments', transfer],
    ] as const) {
      const before = await customer.api.balance();
      for (const replayed of [null, 'true']) {
        const { status, body: said, headers } = await bookAs(first, customer, what, body, 'two');
        expect([status, said.state]).toEqual([202, 'awaiting_second_person']);
        expect(headers.get('idempotent-replayed')).toBe(replayed);
      }
      expect(await customer.api.balance()).toBe(before);
      const other = await bookAs(second, customer, what, { ...body, credits: MORE + 1 }, 'two');
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
      const replies = await Promise.all([second, second, second].map(one => bookAs(one, customer, what, body, 'two')));
      expect(replies.map(({ status, body: { state } }) => [status, state])).toEqual(Array(3).fill([200, 'booked']));
      expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
      expect(await customer.api.balance()).toBe(before + MORE);
      expect((await bookAs(first, customer, what, body, 'two')).body.state).toBe('booked');
    }
    const trail = await platform.items<{ action?: string; actorId?: string }>('Audit', customer.accountId);
    const acts = trail.flatMap(({ action = '', actorId }) =>
      action.startsWith('credits.') ? [[action, actorId]] : [],
    );
    const pair = (booked: string) => [
      ['credits.proposed', first.personId],
      [booked, second.personId],
    ];
    expect(acts).toEqual(['credits.granted', 'credits.adjusted', 'credits.purchased'].flatMap(pair));
  });

  it('are no fewer in several calls', async () => {
    const person = await personOf(platform, 'finance');
    const customer = await newCustomer(0);
    const half = { credits: GIVEN_ALONE / 2, reason: 'for the outage' };
    for (const key of ['a', 'b']) expect((await bookAs(person, customer, 'grants', half, key)).status).toBe(200);
    expect((await bookAs(person, customer, 'adjustments', half, 'c')).status).toBe(202);
    // What is taken is no gift, and what was booked is still told so.
    expect((await bookAs(person, customer, 'adjustments', { ...half, credits: -1 })).status).toBe(200);
    expect((await bookAs(person, customer, 'grants', half, 'b')).body.state).toBe('booked');
    expect(await customer.api.balance()).toBe(GIVEN_ALONE - 1);
  });

  it('need a name by which another repeats the call, and an account; and an operator opens none with more', async () => {
    const customer = await newCustomer(0);
    const unnamed = await bookAs(finance, customer, 'grants', outage);
    expect([unnamed.status, unnamed.body.detail]).toEqual([400, expect.stringContaining('Idempotency-Key')]);
    expect((await bookAs(finance, { ...customer, accountId: 'acct_0' }, 'grants', outage, 'k')).status).toBe(404);
    await expect(platform.customer({ credits: MORE })).rejects.toThrow('1000000 credits at most');
  });
});
