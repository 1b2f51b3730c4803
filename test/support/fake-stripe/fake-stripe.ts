/**
 * Stands for Stripe: what of its API the platform calls, with its idempotency and its errors, and its webhooks, which it
 * signs with the official library's own helper. It knows nothing of the platform but where its webhook is.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import Stripe from 'stripe';
import { type Card, Charges, members, shownMethod } from './charges.ts';
import { made, wrong } from './objects.ts';

/** How the next call goes, where not `well`. `lost`: it is done, and the answer never comes. */
export type Fault = { readonly status: number; readonly type: string; readonly code?: string } | 'lost' | 'well';

export interface Session {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payment: string;
  readonly form: Readonly<Record<string, string>>;
  /** Where Stripe computes the tax of it: how much, and how much is to be paid with it. */
  readonly taxed?: { readonly tax: number; readonly total: number };
  /** Epoch seconds. */
  readonly expiresAt: number;
  status: 'open' | 'complete' | 'expired';
  /** With what it was paid, where that is saved for the customer. */
  method?: string;
}

interface Refunded {
  readonly id: string;
  readonly payment: string;
  readonly amount: number;
  status: string;
}

const SECRET_KEY = 'sk_test_fake';
const WEBHOOK_SECRET = 'whsec_fake';
/** The longest that Stripe keeps a session open, and how long where nothing else is said. */
const SESSION_SECONDS = 24 * 3600;
/** The tax that it computes, wherever its customer is. */
const TAX_PERCENT = 21;
/** Longer than the client's patience would be unkind to the tests: the connection is closed instead. */
const LOST_MS = 50;

/** The same for every file of a test process: a stage that names it is synthesised once. Another where it is taken. */
const PORT = 12_111 + Number(process.env.VITEST_POOL_ID ?? 0);

export class FakeStripe {
  readonly keys = { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET };
  readonly sessions: Session[] = [];
  readonly calls: string[] = [];
  /** Epoch ms; a test may move it. */
  now: () => number = Date.now;
  /** What it would have sent to the webhook of payments without their owner, and of sessions that it closed, in order. */
  readonly events: object[] = [];
  readonly charges = new Charges(
    () => Math.floor(this.now() / 1000),
    event => void this.events.push(event),
  );
  readonly #answers = new Map<string, { said: string; status: number; body: object }>();
  readonly #refunds: Refunded[] = [];
  readonly #faults: Fault[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  async start(): Promise<string> {
    await this.#listen(PORT).catch(() => this.#listen(0));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #listen(port: number): Promise<void> {
    return new Promise((ready, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', fail);
        ready();
      });
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(closed => this.#server.close(closed));
  }

  /** The next calls go wrong so, one each. */
  fail(...faults: Fault[]): void {
    this.#faults.push(...faults);
  }

  /** What is reported of a session: `type` without `checkout.session.`. */
  event(type: string, session: Session, changed: object = {}): object {
    const { id, amount, currency, reference, metadata, payment, taxed } = session;
    const computed = taxed && {
      amount_subtotal: amount,
      amount_total: taxed.total,
      automatic_tax: { enabled: true, status: 'complete' },
      total_details: { amount_tax: taxed.tax },
      invoice: `in_${id.slice(8)}`,
    };
    return made(`checkout.session.${type}`, {
      id,
      object: 'checkout.session',
      mode: 'payment',
      amount_total: amount,
      currency,
      metadata,
      client_reference_id: reference,
      payment_intent: payment,
      payment_status: 'paid',
      ...computed,
      ...changed,
    });
  }

  /** Pays a session as its customer does, with a card that is saved where the session says so; answers the event about it. */
  pay(session: Session, card: Card = 'visa'): object {
    if (this.#statusOf(session) !== 'open') throw new Error(`the session ${session.id} is ${session.status}`);
    session.status = 'complete';
    const { customer = '' } = session.form;
    const saves = session.form['payment_intent_data[setup_future_usage]'] === 'off_session';
    if (saves && customer !== '') session.method = this.charges.save(customer, card).id;
    return this.event('completed', session);
  }

  /** Pays back, and answers how it is reported, both ways. */
  refund(session: Session, amount: number, status = 'succeeded'): object[] {
    const refund = { id: `re_${randomBytes(8).toString('hex')}`, payment: session.payment, amount, status };
    this.#refunds.push(refund);
    return [
      made('refund.created', shown(refund)),
      made('charge.refunded', { object: 'charge', id: 'ch_1', payment_intent: session.payment }),
    ];
  }

  /** What became of the payment's last refund, reported. */
  endRefund(session: Session, status: string): object {
    const refund = this.#refunds.findLast(({ payment }) => payment === session.payment);
    if (!refund) throw new Error('nothing was paid back');
    refund.status = status;
    return made('refund.updated', shown(refund));
  }

  /** What became of all refunds of the payment at once, reported one by one. */
  endRefunds(session: Session, status: string): object[] {
    return this.#refunds
      .filter(({ payment }) => payment === session.payment)
      .map(refund => {
        refund.status = status;
        return made('refund.updated', shown(refund));
      });
  }

  /** Sends an event to a webhook as Stripe does; answers the status. */
  async deliver(url: string, event: object, signed: { secret?: string; secondsAgo?: number } = {}): Promise<number> {
    const payload = JSON.stringify(event, undefined, 2);
    const { secret = WEBHOOK_SECRET, secondsAgo = 0 } = signed;
    const timestamp = Math.floor(Date.now() / 1000) - secondsAgo;
    const signature = new Stripe(SECRET_KEY).webhooks.generateTestHeaderString({ payload, secret, timestamp });
    return this.post(url, payload, { 'stripe-signature': signature });
  }

  async post(url: string, body: string, headers: Record<string, string>): Promise<number> {
    const type = { 'content-type': 'application/json; charset=utf-8' };
    const answer = await fetch(url, { method: 'POST', body, headers: { ...type, ...headers } });
    await answer.text();
    return answer.status;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stripe');
    this.calls.push(`${request.method} ${pathname}`);
    const fault = this.#faults.shift();
    if (typeof fault === 'object') return send(response, fault.status, wrong(fault.type, fault.code));
    const { status, body } = this.#answer(request, pathname, searchParams, Buffer.concat(chunks).toString());
    if (fault === 'lost') {
      await pause(LOST_MS);
      response.destroy();
      return;
    }
    send(response, status, body);
  }

  /** Whatever is created with a key is answered the same again, refusals too. */
  #answer({ method = '', headers }: IncomingMessage, path: string, query: URLSearchParams, body: string) {
    if (headers.authorization !== `Bearer ${SECRET_KEY}`) {
      return { status: 401, body: wrong('invalid_request_error', 'api_key_invalid') };
    }
    const key = method === 'POST' ? String(headers['idempotency-key'] ?? '') : '';
    const said = `${path} ${body}`;
    const earlier = key === '' ? undefined : this.#answers.get(key);
    if (earlier && earlier.said !== said) return { status: 400, body: wrong('idempotency_error') };
    if (earlier) return earlier;
    const form = Object.fromEntries(new URLSearchParams(body));
    const answer = this.#sessionAnswer(method, path, form) ??
      this.charges.answer(method, path, query, form) ??
      this.#paymentAnswer(path, query) ?? { status: 404, body: wrong('invalid_request_error', 'resource_missing') };
    if (key !== '') this.#answers.set(key, { said, ...answer });
    return answer;
  }

  #sessionAnswer(method: string, path: string, form: Record<string, string>) {
    if (method === 'POST' && path === '/v1/checkout/sessions') return this.#create(form);
    const [, id = '', action = ''] = /^\/v1\/checkout\/sessions\/(\w+)(\/expire)?$/.exec(path) ?? [];
    const session = this.sessions.find(one => one.id === id);
    if (!session) return undefined;
    if (action === '') return { status: 200, body: this.#shownSession(session) };
    if (this.#statusOf(session) !== 'open') {
      return { status: 400, body: wrong('invalid_request_error', 'resource_already_exists') };
    }
    session.status = 'expired';
    this.events.push(this.event('expired', session, { payment_status: 'unpaid', payment_intent: null }));
    return { status: 200, body: this.#shownSession(session) };
  }

  #statusOf(session: Session): Session['status'] {
    if (session.status === 'open' && this.now() / 1000 >= session.expiresAt) session.status = 'expired';
    return session.status;
  }

  #shownSession(session: Session) {
    const { id, expiresAt: expires_at, metadata } = session;
    const url = `https://checkout.stripe.test/c/pay/${id}`;
    return { id, object: 'checkout.session', url, status: this.#statusOf(session), expires_at, metadata };
  }

  #paymentAnswer(path: string, query: URLSearchParams) {
    const [, payment] = /^\/v1\/payment_intents\/(\w+)$/.exec(path) ?? [];
    const session = this.sessions.find(one => one.payment === payment);
    if (session) {
      const { amount, currency, metadata, method = '' } = session;
      const saved = this.charges.methods.get(method);
      const isExpanded = query.getAll('expand[0]').includes('payment_method');
      const payment_method = saved && isExpanded ? shownMethod(saved) : null;
      const body = { id: payment, object: 'payment_intent', amount, currency, metadata, payment_method };
      return { status: 200, body };
    }
    const [, invoice] = /^\/v1\/invoices\/in_(\w+)$/.exec(path) ?? [];
    const billed = this.sessions.findIndex(({ id }) => id === `cs_test_${invoice}`);
    if (billed >= 0) {
      const url = `https://invoice.stripe.test/i/${invoice}`;
      const number = `FAKE-${String(billed + 1).padStart(4, '0')}`;
      const body = {
        id: `in_${invoice}`,
        object: 'invoice',
        number,
        hosted_invoice_url: url,
        invoice_pdf: `${url}/pdf`,
      };
      return { status: 200, body };
    }
    if (path !== '/v1/refunds') return undefined;
    const data = this.#refunds.filter(one => one.payment === query.get('payment_intent')).map(shown);
    return { status: 200, body: { object: 'list', url: path, has_more: false, data } };
  }

  #create(form: Record<string, string>): { status: number; body: object } {
    const id = `cs_test_${randomBytes(8).toString('hex')}`;
    const amount = Number(form['line_items[0][price_data][unit_amount]']);
    const behaviour = form['line_items[0][price_data][tax_behavior]'];
    const isTaxed = form['automatic_tax[enabled]'] === 'true';
    const added = Math.round((amount * TAX_PERCENT) / 100);
    const within = amount - Math.round((amount * 100) / (100 + TAX_PERCENT));
    const taxed = behaviour === 'exclusive' ? { tax: added, total: amount + added } : { tax: within, total: amount };
    const session: Session = {
      id,
      form,
      ...(isTaxed && { taxed }),
      reference: form.client_reference_id ?? '',
      payment: `pi_${id.slice(8)}`,
      amount,
      currency: form['line_items[0][price_data][currency]'] ?? '',
      metadata: members(form, 'payment_intent_data[metadata]'),
      expiresAt: Math.floor(this.now() / 1000) + SESSION_SECONDS,
      status: 'open',
    };
    this.sessions.push(session);
    return { status: 200, body: this.#shownSession(session) };
  }
}

function shown({ id, payment, amount, status }: Refunded): object {
  return { id, object: 'refund', payment_intent: payment, amount, status, currency: 'usd', metadata: {} };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
