/**
 * Credits for money: bought on Checkout, as Stripe reports it. A platform of its own: its stage pays at a stand-in of
 * Stripe, which is not set up at first.
 */
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import type { Problem } from '../../functions/http/problem-body.ts';
import type { invoiceObject } from '../../functions/invoices/contract.ts';
import type { autoTopUpObject } from '../../functions/payments/auto-top-up-contract.ts';
import type { listPaymentExceptions } from '../../functions/payments/bookings-contract.ts';
import { creditsOf } from '../support/credits.ts';
import { personOf } from '../support/people.ts';
import { type Buyer, type PurchaseObject, Shop } from '../support/shop.ts';
import { unlistedItems } from '../support/unlisted-items.ts';

type Invoice = z.output<typeof invoiceObject>;
type Exceptions = z.output<typeof listPaymentExceptions.output>;
type Answered = PurchaseObject & Pick<Problem, 'code' | 'detail'>;

let shop: Shop;
const buyers: Buyer[] = [];

beforeAll(async () => {
  shop = await Shop.open();
  await shop.putKeys();
});
afterAll(() => shop?.close());
// Money adds up after every test, whatever it did.
afterEach(async () => {
  for (const { accountId } of buyers) await creditsOf(shop.platform, accountId);
});

async function newBuyer(credits = 0): Promise<Buyer> {
  const buyer = await shop.buyer(credits);
  buyers.push(buyer);
  return buyer;
}

async function entriesOf({ accountId }: Buyer) {
  const { entries } = await creditsOf(shop.platform, accountId);
  const money = entries.filter(({ kind }) => kind === 'purchase' || kind === 'refund');
  return money.map(({ id, kind, postings, money }) => ({ id, kind, postings, money }));
}

async function read({ person }: Buyer, id: string): Promise<PurchaseObject> {
  return (await person.api.send<PurchaseObject>('GET', `/credits/purchases/${id}`)).body;
}

const exceptionsOf = async (purchaseId: string): Promise<string[]> => {
  const items = await shop.platform.everything('Core');
  return items
    .filter(item => item.pk === 'PAYMENT_EXCEPTIONS' && item.purchaseId === purchaseId)
    .map(item => String(item.kind));
};

describe('before payments are set up', () => {
  it('a purchase says so and what to do, changes nothing, and Stripe is to send again; then the keys count at once', async () => {
    const closed = await Shop.open({ taxBy: 'stripe', packagePrices: 'net' });
    const buyer = await closed.buyer();
    const { status, body } = await buyer.person.api.refused('POST', '/credits/purchases', { package: 'credits_1000' });
    expect(status).toBe(503);
    expect(body.code).toBe('payments_unavailable');
    expect(body.detail).toMatch(/not set up.*secretKey and webhookSecret.*StripeSecretArn/);
    expect(await closed.stripe.post(closed.webhookUrl, '{}', {})).toBe(503);
    const items = await closed.platform.items<{ sk: string }>('Core', `ACCOUNT#${buyer.accountId}`);
    expect(items.map(({ sk }) => sk)).not.toContainEqual(expect.stringMatching(/^PURCHASE/));
    await closed.putKeys();
    const { purchase, session } = await closed.begin(buyer);
    expect([purchase.status, purchase.amount]).toEqual(['open', 1000]);

    // This stage has Stripe compute the tax, and add it: number, amounts and PDF of the document are Stripe's.
    expect(session.form).toMatchObject({
      'automatic_tax[enabled]': 'true',
      'invoice_creation[enabled]': 'true',
      'line_items[0][price_data][tax_behavior]': 'exclusive',
    });
    expect(await closed.deliver(closed.stripe.pay(session))).toBe(200);
    const { body: paid } = await buyer.person.api.send<PurchaseObject>('GET', `/credits/purchases/${purchase.id}`);
    expect(paid).toMatchObject({ status: 'paid', amount: 1210 });
    const [invoice = expect.fail()] = await vi.waitFor(
      async () => {
        const { body: list } = await buyer.person.api.send<{ data: Invoice[] }>('GET', '/invoices');
        return list.data.length > 0 ? list.data : expect.fail('no document');
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(invoice).toMatchObject({
      kind: 'invoice',
      number: 'FAKE-0001',
      hosted_by: 'stripe',
      pdf: null,
      net: 1000,
      tax: 210,
      total: 1210,
      tax_treatment: 'stripe',
    });
    const { body: link } = await buyer.person.api.send<{ url: string }>('GET', `/invoices/${invoice.id}/pdf`);
    expect(link.url).toMatch(/^https:\/\/invoice\.stripe\.test\/.*pdf$/);
    const mailed = await closed.platform.items<{ sk: string; template?: string }>('Core', `ACCOUNT#${buyer.accountId}`);
    expect(mailed.filter(({ template }) => template === 'invoice')).toEqual([]);
    const topUp = { below: 1, package: 'credits_1000', monthly_limit: 1000 };
    const offered = await buyer.person.api.refused('PUT', '/credits/auto-top-up', topUp);
    expect([offered.status, offered.body.detail]).toEqual([409, expect.stringContaining('not offered where Stripe')]);
    await closed.close();
  });
});

describe('bill: a purchase', () => {
  it('is paid on Checkout and is in the balance, the ledger, the purchase and the trail, once', async () => {
    const buyer = await newBuyer(7);
    const { body: packages } = await buyer.person.api.send<{ data: { id: string; amount: number }[] }>(
      'GET',
      '/credits/packages',
    );
    expect(packages.data[0]).toMatchObject({ id: 'credits_1000', amount: 1000 });
    const { purchase, session } = await shop.begin(buyer);
    expect(purchase).toMatchObject({ status: 'open', credits: 1000, amount: 1000, currency: 'usd', paid_at: null });
    expect(purchase.checkout_url).toBe(`https://checkout.stripe.test/c/pay/${session.id}`);
    expect(session).toMatchObject({
      amount: 1000,
      currency: 'usd',
      metadata: { accountId: buyer.accountId, purchaseId: purchase.id },
    });
    expect(session.form).toMatchObject({
      mode: 'payment',
      success_url: expect.stringContaining(`purchase=${purchase.id}`),
    });
    expect(await buyer.api.balance()).toBe(7);

    const event = shop.stripe.event('completed', session);
    expect([await shop.deliver(event), await shop.deliver(event)]).toEqual([200, 200]);

    expect(await buyer.api.balance()).toBe(1007);
    expect(await entriesOf(buyer)).toEqual([
      {
        id: `purchase#${purchase.id}`,
        kind: 'purchase',
        postings: [
          { account: 'sold', amount: -1000 },
          { account: 'available', amount: 1000 },
        ],
        money: { amount: 1000, currency: 'usd', reference: session.payment },
      },
    ]);
    expect(await read(buyer, purchase.id)).toMatchObject({
      status: 'paid',
      checkout_url: null,
      paid_at: expect.stringMatching(/Z$/),
    });
    const trail = await shop.platform.items<{ action?: string; subject?: string }>('Audit', buyer.accountId);
    const actions = trail.filter(({ subject }) => subject === purchase.id).map(({ action }) => action);
    expect(actions.sort()).toEqual(['credits.purchased', 'purchase.begun']);
  });

  it('is listed newest first, page by page, to its account alone', async () => {
    const buyer = await newBuyer();
    const ids = [];
    for (let index = 0; index < 3; index++) ids.unshift((await shop.begin(buyer)).purchase.id);
    const page = (query: string) =>
      buyer.person.api.send<{ data: PurchaseObject[]; has_more: boolean }>('GET', `/credits/purchases?${query}`);
    const first = (await page('limit=2')).body;
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.has_more).toBe(true);
    const rest = (await page(`limit=2&after=${ids[1]}`)).body;
    expect([rest.data.map(({ id }) => id), rest.has_more]).toEqual([ids.slice(2), false]);
    const stranger = await newBuyer();
    const refused = await stranger.person.api.refused('GET', `/credits/purchases/${ids[0]}`);
    const never = await stranger.person.api.refused('GET', '/credits/purchases/pur_0');
    expect([refused.status, never.status]).toEqual([404, 404]);
    expect(refused.body.code).toBe(never.body.code);
  });

  it('is one for each Idempotency-Key, and another package with it is refused', async () => {
    const { person } = await newBuyer();
    const buy = (wanted: string) =>
      person.api.send<Answered>('POST', '/credits/purchases', { package: wanted }, { 'idempotency-key': 'a' });
    const [one, other] = await Promise.all([buy('credits_1000'), buy('credits_1000')]);
    const again = await buy('credits_1000');
    expect(new Set([one, other, again].map(({ body }) => `${body.id} ${body.checkout_url}`)).size).toBe(1);
    expect(shop.stripe.sessions.filter(({ reference }) => reference === one.body.id)).toHaveLength(1);
    const mismatch = await buy('credits_5000');
    expect([mismatch.status, mismatch.body.code]).toEqual([422, 'idempotency_mismatch']);
  });

  it('of a package that there is not names those that there are', async () => {
    const { person } = await newBuyer();
    const { body } = await person.api.refused('POST', '/credits/purchases', { package: 'credits_7' });
    expect(body).toMatchObject({
      code: 'invalid_parameter',
      param: 'package',
      detail: expect.stringContaining('credits_1000'),
    });
  });

  it('1.1a is refused before the account is approved, and when it is frozen', async () => {
    const buyer = await newBuyer();
    for (const accountStatus of ['registered', 'verified', 'submitted', 'refused', 'frozen', 'closed'] as const) {
      await shop.setStatus(buyer.accountId, accountStatus);
      const { status, body } = await buyer.person.api.refused('POST', '/credits/purchases', {
        package: 'credits_1000',
      });
      expect([status, body.code]).toEqual([403, 'account_not_active']);
    }
    expect(
      (await buyer.person.api.refused('POST', '/credits/purchases', { package: 'credits_1000' })).body.detail,
    ).toContain('closed');
  });

  it('is for no key, whatever it may', async () => {
    const buyer = await newBuyer();
    const answer = await buyer.api.post('/v1/credits/purchases', { package: 'credits_1000' });
    expect(answer.status).toBe(403);
  });
});

describe('where Stripe', () => {
  it('fails or loses an answer, the official client tries again and there is one session', async () => {
    const buyer = await newBuyer();
    shop.stripe.fail({ status: 500, type: 'api_error' }, 'lost');
    const { purchase } = await shop.begin(buyer);
    expect(purchase.checkout_url).toContain('cs_test_');
    expect(shop.stripe.sessions.filter(({ reference }) => reference === purchase.id)).toHaveLength(1);
  });

  it('stays away or is throttled, the call says so, and the same key finishes the purchase later', async () => {
    const { person } = await newBuyer();
    const down = { status: 500, type: 'api_error' };
    shop.stripe.fail(down, down, down);
    const buy = () =>
      person.api.send<Answered>('POST', '/credits/purchases', { package: 'credits_1000' }, { 'idempotency-key': 'b' });
    const refused = await buy();
    expect([refused.status, refused.body.code]).toEqual([503, 'payments_unavailable']);
    expect(refused.body.detail).toContain('same Idempotency-Key');
    shop.stripe.fail({ status: 429, type: 'rate_limit_error' });
    expect((await buy()).body.detail).toContain('same Idempotency-Key');
    const { body } = await buy();
    expect(body.checkout_url).toContain('cs_test_');
    const { body: list } = await person.api.send<{ data: PurchaseObject[] }>('GET', '/credits/purchases');
    expect(list.data.map(({ id }) => id)).toEqual([body.id]);
  });

  it('refuses, the call names the code and the purchase', async () => {
    const { person } = await newBuyer();
    shop.stripe.fail({ status: 402, type: 'card_error', code: 'account_closed' });
    const { body } = await person.api.refused('POST', '/credits/purchases', { package: 'credits_1000' });
    expect(body.detail).toMatch(/account_closed.*pur_/);
  });
});

describe('a webhook', () => {
  it('that is not signed, is signed with another secret, is changed or is old changes nothing', async () => {
    const buyer = await newBuyer();
    const { session } = await shop.begin(buyer);
    const event = shop.stripe.event('completed', session);
    const at = (signed: object) => shop.stripe.deliver(shop.webhookUrl, event, signed);
    expect(await at({ secret: 'whsec_other' })).toBe(400);
    expect(await at({ secondsAgo: 301 })).toBe(400);
    expect(await shop.stripe.post(shop.webhookUrl, JSON.stringify(event), {})).toBe(400);
    const forged = { 'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` };
    expect(await shop.stripe.post(shop.webhookUrl, JSON.stringify(event), forged)).toBe(400);
    expect(await entriesOf(buyer)).toEqual([]);
    expect(await at({ secondsAgo: 200 })).toBe(200);
    expect(await entriesOf(buyer)).toHaveLength(1);
  });

  it('of another amount, another currency, no purchase, or a type that nobody knows is answered and credits nothing', async () => {
    const buyer = await newBuyer();
    const { purchase, session } = await shop.begin(buyer);
    const unknown = { ...session, reference: 'pur_0', metadata: { ...session.metadata, purchaseId: 'pur_0' } };
    const events = [
      shop.stripe.event('completed', session, { amount_total: 1 }),
      shop.stripe.event('completed', session, { currency: 'eur' }),
      shop.stripe.event('completed', unknown),
      shop.stripe.event('completed', session, { client_reference_id: 'pur_0' }),
      shop.stripe.event('completed', session, { metadata: {} }),
      { ...shop.stripe.event('completed', session), type: 'customer.created' },
      shop.stripe.event('completed', session, { payment_status: 'unpaid' }),
    ];
    for (const event of events) expect(await shop.deliver(event)).toBe(200);
    expect(await entriesOf(buyer)).toEqual([]);
    expect(await exceptionsOf(purchase.id)).toEqual(['amount_mismatch', 'amount_mismatch']);
    expect(await exceptionsOf('pur_0')).toEqual(['unknown_purchase']);
  });

  it('of a bank transfer credits when it has come, and closes when it failed', async () => {
    const buyer = await newBuyer();
    const { purchase, session } = await shop.begin(buyer);
    await shop.deliver(shop.stripe.event('completed', session, { payment_status: 'unpaid' }));
    expect((await read(buyer, purchase.id)).status).toBe('open');
    await shop.deliver(shop.stripe.event('async_payment_succeeded', session));
    expect((await read(buyer, purchase.id)).status).toBe('paid');
    const second = await shop.begin(buyer);
    await shop.deliver(shop.stripe.event('async_payment_failed', second.session));
    expect(await read(buyer, second.purchase.id)).toMatchObject({ status: 'closed', checkout_url: null });
    expect(await buyer.api.balance()).toBe(1000);
  });
});

describe('auto top-up', () => {
  type State = z.output<typeof autoTopUpObject>;
  const wanted = { below: 1500, package: 'credits_1000', monthly_limit: 2000 };
  const send = ({ person }: Buyer, method: 'GET' | 'PUT' | 'DELETE', body?: object) =>
    person.api.send<State & Pick<Problem, 'code' | 'detail'>>(method, '/credits/auto-top-up', body);

  it('charges the card that a person saved as soon as use takes the credits below what was set, and its webhook books it', async () => {
    const buyer = await newBuyer();
    const early = await send(buyer, 'PUT', wanted);
    expect([early.status, early.body.code, early.body.detail]).toEqual([
      409,
      'wrong_state',
      expect.stringContaining('save_payment_method'),
    ]);
    const body = { package: 'credits_5000', save_payment_method: true };
    const { body: bought } = await buyer.person.api.send<PurchaseObject>('POST', '/credits/purchases', body);
    const session = shop.stripe.sessions.find(({ reference }) => reference === bought.id) ?? expect.fail();
    expect(session.form).toMatchObject({
      customer: shop.stripe.charges.customers.at(-1),
      'payment_intent_data[setup_future_usage]': 'off_session',
    });
    const paid = shop.stripe.pay(session);
    expect([await shop.deliver(paid), await shop.deliver(paid)]).toEqual([200, 200]);
    expect((await send(buyer, 'GET')).body).toMatchObject({
      status: 'off',
      payment_method: { type: 'card', brand: 'visa', last4: '4242' },
    });
    expect((await send(buyer, 'PUT', wanted)).body).toMatchObject({ ...wanted, status: 'on', currency: 'usd' });

    const finance = await personOf(shop.platform, 'finance');
    const taken = { credits: -3497, reference: 'CASE-2', reason: 'as if spent' };
    await finance.api.send('POST', `/operators/accounts/${buyer.accountId}/adjustments`, taken);
    expect(await buyer.api.balance()).toBe(1503);
    // A key only uses what is there, and its use is what counts.
    await buyer.api.generate();
    const charged = await vi.waitFor(
      () => shop.stripe.charges.intents.find(({ customer }) => customer === session.form.customer) ?? expect.fail(),
      { timeout: 60_000, interval: 100 },
    );
    expect(charged).toMatchObject({ amount: 1000, currency: 'usd', status: 'succeeded' });
    const { body: charging } = await send(buyer, 'GET');
    expect(charging).toMatchObject({
      status: 'charging',
      spent_this_month: 1000,
      purchase: charged.metadata.purchaseId,
    });
    for (const event of shop.stripe.events.splice(0)) expect(await shop.deliver(event)).toBe(200);
    expect(await read(buyer, charged.metadata.purchaseId ?? '')).toMatchObject({ status: 'paid', automatic: true });
    expect((await send(buyer, 'GET')).body).toMatchObject({ status: 'on', purchase: null, spent_this_month: 1000 });
    expect((await entriesOf(buyer)).map(({ money }) => money?.reference).sort()).toEqual(
      [session.payment, charged.id].sort(),
    );
    await shop.platform.operate('TopUpFunction', {});
    expect(shop.stripe.charges.intents.filter(({ customer }) => customer === session.form.customer)).toHaveLength(1);

    // The next one is declined, and is paid by hand where the e-mail leads.
    Object.assign(shop.stripe.charges.methods.get(charged.method) ?? {}, { card: 'card_declined' });
    await finance.api.send('POST', `/operators/accounts/${buyer.accountId}/adjustments`, {
      ...taken,
      credits: -1000,
      reference: 'CASE-3',
    });
    const retrying = await vi.waitFor(
      async () => {
        const { body: state } = await send(buyer, 'GET');
        return state.status === 'retrying' ? state : expect.fail(state.status);
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(retrying).toMatchObject({ last_failure: { code: 'card_declined', attempts: 1 }, spent_this_month: 2000 });
    const page = shop.stripe.sessions.find(({ id }) => retrying.checkout_url?.endsWith(id)) ?? expect.fail('no page');
    for (const event of [...shop.stripe.events.splice(0), shop.stripe.pay(page)]) {
      expect(await shop.deliver(event)).toBe(200);
    }
    expect(await read(buyer, retrying.purchase ?? '')).toMatchObject({ status: 'paid', automatic: true });
    expect((await send(buyer, 'GET')).body).toMatchObject({ status: 'on', last_failure: null, checkout_url: null });
    const mails = await shop.platform.items<{ template?: string; sentAt?: string }>(
      'Core',
      `ACCOUNT#${buyer.accountId}`,
    );
    expect(mails.filter(({ template }) => template === 'top_up_failed')).toMatchObject([
      { sentAt: expect.any(String) },
    ]);

    expect((await send(buyer, 'DELETE')).body).toMatchObject({ status: 'off', payment_method: null });
    const trail = await shop.platform.items<{ action?: string; actorId?: string }>('Audit', buyer.accountId);
    const done = trail.filter(({ action = '' }) => /purchase\.|payment_method|top_up/.test(action));
    expect(done.map(({ action, actorId }) => `${action} ${actorId}`).sort()).toEqual([
      `auto_top_up.ended ${buyer.person.personId}`,
      'auto_top_up.failed auto-top-up',
      `auto_top_up.set ${buyer.person.personId}`,
      'payment_method.saved stripe',
      'purchase.begun auto-top-up',
      'purchase.begun auto-top-up',
      `purchase.begun ${buyer.person.personId}`,
    ]);
  });

  it('is for people of the account alone, and what it cannot mean is refused by its member', async () => {
    const buyer = await newBuyer();
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await fetch(`${shop.platform.cloud.apiUrl}/v1/credits/auto-top-up`, {
        method,
        headers: { 'api-key': buyer.api.key, 'content-type': 'application/json' },
        ...(method === 'PUT' && { body: JSON.stringify(wanted) }),
      });
      expect(answer.status).toBe(403);
    }
    const refused: [object, string][] = [
      [{ ...wanted, below: 0 }, 'below'],
      [{ ...wanted, package: 'credits_7' }, 'package'],
      [{ ...wanted, monthly_limit: 999 }, 'monthly_limit'],
    ];
    for (const [body, param] of refused) {
      const answer = await buyer.person.api.refused('PUT', '/credits/auto-top-up', body);
      expect([answer.status, answer.body.param]).toEqual([400, param]);
    }
    expect((await send(buyer, 'GET')).body).toMatchObject({ status: 'off', below: null });
  });
});

describe('a refund', () => {
  it('takes back what is not spent, and finance is shown what stays uncollected', async () => {
    const buyer = await newBuyer();
    const { purchase, session } = await shop.begin(buyer);
    await shop.deliver(shop.stripe.event('completed', session));
    for (const event of shop.stripe.refund(session, 250)) expect(await shop.deliver(event)).toBe(200);
    expect(await buyer.api.balance()).toBe(750);
    const finance = await personOf(shop.platform, 'finance');
    const taken = await finance.api.send('POST', `/operators/accounts/${buyer.accountId}/adjustments`, {
      credits: -700,
      reference: 'CASE-1',
      reason: 'as if spent',
    });
    expect(taken.status).toBe(200);
    for (const event of shop.stripe.refund(session, 750)) expect(await shop.deliver(event)).toBe(200);
    expect((await read(buyer, purchase.id)).refunded).toEqual({ amount: 1000, credits: 300, uncollected: 700 });
    const { body } = await finance.api.send<Exceptions>('GET', '/operators/payment-exceptions');
    expect(body.data.find(one => one.purchase_id === purchase.id)).toMatchObject({
      kind: 'refund_uncollected',
      why: expect.stringContaining('700'),
    });
    // 6.3: what was paid in the end.
    const paid = (await entriesOf(buyer)).reduce((sum, { money }) => sum + (money?.amount ?? 0), 0);
    expect(paid).toBe(0);
  });

  it('that is on its way takes nothing until it has arrived', async () => {
    const buyer = await newBuyer();
    const { session } = await shop.begin(buyer);
    await shop.deliver(shop.stripe.event('completed', session));
    for (const event of shop.stripe.refund(session, 100, 'pending')) await shop.deliver(event);
    expect(await buyer.api.balance()).toBe(1000);
    await shop.deliver(shop.stripe.endRefund(session, 'succeeded'));
    expect(await buyer.api.balance()).toBe(900);
  });
});

describe('the events of a purchase', () => {
  it('in any order, doubled and at once end in the same ledger', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 3 }),
        fc.infiniteStream(fc.nat()),
        async (amounts, draws) => {
          const buyer = await newBuyer();
          const { purchase, session } = await shop.begin(buyer);
          const events = [
            shop.stripe.event('completed', session),
            shop.stripe.event('expired', session),
            ...amounts.flatMap(amount => shop.stripe.refund(session, amount)),
          ];
          const reported = [...events, ...events].map(event => ({ event, place: draws.next().value as number }));
          reported.sort((one, other) => one.place - other.place);
          while (reported.length > 0) {
            const statuses = await Promise.all(reported.splice(0, 3).map(({ event }) => shop.deliver(event)));
            expect(new Set(statuses)).toEqual(new Set([200]));
          }
          const left = 1000 - amounts.reduce((sum, amount) => sum + amount, 0);
          expect(await buyer.api.balance()).toBe(left);
          const entries = await entriesOf(buyer);
          expect(entries.map(({ kind }) => kind).sort()).toEqual(['purchase', ...amounts.map(() => 'refund')]);
          expect((await read(buyer, purchase.id)).status).toBe('paid');
          expect(await exceptionsOf(purchase.id)).toEqual([]);
        },
      ),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 6) },
    );
  });
});

it('whatever came of it, nothing stands in the tables that the inventory of personal data does not list', async () => {
  expect((await unlistedItems(shop.platform)).unlisted).toEqual([]);
});
