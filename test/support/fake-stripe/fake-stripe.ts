/**
 * Stands for Stripe: what of its API the platform calls, with its idempotency and its errors, and its webhooks, which it
 * signs with the official library's own helper. It knows nothing of the platform but where its webhook is.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import Stripe from 'stripe';

/** How the next call goes, instead of well. `lost`: it is done, and the answer never comes. */
export type Fault = { readonly status: number; readonly type: string; readonly code?: string } | 'lost';

export interface Session {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payment: string;
  readonly form: Readonly<Record<string, string>>;
}

interface Refunded {
  readonly id: string;
  readonly payment: string;
  readonly amount: number;
  status: string;
}

const SECRET_KEY = 'sk_test_fake';
const WEBHOOK_SECRET = 'whsec_fake';
/** Longer than the client's patience would be unkind to the tests: the connection is closed instead. */
const LOST_MS = 50;

/** The same for every file of a test process: a stage that names it is synthesised once. Another where it is taken. */
const PORT = 12_111 + Number(process.env.VITEST_POOL_ID ?? 0);

export class FakeStripe {
  readonly keys = { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET };
  readonly sessions: Session[] = [];
  readonly calls: string[] = [];
  readonly #answers = new Map<string, { said: string; answer: object }>();
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
    const { id, amount, currency, reference, metadata, payment } = session;
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
      ...changed,
    });
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
    if (fault && fault !== 'lost') return send(response, fault.status, wrong(fault.type, fault.code));
    const { status, body } = this.#answer(request, pathname, searchParams, Buffer.concat(chunks).toString());
    if (fault === 'lost') {
      await pause(LOST_MS);
      response.destroy();
      return;
    }
    send(response, status, body);
  }

  #answer({ method, headers }: IncomingMessage, path: string, query: URLSearchParams, body: string) {
    if (headers.authorization !== `Bearer ${SECRET_KEY}`) {
      return { status: 401, body: wrong('invalid_request_error', 'api_key_invalid') };
    }
    if (method === 'POST' && path === '/v1/checkout/sessions') {
      return this.#create(
        Object.fromEntries(new URLSearchParams(body)),
        body,
        String(headers['idempotency-key'] ?? ''),
      );
    }
    const [, payment] = /^\/v1\/payment_intents\/(\w+)$/.exec(path) ?? [];
    const session = this.sessions.find(one => one.payment === payment);
    if (session) {
      const { amount, currency, metadata } = session;
      return { status: 200, body: { id: payment, object: 'payment_intent', amount, currency, metadata } };
    }
    if (path === '/v1/refunds') {
      const data = this.#refunds.filter(one => one.payment === query.get('payment_intent')).map(shown);
      return { status: 200, body: { object: 'list', url: path, has_more: false, data } };
    }
    return { status: 404, body: wrong('invalid_request_error', 'resource_missing') };
  }

  #create(form: Record<string, string>, said: string, key: string): { status: number; body: object } {
    const earlier = key === '' ? undefined : this.#answers.get(key);
    if (earlier) {
      if (earlier.said !== said) return { status: 400, body: wrong('idempotency_error') };
      return { status: 200, body: earlier.answer };
    }
    const id = `cs_test_${randomBytes(8).toString('hex')}`;
    const members = (prefix: string) =>
      Object.fromEntries(
        Object.entries(form).flatMap(([name, value]) =>
          name.startsWith(`${prefix}[`) ? [[name.slice(prefix.length + 1, -1), value]] : [],
        ),
      );
    const session = {
      id,
      form,
      reference: form.client_reference_id ?? '',
      payment: `pi_${id.slice(8)}`,
      amount: Number(form['line_items[0][price_data][unit_amount]']),
      currency: form['line_items[0][price_data][currency]'] ?? '',
      metadata: members('payment_intent_data[metadata]'),
    };
    this.sessions.push(session);
    const answer = { id, object: 'checkout.session', url: `https://checkout.stripe.test/c/pay/${id}`, status: 'open' };
    if (key !== '') this.#answers.set(key, { said, answer });
    return { status: 200, body: answer };
  }
}

function made(type: string, object: object): object {
  const id = `evt_${randomBytes(8).toString('hex')}`;
  return { id, object: 'event', type, created: Math.floor(Date.now() / 1000), data: { object } };
}

function shown({ id, payment, amount, status }: Refunded): object {
  return { id, object: 'refund', payment_intent: payment, amount, status, currency: 'usd', metadata: {} };
}

function wrong(type: string, code?: string): object {
  return { error: { type, message: 'it was scripted so', ...(code && { code }) } };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
