/** Money and credits that finance enters by hand. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GIVEN_ALONE } from '../../functions/catalogue/ledger-kinds.ts';
import { creditsOf } from '../support/credits.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { VideosClient } from '../support/videos-client.ts';

interface Entry {
  readonly id: string;
  readonly kind: string;
  readonly credits: number;
  readonly state: string;
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

function book({ accountId }: { accountId: string }, what: string, body: object) {
  return finance.api.send<Entry>('POST', `/operators/accounts/${accountId}/${what}`, body);
}

const payment = (reference: string, more: object = {}) => ({
  credits: 5000,
  amount: 4800,
  currency: 'usd',
  reference,
  value_date: '2026-01-20',
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
    const said = { reference: 'SEPA 1', reason: 'bank transfer' };
    expect(entries.find(({ id }) => id === body.id)).toMatchObject({
      ...said,
      money: { amount: 4800, currency: 'usd', reference: 'SEPA 1', valueDate: '2026-01-20' },
    });
    const ledger = new VideosClient(customer.api.url, customer.api.key);
    const shown = await ledger.send<{ data: object[] }>('GET', '/ledger?kind=purchase');
    expect(shown.body.data).toMatchObject([{ ...said, money: { value_date: '2026-01-20' } }]);
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
      await book(one, 'payments', payment('SEPA 3', { value_date: '2026-01-21' })),
      await book(one, 'payments', payment('SEPA 3', { reason: 'cash' })),
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
    ['currency', payment('SEPA 5', { currency: 'xyz' })],
    ['value_date', payment('SEPA 5', { value_date: undefined })],
    ['value_date', payment('SEPA 5', { value_date: '2126-01-01' })],
    ['value_date', payment('SEPA 5', { value_date: '2026-02-30' })],
    ['reason', payment('SEPA 5', { reason: '=1+1' })],
    ['credits', payment('SEPA 5', { credits: -1 })],
  ])('is refused by its %s', async (field, body) => {
    const { status, body: said } = await book(customers[0] as Customer, 'payments', body);
    expect([status, said.detail]).toEqual([400, expect.stringContaining(field)]);
  });
});

describe('bill: a payment that is reversed', () => {
  const reversal = (reference: string, more: object = {}) => ({
    reference,
    value_date: '2026-01-24',
    reason: 'the bank took it back',
    ...more,
  });
  const reverse = (customer: { accountId: string }, body: object) => book(customer, 'payments/reversals', body);

  it('6.3 goes out with all its money and its credits, once, with reason and value date', async () => {
    const customer = await newCustomer(0);
    await book(customer, 'payments', payment('SEPA 10'));
    const replies = await Promise.all(Array.from({ length: 10 }, () => reverse(customer, reversal('SEPA 10'))));
    expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    expect(await customer.api.balance()).toBe(0);
    const { entries } = await creditsOf(platform, customer.accountId);
    const money = entries.flatMap(entry => (entry.money ? [entry.money] : []));
    expect(money.map(({ amount, valueDate }) => [amount, valueDate])).toEqual([
      [4800, '2026-01-20'],
      [-4800, '2026-01-24'],
    ]);
    expect(entries.find(({ kind }) => kind === 'reversal')).toMatchObject({
      reason: 'the bank took it back',
      corrects: { entryId: 'purchase#by_hand:SEPA 10' },
    });
    const trail = await platform.items<{ action?: string }>('Audit', customer.accountId);
    expect(trail.filter(({ action }) => action === 'credits.reversed')).toHaveLength(1);
    const again = await book(customer, 'payments', payment('SEPA 10'));
    expect([again.status, again.body.state]).toEqual([200, 'reversed']);
  });

  it('leaves its reference to the account that it was meant for', async () => {
    const [wrong, right] = [await newCustomer(0), await newCustomer(0)];
    await book(wrong, 'payments', payment('SEPA 11'));
    await reverse(wrong, reversal('SEPA 11', { value_date: '2026-01-20', reason: 'booked to the wrong account' }));
    expect((await book(right, 'payments', payment('SEPA 11'))).status).toBe(200);
    expect([await wrong.api.balance(), await right.api.balance()]).toEqual([0, 5000]);
    expect((await book(wrong, 'payments', payment('SEPA 11'))).body.state).toBe('reversed');
    expect((await reverse(wrong, reversal('SEPA 11', { reason: 'once more' }))).status).toBe(422);
  });

  it('takes the credits that are left, and names to finance those that were spent', async () => {
    const customer = await newCustomer(0);
    await book(customer, 'payments', payment('SEPA 12'));
    await book(customer, 'adjustments', { credits: -4700, reference: 'as if spent', reason: 'as if spent' });
    expect((await reverse(customer, reversal('SEPA 12'))).body.credits).toBe(-300);
    expect(await customer.api.balance()).toBe(0);
    interface Listed {
      readonly data: readonly { readonly account_id: string; readonly kind: string; readonly why: string }[];
    }
    const { body } = await finance.api.send<Listed>('GET', '/operators/payment-exceptions');
    expect(body.data.find(one => one.account_id === customer.accountId)).toMatchObject({
      kind: 'reversal_uncollected',
      why: expect.stringContaining('4700 credits of the payment SEPA 12'),
    });
  });

  it.each([
    ['reference', 404, reversal('SEPA none')],
    ['value_date', 400, reversal('SEPA 1', { value_date: '2026-01-19' })],
    ['value_date', 400, reversal('SEPA 1', { value_date: '2126-01-01' })],
    ['reason', 400, reversal('SEPA 1', { reason: '' })],
  ])('is refused by its %s', async (field, status, body) => {
    const reply = await reverse(customers[0] as Customer, body);
    expect([reply.status, reply.body.detail]).toEqual([status, expect.stringContaining(field)]);
  });
});

describe('an adjustment', () => {
  let cases = 0;
  const said = (reason: string) => ({ reason, reference: `CASE-${++cases}` });

  it('gives and takes, never below zero, and says how far it may', async () => {
    const customer = await newCustomer(100);
    expect((await book(customer, 'adjustments', { credits: 50, ...said('promised') })).status).toBe(200);
    const refused = await book(customer, 'adjustments', { credits: -151, ...said('credited twice') });
    expect([refused.status, refused.body.code]).toEqual([402, 'insufficient_credits']);
    expect(refused.body.detail).toContain('150 credits');
    const taken = await book(customer, 'adjustments', { credits: -150, ...said('credited twice') });
    expect(taken.body).toMatchObject({ credits: -150, reason: 'credited twice' });
    expect(await customer.api.balance()).toBe(0);
  });

  it('of what is left, entered by 10 at once, is booked once', async () => {
    const customer = await newCustomer(100);
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => book(customer, 'adjustments', { credits: -100, ...said('credited twice') })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(402)]);
    expect(await customer.api.balance()).toBe(0);
  });

  it('and a gift are booked once for their reference, and with another amount or reason refused', async () => {
    const customer = await newCustomer(0);
    for (const what of ['adjustments', 'grants']) {
      const call = (credits: number, reason = 'outage') =>
        book(customer, what, { credits, reason, reference: 'CASE-1' });
      const [first, again] = [await call(10), await call(10)];
      expect([first.status, again.body.id, again.headers.get('idempotent-replayed')]).toEqual([
        200,
        first.body.id,
        'true',
      ]);
      for (const refused of [await call(11), await call(10, 'another')]) {
        expect([refused.status, refused.body.code]).toEqual([422, 'idempotency_mismatch']);
        expect(refused.body.detail).toMatch(/CASE-1 .*another (credits|reason)/);
      }
    }
    expect(await customer.api.balance()).toBe(20);
    // Another account may have the same case.
    const other = await newCustomer(0);
    expect((await book(other, 'grants', { credits: 10, reason: 'outage', reference: 'CASE-1' })).status).toBe(200);
  });

  it('shows its reason and reference to its account', async () => {
    const customer = await newCustomer(10);
    await book(customer, 'adjustments', { credits: -3, reason: 'credited twice', reference: 'CASE-4711' });
    const shown = await new VideosClient(customer.api.url, customer.api.key).send<{ data: object[] }>(
      'GET',
      '/ledger?kind=adjustment',
    );
    expect(shown.body.data).toMatchObject([{ available: -3, reason: 'credited twice', reference: 'CASE-4711' }]);
  });

  it('needs a reason and a reference, and is not of nothing', async () => {
    const customer = await newCustomer();
    const detailOf = async (what: string, body: object) => (await book(customer, what, body)).body.detail;
    expect(await detailOf('adjustments', { credits: 1, reference: 'CASE-1' })).toContain('reason');
    expect(await detailOf('adjustments', { credits: 1, reason: 'promised' })).toContain('reference');
    expect(await detailOf('grants', { credits: 1, reason: 'promised' })).toContain('reference');
    expect(await detailOf('adjustments', { credits: 0, ...said('nothing') })).toContain('credits');
    expect(await detailOf('grants', { credits: -1, ...said('nothing') })).toContain('credits');
  });
});

describe('more credits than one person gives away on a day', () => {
  const MORE = GIVEN_ALONE + 1;
  const outage = { credits: MORE, reason: 'for the outage', reference: 'outage' };
  const bookAs = (person: SignedInPerson, { accountId }: Customer, what: string, body: object) =>
    person.api.send<Entry>('POST', `/operators/accounts/${accountId}/${what}`, body);

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
        const { status, body: said, headers } = await bookAs(first, customer, what, body);
        expect([status, said.state]).toEqual([202, 'awaiting_second_person']);
        expect(headers.get('idempotent-replayed')).toBe(replayed);
      }
      expect(await customer.api.balance()).toBe(before);
      for (const changed of [{ credits: MORE + 1 }, { reason: 'for another' }]) {
        const other = await bookAs(second, customer, what, { ...body, ...changed });
        expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
      }
      const replies = await Promise.all([second, second, second].map(one => bookAs(one, customer, what, body)));
      expect(replies.map(({ status, body: { state } }) => [status, state])).toEqual(Array(3).fill([200, 'booked']));
      expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
      expect(await customer.api.balance()).toBe(before + MORE);
      expect((await bookAs(first, customer, what, body)).body.state).toBe('booked');
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
    const half = (reference: string) => ({ credits: GIVEN_ALONE / 2, reason: 'for the outage', reference });
    for (const key of ['a', 'b']) expect((await bookAs(person, customer, 'grants', half(key))).status).toBe(200);
    expect((await bookAs(person, customer, 'adjustments', half('c'))).status).toBe(202);
    // What is taken is no gift, and what was booked is still told so.
    expect((await bookAs(person, customer, 'adjustments', { ...half('d'), credits: -1 })).status).toBe(200);
    expect((await bookAs(person, customer, 'grants', half('b'))).body.state).toBe('booked');
    expect(await customer.api.balance()).toBe(GIVEN_ALONE - 1);
  });

  it('need an account, and an operator opens none with more', async () => {
    const customer = await newCustomer(0);
    expect((await bookAs(finance, { ...customer, accountId: 'acct_0' }, 'grants', outage)).status).toBe(404);
    await expect(platform.customer({ credits: MORE })).rejects.toThrow('1000000 credits at most');
  });
});
