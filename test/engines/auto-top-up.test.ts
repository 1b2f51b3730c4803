/** Auto top-up over the product's own tables, charging a stand-in of Stripe by the official client: one purchase and one charge, whatever happens. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Entry, purchaseId as entryIdOf } from '../../functions/credits/ledger.ts';
import { accountKey } from '../../functions/data/item-keys.ts';
import type { AutoTopUp } from '../../functions/payments/auto-top-up.ts';
import type { Charging, TopUpDependencies } from '../../functions/payments/change-top-up-command.ts';
import type { Purchase } from '../../functions/payments/purchase.ts';
import { FakeStripe, type Session } from '../support/fake-stripe/fake-stripe.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { racer, random } from '../support/racer.ts';

const mails: string[] = [];
/** Takes e-mails as SES does. */
const post = createServer(async (request, response) => {
  const { Content } = (await json(request)) as { Content: { Simple: { Subject: { Data: string } } } };
  mails.push(Content.Simple.Subject.Data);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ MessageId: '1' }));
});

/** A process dies at each so many calls; `npm run topups` has it die at every one. */
const STEP = Number(process.env.TOP_UP_DEATHS_STEP ?? 13);
const DYING_MS = 60_000 + 600_000 / STEP;
const HOUR = 3600_000;
const DAY = 24 * HOUR;
const PERSON = {
  kind: 'person',
  id: 'user_1',
  plan: 'enterprise',
  roles: ['developer'],
  address: '192.0.2.1',
  client: 'test',
} as const;
const SETTINGS = { below: 500, package: 'credits_1000', monthly_limit: 3000 };

const stripe = new FakeStripe();
let clock = 0;
/** Calls until the process is dead; each of DynamoDB and Stripe counts before it is sent and after it is answered. */
let life = Number.POSITIVE_INFINITY;
let product: ProductTables;
let dependencies: TopUpDependencies;
let payments: typeof import('../../functions/payments/top-up-command.ts') &
  typeof import('../../functions/payments/auto-top-up-command.ts') &
  typeof import('../../functions/payments/auto-top-up-store.ts') &
  typeof import('../../functions/payments/report-payment-command.ts') &
  typeof import('../../functions/payments/stripe-charges-client.ts') &
  typeof import('../../functions/payments/stripe-client.ts');

function live(): void {
  if (life-- <= 0) throw new Error('the process is dead');
}

beforeAll(async () => {
  product = await startProductTables();
  await new Promise<void>(resolve => post.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_SESV2 = `http://127.0.0.1:${(post.address() as AddressInfo).port}`;
  const { hostname: host, port } = new URL(await stripe.start());
  stripe.now = () => clock;
  const client = new Stripe(stripe.keys.secretKey, {
    host,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    httpClient: Stripe.createFetchHttpClient(async (url, init) => {
      live();
      const answer = await fetch(url as string, init as RequestInit);
      live();
      return answer as never;
    }),
  });
  const access = { client, webhookSecret: stripe.keys.webhookSecret };
  payments = {
    ...(await import('../../functions/payments/top-up-command.ts')),
    ...(await import('../../functions/payments/auto-top-up-command.ts')),
    ...(await import('../../functions/payments/auto-top-up-store.ts')),
    ...(await import('../../functions/payments/report-payment-command.ts')),
    ...(await import('../../functions/payments/stripe-charges-client.ts')),
    ...(await import('../../functions/payments/stripe-client.ts')),
  };
  const charging: Charging = {
    charge: request => payments.charge(access, request),
    closeCharge: payment => payments.closeCharge(access, payment),
    openPage: page => payments.openPage(access, { ...page, returnUrl: 'https://console.example.com/credits' }),
    closePage: session => payments.closePage(access, session),
    forgetMethods: methods => payments.forgetMethods(access, methods),
  };
  dependencies = {
    tables: product.tables,
    now: () => clock,
    random,
    mailFrom: 'no-reply@mutoscope.example',
    support: 'help@mutoscope.example',
    pricing: { prices: 'gross', taxBy: 'platform', issuerCountry: '' },
    charging: async () => charging,
  };
  const { documents } = await import('../../functions/data/table.ts');
  documents.middlewareStack.add(
    next => async args => {
      live();
      const answer = await next(args);
      live();
      return answer;
    },
    { step: 'initialize', name: 'death' },
  );
}, 60_000);
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_SESV2;
  post.close();
  await stripe.stop();
  await product?.stop();
});
beforeEach(() => {
  // The middle of a month, so that seven days later is still within it.
  clock = Date.parse('2026-11-10T08:00:00Z');
  mails.length = 0;
  stripe.events.length = 0;
  life = Number.POSITIVE_INFINITY;
});
afterEach(() => {
  life = Number.POSITIVE_INFINITY;
});

interface Buyer {
  readonly accountId: string;
  state(): Promise<AutoTopUp>;
  available(): Promise<number>;
  purchases(): Promise<Purchase[]>;
  sold(): Promise<Entry[]>;
  mailed(): Promise<string[]>;
  intents(): FakeStripe['charges']['intents'];
  card(card: 'visa' | 'card_declined' | 'authentication_required' | 'processing'): void;
}

/** An account with so many credits and a saved card, which has set auto top-up. */
async function buyer(credits = 400, settings = SETTINGS): Promise<Buyer> {
  const { accountId } = await racer(product, { credits });
  const [found] = await product.items<Record<string, unknown>>(product.tables.core, accountKey(accountId).pk);
  await product.put(product.tables.core, { ...found, email: 'a@example.com', emailVerifiedAt: '2026-01-01' });
  const customerId = `cus_${accountId}`;
  const { id: methodId } = stripe.charges.save(customerId);
  const before = await payments.findAutoTopUp(product.tables.core, accountId);
  const savedAt = new Date(clock).toISOString();
  const method = { methodId, type: 'card', last4: '4242', savedBy: 'user_1', savedAt };
  await product.put(product.tables.core, {
    pk: accountKey(accountId).pk,
    sk: 'AUTO_TOP_UP',
    ...before,
    revision: 1,
    customerId,
    method,
  });
  await payments.setAutoTopUp(dependencies, { ...PERSON, accountId }, settings);
  const own = <Item>(sk: string) =>
    product
      .items<Item & { sk: string }>(product.tables.core, accountKey(accountId).pk)
      .then(items => items.filter(item => item.sk.startsWith(sk)));
  return {
    accountId,
    state: () => payments.findAutoTopUp(product.tables.core, accountId),
    available: async () => (await own<{ available: number }>('ACCOUNT'))[0]?.available ?? 0,
    purchases: () => own<Purchase>('PURCHASE#'),
    sold: async () =>
      (await product.items<Entry>(product.tables.ledger, accountId)).filter(({ kind }) => kind === 'purchase'),
    mailed: async () => (await own<{ template: string }>('MAIL#')).map(({ template }) => template),
    intents: () => stripe.charges.intents.filter(({ customer }) => customer === customerId),
    card: card => Object.assign(stripe.charges.methods.get(methodId) ?? {}, { card }),
  };
}

const look = (accountId: string) => payments.topUpAccount(dependencies, accountId);
const report = (event: object) =>
  payments.reportPayment(
    {
      ...dependencies,
      refundsOf: () => expect.fail(),
      savedMethodOf: async () => undefined,
      invoiceOf: () => expect.fail(),
    },
    event as Stripe.Event,
  );

/** Everything that Stripe has to report, each twice and the last first. */
async function reported(): Promise<void> {
  for (const event of [...stripe.events.splice(0).reverse()].flatMap(one => [one, one])) await report(event);
}

const sessionOf = (state: AutoTopUp): Session =>
  stripe.sessions.find(({ id }) => id === state.open?.page?.sessionId) ?? expect.fail('no page');

/** That one purchase was paid by one charge. */
async function paidOnce(one: Buyer, by: 'card' | 'hand' = 'card'): Promise<void> {
  const [purchase, ...more] = await one.purchases();
  expect([purchase?.state, purchase?.isAutomatic, more]).toEqual(['paid', true, []]);
  const sold = await one.sold();
  expect(sold).toMatchObject([
    {
      id: entryIdOf(purchase?.purchaseId ?? ''),
      money: { amount: 1000, currency: 'usd', reference: purchase?.payment },
    },
  ]);
  expect(await one.available()).toBe(1400);
  const charged = one.intents().filter(({ status }) => status === 'succeeded');
  expect(charged).toHaveLength(by === 'card' ? 1 : 0);
  expect(one.intents().every(({ status }) => ['succeeded', 'canceled'].includes(status))).toBe(true);
  const { open, month } = await one.state();
  expect([open, month?.spent]).toEqual([undefined, 1000]);
}

describe('an account whose credits fall below what it set', () => {
  it('buys the package with the saved card, once, however often it is looked at and Stripe reports it', async () => {
    const one = await buyer();
    await Promise.all(Array.from({ length: 6 }, () => look(one.accountId)));
    expect((await one.state()).open).toMatchObject({ state: 'charging', attempt: 1 });
    await look(one.accountId);
    await reported();
    await paidOnce(one);
    await look(one.accountId);
    await paidOnce(one);
  });

  it('is not charged while it has as many, or auto top-up is not set, or its account is frozen', async () => {
    const enough = await buyer(500);
    const frozen = await buyer();
    const [item] = await product.items<Record<string, unknown>>(product.tables.core, accountKey(frozen.accountId).pk);
    await product.put(product.tables.core, { ...item, status: 'frozen' });
    const off = await buyer();
    await payments.endAutoTopUp(dependencies, { ...PERSON, accountId: off.accountId });
    for (const one of [enough, frozen, off]) {
      await look(one.accountId);
      expect([await one.purchases(), one.intents()]).toEqual([[], []]);
    }
    // The card is forgotten at Stripe as well.
    expect((await off.state()).retired).toBeUndefined();
    expect([...stripe.charges.methods.values()].at(-1)?.customer).toBeNull();
  });

  it('never spends more than the limit of the month, is told so once, and buys again in the next', async () => {
    const one = await buyer(0, { below: 100_000, package: 'credits_1000', monthly_limit: 2999 });
    for (let times = 0; times < 4; times++) {
      await look(one.accountId);
      await reported();
    }
    expect(one.intents()).toHaveLength(2);
    expect(await one.mailed()).toEqual(['top_up_limit']);
    expect(mails).toEqual(['The monthly limit of your auto top-up is reached']);
    clock = Date.parse('2026-12-01T00:00:00Z');
    await look(one.accountId);
    expect(one.intents()).toHaveLength(3);
    expect((await one.state()).month).toEqual({ month: '2026-12', spent: 1000 });
  });

  it(
    'is charged once although the process dies at any call: with what Stripe reports, or without it',
    async () => {
      for (let calls = 0, isWhole = false; !isWhole; calls += STEP) {
        const one = await buyer();
        life = calls;
        isWhole = await look(one.accountId).then(
          () => true,
          () => false,
        );
        life = Number.POSITIVE_INFINITY;
        if ((calls / STEP) % 2 === 0) await reported();
        stripe.events.length = 0;
        await look(one.accountId);
        clock += 1.1 * HOUR;
        await payments.topUpDue(dependencies);
        await paidOnce(one);
        clock -= 1.1 * HOUR;
        expect(calls).toBeLessThan(200);
      }
    },
    DYING_MS,
  );

  it('is charged once where Stripe does not answer, or its answer is lost', async () => {
    const one = await buyer();
    stripe.fail({ status: 500, type: 'api_error' });
    await expect(look(one.accountId)).rejects.toMatchObject({ kind: 'payments_unavailable' });
    stripe.fail('well', 'lost');
    await expect(look(one.accountId)).rejects.toThrow();
    await look(one.accountId);
    expect(one.intents()).toHaveLength(1);
    await reported();
    await paidOnce(one);
  });

  it('counts in the month in which Stripe answers, where it did not before', async () => {
    const one = await buyer();
    clock = Date.parse('2026-11-30T23:59:00Z');
    stripe.fail({ status: 500, type: 'api_error' });
    await expect(look(one.accountId)).rejects.toMatchObject({ kind: 'payments_unavailable' });
    expect((await one.state()).month).toEqual({ month: '2026-11', spent: 1000 });
    clock += 2 * HOUR;
    await payments.topUpDue(dependencies);
    expect((await one.state()).month).toEqual({ month: '2026-12', spent: 1000 });
    await reported();
    await paidOnce(one);
  });

  it('waits for a payment that is on its way, which is booked when it arrives', async () => {
    const one = await buyer();
    one.card('processing');
    await look(one.accountId);
    clock += 2 * HOUR;
    await payments.topUpDue(dependencies);
    const [intent = expect.fail()] = one.intents();
    expect((await one.state()).open?.state).toBe('charging');
    stripe.charges.settle(intent, 'succeeded');
    await reported();
    await paidOnce(one);
  });
});

describe('a purchase that is declined', () => {
  it.each(['card_declined', 'authentication_required'] as const)(
    'by %s is told with a page on which it is paid by hand, and paid there is not charged again',
    async code => {
      const one = await buyer();
      one.card(code);
      await look(one.accountId);
      const state = await one.state();
      expect(state).toMatchObject({
        failure: { code, attempts: 1 },
        open: { state: 'declined', dueAt: new Date(clock + DAY).toISOString() },
      });
      expect(mails).toEqual(['Your auto top-up could not be paid']);
      // What is paid there is the same purchase, and nothing else can be paid for it by then.
      const session = sessionOf(state);
      expect(session).toMatchObject({ reference: state.open?.purchaseId, amount: 1000, status: 'open' });
      expect(one.intents().map(({ status }) => status)).toEqual(['canceled']);
      await reported();
      await look(one.accountId);
      await report(stripe.pay(session));
      await paidOnce(one, 'hand');
      one.card('visa');
      clock += 8 * DAY;
      await payments.topUpDue(dependencies);
      await paidOnce(one, 'hand');
      expect(mails).toHaveLength(1);
    },
  );

  it('is told once, with one page and one payment, by however many it is looked at together', async () => {
    const one = await buyer();
    one.card('card_declined');
    await Promise.all(Array.from({ length: 5 }, () => look(one.accountId)));
    await Promise.all(Array.from({ length: 3 }, () => look(one.accountId)));
    expect([await one.mailed(), mails.length]).toEqual([['top_up_failed'], 1]);
    expect(one.intents().map(({ status }) => status)).toEqual(['canceled']);
    const pages = stripe.sessions.filter(({ metadata }) => metadata.accountId === one.accountId);
    expect(pages).toHaveLength(1);
    expect((await one.state()).failure?.attempts).toBe(1);
    // Nothing of it is left for the tests after it.
    await payments.endAutoTopUp(dependencies, { ...PERSON, accountId: one.accountId });
    await payments.topUpDue(dependencies);
  });

  it('is tried again after one, three and seven days, and then auto top-up is off, each told once', async () => {
    const one = await buyer();
    one.card('card_declined');
    const first = clock;
    const attempts: [days: number, attempt: number | undefined][] = [];
    for (const days of [0, 0.9, 1, 2.9, 3, 6.9, 7, 7.1, 30]) {
      clock = first + days * DAY;
      if (days === 0) await look(one.accountId);
      await payments.topUpDue(dependencies);
      await reported();
      await payments.topUpDue(dependencies);
      attempts.push([days, (await one.state()).open?.attempt]);
    }
    expect(attempts).toEqual([
      [0, 1],
      [0.9, 1],
      [1, 2],
      [2.9, 2],
      [3, 3],
      [6.9, 3],
      [7, undefined],
      [7.1, undefined],
      [30, undefined],
    ]);
    expect(one.intents().map(({ status }) => status)).toEqual(Array(4).fill('canceled'));
    expect(stripe.sessions.filter(({ metadata }) => metadata.accountId === one.accountId)).toMatchObject(
      Array(3).fill({ status: 'expired' }),
    );
    expect(mails).toEqual([...Array(3).fill('Your auto top-up could not be paid'), 'Auto top-up is switched off']);
    expect(await one.purchases()).toMatchObject([{ state: 'closed' }]);
    const state = await one.state();
    expect([state.switchedOff?.at, state.month?.spent]).toEqual([new Date(first + 7 * DAY).toISOString(), 0]);
    // Set again, it is on again.
    one.card('visa');
    await payments.setAutoTopUp(dependencies, { ...PERSON, accountId: one.accountId }, SETTINGS);
    await look(one.accountId);
    expect(one.intents().at(-1)?.status).toBe('succeeded');
  });

  it('after auto top-up was ended is given up at once, and nobody is told of it', async () => {
    const one = await buyer();
    stripe.fail({ status: 500, type: 'api_error' });
    await expect(look(one.accountId)).rejects.toMatchObject({ kind: 'payments_unavailable' });
    await payments.endAutoTopUp(dependencies, { ...PERSON, accountId: one.accountId });
    await payments.topUpDue(dependencies);
    expect(await one.purchases()).toMatchObject([{ state: 'closed' }]);
    expect([one.intents(), await one.mailed(), (await one.state()).open]).toEqual([[], [], undefined]);
  });

  it('goes through when it is tried again with a card that works by then', async () => {
    const one = await buyer();
    one.card('card_declined');
    await look(one.accountId);
    const session = sessionOf(await one.state());
    one.card('visa');
    clock += DAY;
    await payments.topUpDue(dependencies);
    expect(session.status).toBe('expired');
    await reported();
    await paidOnce(one);
    expect((await one.state()).failure).toBeUndefined();
  });

  it('counts in the month in which it is tried again, and is given up where its limit does not allow it', async () => {
    const [fits, exceeds] = [await buyer(), await buyer()];
    clock = Date.parse('2026-11-30T12:00:00Z');
    for (const one of [fits, exceeds]) {
      one.card('card_declined');
      await look(one.accountId);
      one.card('visa');
    }
    const lower = await exceeds.state();
    await product.put(product.tables.core, {
      pk: accountKey(exceeds.accountId).pk,
      sk: 'AUTO_TOP_UP',
      ...lower,
      settings: { ...lower.settings, monthlyLimit: 999 },
    });
    clock += DAY;
    await payments.topUpDue(dependencies);
    expect((await fits.state()).month).toEqual({ month: '2026-12', spent: 1000 });
    expect(await exceeds.state()).toMatchObject({ month: { month: '2026-12', spent: 0 } });
    expect(await exceeds.purchases()).toMatchObject([{ state: 'closed' }]);
  });

  it('is given up where the account was suspended meanwhile, and holds up nobody', async () => {
    const one = await buyer();
    one.card('card_declined');
    await look(one.accountId);
    const items = await product.items<{ sk: string }>(product.tables.core, accountKey(one.accountId).pk);
    const measures = [{ id: 'meas_1', step: 'suspended' }];
    await product.put(product.tables.core, {
      ...items.find(({ sk }) => sk === 'ACCOUNT'),
      standing: { byPoints: {}, measures },
      standingRevision: 1,
      suspendedUntilMs: 8.64e15,
    });
    clock += DAY;
    await payments.topUpDue(dependencies);
    expect([(await one.state()).open, await one.purchases()]).toMatchObject([undefined, [{ state: 'closed' }]]);
    expect(one.intents().map(({ status }) => status)).toEqual(['canceled']);
  });

  it('is given up where the account was topped up otherwise, or auto top-up was ended, and nothing can be paid for it', async () => {
    const [richer, ended] = [await buyer(), await buyer()];
    for (const one of [richer, ended]) {
      one.card('card_declined');
      await look(one.accountId);
      one.card('visa');
    }
    const items = await product.items<{ sk: string }>(product.tables.core, accountKey(richer.accountId).pk);
    await product.put(product.tables.core, { ...items.find(({ sk }) => sk === 'ACCOUNT'), available: 500 });
    await payments.endAutoTopUp(dependencies, { ...PERSON, accountId: ended.accountId });
    const sessions = [sessionOf(await richer.state()), sessionOf(await ended.state())];
    await payments.topUpDue(dependencies);
    expect((await ended.state()).open).toBeUndefined();
    clock += DAY;
    await payments.topUpDue(dependencies);
    for (const one of [richer, ended]) {
      expect(await one.purchases()).toMatchObject([{ state: 'closed' }]);
      expect(one.intents().map(({ status }) => status)).toEqual(['canceled']);
      expect((await one.state()).month?.spent).toBe(0);
    }
    expect(sessions.map(({ status }) => status)).toEqual(['expired', 'expired']);
  });

  it(
    'is told once and paid once although the process dies at any call of the failure or of the next try',
    async () => {
      for (const dying of ['failure', 'retry'] as const) {
        for (let calls = 0, isWhole = false; !isWhole; calls += STEP) {
          const start = clock;
          const one = await buyer();
          one.card('card_declined');
          const run = async (act: () => Promise<unknown>, mayDie: boolean) => {
            if (mayDie) life = calls;
            const outcome = await act().then(
              () => true,
              () => false,
            );
            life = Number.POSITIVE_INFINITY;
            if (mayDie) isWhole = outcome;
          };
          await run(() => look(one.accountId), dying === 'failure');
          await look(one.accountId);
          await reported();
          await look(one.accountId);
          expect(one.intents().map(({ status }) => status)).toEqual(['canceled']);
          one.card('visa');
          clock += DAY;
          await run(() => payments.topUpDue(dependencies), dying === 'retry');
          await payments.topUpDue(dependencies);
          await reported();
          clock += 1.1 * HOUR;
          await payments.topUpDue(dependencies);
          await paidOnce(one);
          expect(one.intents()).toHaveLength(2);
          expect(await one.mailed()).toEqual(['top_up_failed']);
          expect(calls).toBeLessThan(200);
          clock = start;
        }
      }
    },
    DYING_MS,
  );
});

describe('auto top-up', () => {
  it('is set on a saved payment method alone, within what buys a package, and is once what it is', async () => {
    const { accountId } = await racer(product, { credits: 0 });
    const caller = { ...PERSON, accountId };
    const set = (settings: object) => payments.setAutoTopUp(dependencies, caller, { ...SETTINGS, ...settings });
    await expect(set({})).rejects.toMatchObject({
      kind: 'wrong_state',
      message: expect.stringMatching(/save_payment_method/),
    });
    await expect(set({ monthly_limit: 999 })).rejects.toMatchObject({
      kind: 'invalid_parameter',
      field: 'monthly_limit',
    });
    const one = await buyer();
    const before = await one.state();
    const again = await payments.setAutoTopUp(dependencies, { ...PERSON, accountId: one.accountId }, SETTINGS);
    expect(again.revision).toBe(before.revision);
  });
});
