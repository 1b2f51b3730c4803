/**
 * Of the fake Stripe: customers, the payment methods that were saved for them, and payment intents that are confirmed without
 * their owner, as its public API has them. A method charges as its card says: each is one of Stripe's own test cards.
 */
import { randomBytes } from 'node:crypto';
import { made, wrong } from './objects.ts';

/** What the next charge of a method comes to. */
export type Card = 'visa' | 'card_declined' | 'authentication_required' | 'processing';

export interface Method {
  readonly id: string;
  customer: string | null;
  /** Changed by a test, such as where a card has expired meanwhile. */
  card: Card;
}

export interface Intent {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly customer: string;
  readonly method: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: number;
  status: 'succeeded' | 'processing' | 'requires_payment_method' | 'canceled';
  error?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: object;
}

type Form = Readonly<Record<string, string>>;

export class Charges {
  readonly customers: string[] = [];
  readonly methods = new Map<string, Method>();
  readonly intents: Intent[] = [];
  readonly #seconds: () => number;
  /** Events that Stripe would send, in their order. */
  readonly #report: (event: object) => void;

  constructor(seconds: () => number, report: (event: object) => void) {
    this.#seconds = seconds;
    this.#report = report;
  }

  /** A method that a customer has saved, as a checkout with `setup_future_usage` does. */
  save(customer: string, card: Card = 'visa'): Method {
    const method = { id: `pm_${randomBytes(8).toString('hex')}`, customer, card };
    this.methods.set(method.id, method);
    return method;
  }

  /** A payment that was processing comes to an end. */
  settle(intent: Intent, status: 'succeeded' | 'requires_payment_method'): void {
    intent.status = status;
    this.#report(intentEvent(intent));
  }

  /** Undefined for what it has not. */
  answer(method: string, path: string, query: URLSearchParams, form: Form): Answer | undefined {
    if (method === 'POST' && path === '/v1/customers') return this.#customer(form);
    if (method === 'POST' && path === '/v1/payment_intents') return this.#charge(form);
    if (method === 'GET' && path === '/v1/payment_intents') return this.#list(query);
    const [, id = '', action = ''] = /^\/v1\/payment_intents\/(\w+)(\/cancel)?$/.exec(path) ?? [];
    const intent = this.intents.find(one => one.id === id);
    if (intent && action === '/cancel') return this.#cancel(intent);
    if (intent) return { status: 200, body: shownIntent(intent) };
    const [, detached = ''] = /^\/v1\/payment_methods\/(\w+)\/detach$/.exec(path) ?? [];
    return detached === '' ? undefined : this.#detach(detached);
  }

  #customer(form: Form): Answer {
    const id = `cus_${randomBytes(8).toString('hex')}`;
    this.customers.push(id);
    return { status: 200, body: { id, object: 'customer', metadata: members(form, 'metadata') } };
  }

  #charge(form: Form): Answer {
    const { payment_method: method = '', customer = '', amount, currency = '' } = form;
    const saved = this.methods.get(method);
    if (!saved || saved.customer !== customer || form.confirm !== 'true' || form.off_session !== 'true') {
      return { status: 400, body: wrong('invalid_request_error', 'resource_missing') };
    }
    const id = `pi_${randomBytes(8).toString('hex')}`;
    const metadata = members(form, 'metadata');
    const fixed = { id, amount: Number(amount), currency, customer, method, metadata, created: this.#seconds() };
    const status =
      saved.card === 'visa' ? 'succeeded' : saved.card === 'processing' ? 'processing' : 'requires_payment_method';
    const failed = status === 'requires_payment_method';
    const intent: Intent = { ...fixed, status, ...(failed && { error: saved.card }) };
    this.intents.push(intent);
    this.#report(intentEvent(intent));
    if (!failed) return { status: 200, body: shownIntent(intent) };
    const { error } = wrong('card_error', saved.card);
    const decline = saved.card === 'card_declined' ? 'generic_decline' : saved.card;
    return {
      status: 402,
      body: { error: { ...error, decline_code: decline, payment_intent: shownIntent(intent) } },
    };
  }

  #list(query: URLSearchParams): Answer {
    const since = Number(query.get('created[gte]') ?? 0);
    const own = this.intents.filter(one => one.customer === query.get('customer') && one.created >= since);
    const data = own.map(shownIntent).reverse();
    return { status: 200, body: { object: 'list', url: '/v1/payment_intents', has_more: false, data } };
  }

  #cancel(intent: Intent): Answer {
    if (intent.status !== 'requires_payment_method') {
      return { status: 400, body: wrong('invalid_request_error', 'payment_intent_unexpected_state') };
    }
    intent.status = 'canceled';
    this.#report(intentEvent(intent));
    return { status: 200, body: shownIntent(intent) };
  }

  #detach(id: string): Answer {
    const method = this.methods.get(id);
    if (!method?.customer) return { status: 400, body: wrong('invalid_request_error', 'resource_missing') };
    method.customer = null;
    return { status: 200, body: shownMethod(method) };
  }
}

const EVENTS = {
  succeeded: 'payment_intent.succeeded',
  processing: 'payment_intent.processing',
  requires_payment_method: 'payment_intent.payment_failed',
  canceled: 'payment_intent.canceled',
} as const;

function intentEvent(intent: Intent): object {
  return made(EVENTS[intent.status], shownIntent(intent));
}

export function shownMethod({ id, customer }: Method): object {
  return { id, object: 'payment_method', type: 'card', customer, card: { brand: 'visa', last4: '4242' } };
}

function shownIntent({ id, amount, currency, customer, method, metadata, created, status, error }: Intent): object {
  return {
    id,
    object: 'payment_intent',
    amount,
    amount_received: status === 'succeeded' ? amount : 0,
    currency,
    customer,
    payment_method: status === 'requires_payment_method' ? null : method,
    metadata,
    created,
    status,
    last_payment_error: error === undefined ? null : { type: 'card_error', code: error },
  };
}

/** `metadata[name]` and the like of a form. */
export function members(form: Form, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      name.startsWith(`${prefix}[`) ? [[name.slice(prefix.length + 1, -1), value]] : [],
    ),
  );
}
