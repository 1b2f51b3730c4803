/**
 * Payments at Stripe without their owner, with a method that was saved for it: the customer that an account is there, its
 * methods, charges and the page on which one that was declined is paid by hand. What Stripe refuses of a payment is an answer;
 * where it does not answer, or refuses us, a Refusal is thrown, and nothing is known.
 */
import Stripe from 'stripe';
import { Refusal } from '../catalogue/refusal.ts';
import { logger } from '../runtime/runtime.ts';
import type { SavedMethod } from './auto-top-up.ts';
import type { Purchase } from './purchase.ts';
import { type CheckoutOptions, createSession, type StripeAccess } from './stripe-client.ts';

/** What became of a payment. Of one that failed, the payment intent is there to be closed, but for where Stripe made none. */
export type Charge =
  | { readonly kind: 'paid'; readonly payment: string; readonly amount: number; readonly currency: string }
  | { readonly kind: 'processing' }
  | { readonly kind: 'failed'; readonly code: string; readonly payment?: string };

export interface ChargeRequest {
  readonly purchase: Purchase;
  readonly customerId: string;
  readonly methodId: string;
  /** From 1; each has a payment intent of its own. */
  readonly attempt: number;
}

/** The account as Stripe's customer. Called again within a day it is the same; one that is made twice is never used. */
export async function makeCustomer({ client }: StripeAccess, accountId: string): Promise<string> {
  return answered(async () => {
    const made = await client.customers.create(
      { metadata: { accountId } },
      { idempotencyKey: `customer:${accountId}` },
    );
    return made.id;
  });
}

/** The method with which a payment was made, where it is saved for others. */
export async function savedMethodOf({ client }: StripeAccess, payment: string): Promise<SavedMethod | undefined> {
  return answered(async () => {
    const { payment_method } = await client.paymentIntents.retrieve(payment, { expand: ['payment_method'] });
    if (payment_method === null || typeof payment_method === 'string' || !payment_method.customer) return undefined;
    const { id, type, card } = payment_method;
    return { methodId: id, type, ...(card && { brand: card.brand, last4: card.last4 }) };
  });
}

/** Has Stripe forget methods; one that it does not have any more is forgotten. */
export async function forgetMethods({ client }: StripeAccess, methods: readonly string[]): Promise<void> {
  for (const method of methods) await answered(() => client.paymentMethods.detach(method), null);
}

/**
 * Charges an attempt, once: with the purchase as the idempotency key, and where that may be forgotten already, by looking for
 * the payment intent among the customer's.
 */
export async function charge(access: StripeAccess, request: ChargeRequest): Promise<Charge> {
  const { purchase, customerId, methodId, attempt } = request;
  const { purchaseId, accountId, credits, amount, currency } = purchase;
  const made = await madeBefore(access, request);
  if (made) return chargeOf(made);
  try {
    const intent = await access.client.paymentIntents.create(
      {
        amount,
        currency,
        customer: customerId,
        payment_method: methodId,
        off_session: true,
        confirm: true,
        description: `${credits} credits for video generation`,
        metadata: { accountId, purchaseId, attempt: String(attempt) },
      },
      { idempotencyKey: attempt === 1 ? purchaseId : `${purchaseId}:${attempt}` },
    );
    return chargeOf(intent);
  } catch (error) {
    if (!isAboutPayment(error)) throw unavailable(error);
    const { payment_intent, code, decline_code, type } = error;
    logger.info('charge refused', { purchaseId, attempt, code, decline_code });
    return { kind: 'failed', code: code ?? type, ...(payment_intent && { payment: payment_intent.id }) };
  }
}

async function madeBefore({ client }: StripeAccess, { purchase, customerId, attempt }: ChargeRequest) {
  return answered(async () => {
    const created = { gte: Math.floor(Date.parse(purchase.createdAt) / 1000) - CLOCKS_SECONDS };
    for await (const intent of client.paymentIntents.list({ customer: customerId, created, limit: 100 })) {
      const { purchaseId, attempt: of } = intent.metadata;
      if (purchaseId === purchase.purchaseId && of === String(attempt)) return intent;
    }
    return undefined;
  });
}

/** By how much clocks may differ. */
const CLOCKS_SECONDS = 600;

/** Closes the payment intent of a charge that failed, so that nobody can pay it any more; answers what became of it. */
export async function closeCharge({ client }: StripeAccess, payment: string): Promise<Charge> {
  return answered(async () => {
    const intent = await client.paymentIntents.retrieve(payment);
    if (intent.status === 'succeeded' || intent.status === 'processing' || intent.status === 'canceled') {
      return chargeOf(intent);
    }
    // Somebody else may have closed it between the two calls, or its owner paid it.
    const closed = await unlessChanged(() => client.paymentIntents.cancel(payment));
    return chargeOf(closed ?? (await client.paymentIntents.retrieve(payment)));
  });
}

function chargeOf({ id, status, amount_received, currency, last_payment_error }: Stripe.PaymentIntent): Charge {
  if (status === 'succeeded') return { kind: 'paid', payment: id, amount: amount_received, currency };
  if (status === 'processing') return { kind: 'processing' };
  const code = last_payment_error?.code ?? (status === 'requires_action' ? 'authentication_required' : status);
  return { kind: 'failed', code, payment: id };
}

/** The page on which a purchase that was declined is paid by hand until it expires; the same one for the same attempt. */
export async function openPage(
  access: StripeAccess,
  { purchase, attempt, ...options }: CheckoutOptions & { readonly purchase: Purchase; readonly attempt: number },
): Promise<{ sessionId: string; url: string; until: string }> {
  return answered(async () => {
    const session = await createSession(access, purchase, {
      ...options,
      idempotencyKey: `${purchase.purchaseId}:page:${attempt}`,
    });
    if (!session.url) throw new Error(`Stripe made the session ${session.id} without a URL`);
    return { sessionId: session.id, url: session.url, until: new Date(session.expires_at * 1000).toISOString() };
  });
}

/** Closes the page; whether nothing was paid there and nothing can be any more. */
export async function closePage({ client }: StripeAccess, sessionId: string): Promise<boolean> {
  return answered(async () => {
    const { status } = await client.checkout.sessions.retrieve(sessionId);
    if (status !== 'open') return status === 'expired';
    const closed = await unlessChanged(() => client.checkout.sessions.expire(sessionId));
    return (closed ?? (await client.checkout.sessions.retrieve(sessionId))).status === 'expired';
  });
}

/** Undefined where what is to be changed is not in the state for it any more. */
async function unlessChanged<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isAboutPayment(error)) return undefined;
    throw error;
  }
}

/** `absent` is what is answered where what is asked of is not there; without it that is thrown as well. */
async function answered<Result>(call: () => Promise<Result>, absent?: Result): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (absent !== undefined && isAboutPayment(error)) return absent;
    throw unavailable(error);
  }
}

/** What is refused of the payment and its method, and not of us, or because Stripe is busy. */
function isAboutPayment(error: unknown): error is InstanceType<typeof Stripe.errors.StripeError> {
  const { StripeCardError, StripeInvalidRequestError } = Stripe.errors;
  return error instanceof StripeCardError || error instanceof StripeInvalidRequestError;
}

function unavailable(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { type, code, statusCode, requestId } = error;
  logger.error('no answer of Stripe', { type, code, statusCode, requestId });
  return new Refusal('payments_unavailable', `the payment provider does not answer as it should (${code ?? type})`);
}
