/**
 * Stripe, by its official client, with the keys that an operator put into the secret. Purchases are paid at Stripe
 * Checkout, a page of Stripe's: no card ever comes near the platform. Where there are no keys, everything else works, and
 * what needs them names what to do.
 */

import Stripe from 'stripe';
import * as z from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { SUPPORT } from '../catalogue/support.ts';
import { logger } from '../runtime/runtime.ts';
import { secretReader } from '../runtime/secret.ts';
import type { Purchase } from './purchase.ts';

export interface StripeAccess {
  readonly client: Stripe;
  /** With which webhooks are signed. */
  readonly webhookSecret: string;
}

export interface StripeConfig {
  /** The secret with the keys. */
  readonly secretArn: string;
  /** Another host than Stripe's, such as a stand-in on loopback; empty for Stripe itself. */
  readonly apiUrl: string;
}

/** As the stack makes it, both are empty. */
const Keys = z.object({ secretKey: z.string().min(1), webhookSecret: z.string().min(1) });

/**
 * Three attempts of 7 s and the pauses between them, of at most 0.5 and 1 s, are over before API Gateway's 29 s: a call that
 * Stripe lost is answered by us, in words.
 */
const RETRY_OPTIONS = { timeout: 7_000, maxNetworkRetries: 2 } as const;

/** How to come to Stripe: throws a Refusal where payments are not set up. */
export function stripeReader({ secretArn, apiUrl }: StripeConfig): () => Promise<StripeAccess> {
  const readKeys = secretReader(secretArn, Keys);
  return async () => {
    const keys = await readKeys();
    if (!keys) {
      throw new Refusal(
        'payments_unavailable',
        'payments are not set up on this platform: its operator puts secretKey and webhookSecret of Stripe into the secret that the stack output StripeSecretArn names; until then pay as agreed with its finance',
      );
    }
    const client = new Stripe(keys.secretKey, { ...RETRY_OPTIONS, ...hostOf(apiUrl), telemetry: false });
    return { client, webhookSecret: keys.webhookSecret };
  };
}

function hostOf(url: string): Pick<NonNullable<ConstructorParameters<typeof Stripe>[1]>, 'host' | 'port' | 'protocol'> {
  if (url === '') return {};
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === 'https:';
  return { host: hostname, port: port || (secure ? 443 : 80), protocol: secure ? 'https' : 'http' };
}

/** Seconds that an event may be old: a recorded one cannot be sent again later. Stripe signs each attempt anew. */
const TOLERANCE = 300;

/** The event that a webhook brings; undefined where it is not signed with the webhook secret, or is too old. */
export function verifiedEvent(
  { client, webhookSecret }: StripeAccess,
  body: string | Buffer,
  signature: string,
): Stripe.Event | undefined {
  try {
    return client.webhooks.constructEvent(body, signature, webhookSecret, TOLERANCE);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined;
    throw error;
  }
}

/** All refunds of a payment as they are now, with the payment's metadata. */
export async function refundsOf({ client }: StripeAccess, payment: string) {
  const { metadata } = await client.paymentIntents.retrieve(payment);
  const refunds: Stripe.Refund[] = [];
  for await (const refund of client.refunds.list({ payment_intent: payment, limit: 100 })) refunds.push(refund);
  return { refunds, metadata };
}

/** An invoice that Stripe made, as it is now; it has a number once it is final. */
export async function hostedInvoice({ client }: StripeAccess, id: string) {
  const { number, hosted_invoice_url: page = null, invoice_pdf: pdf = null } = await client.invoices.retrieve(id);
  return { id, number, page, pdf };
}

/** How a checkout is made; `customerId` is the account's at Stripe, where it has one. */
export interface CheckoutOptions {
  readonly returnUrl: string;
  readonly customerId?: string | undefined;
}

/**
 * The checkout of a purchase. Called again it is the same one, for as long as Stripe knows the idempotency key (a day at
 * least), so that a purchase whose response was lost is not paid twice. Throws a Refusal where Stripe does not make one.
 */
export async function openCheckout(
  access: StripeAccess,
  purchase: Purchase,
  options: CheckoutOptions,
): Promise<{ sessionId: string; checkoutUrl: string }> {
  const { purchaseId } = purchase;
  try {
    const session = await createSession(access, purchase, { ...options, idempotencyKey: purchaseId });
    if (!session.url) throw new Error(`Stripe made the session ${session.id} without a URL`);
    return { sessionId: session.id, checkoutUrl: session.url };
  } catch (error) {
    throw refusalOf(error, purchaseId);
  }
}

export async function createSession(
  { client }: StripeAccess,
  purchase: Purchase,
  { returnUrl, customerId, idempotencyKey }: CheckoutOptions & { readonly idempotencyKey: string },
): Promise<Stripe.Checkout.Session> {
  const { purchaseId, accountId, credits, amount, currency, savesMethod = false, isAutomatic = false } = purchase;
  const { stripeTax } = purchase;
  const saves = savesMethod && { savesMethod: 'true' };
  const metadata = { accountId, purchaseId, ...saves, ...(isAutomatic && { automatic: 'true' }) };
  return client.checkout.sessions.create(
    {
      mode: 'payment',
      client_reference_id: purchaseId,
      metadata,
      ...(customerId !== undefined && { customer: customerId }),
      // Refunds are reported of the payment, which knows no session.
      payment_intent_data: { metadata, ...(savesMethod && { setup_future_usage: 'off_session' }) },
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency,
            unit_amount: amount,
            product_data: { name: `${credits} credits for video generation` },
            ...(stripeTax && { tax_behavior: stripeTax }),
          },
        },
      ],
      ...(stripeTax && {
        automatic_tax: { enabled: true },
        tax_id_collection: { enabled: true },
        invoice_creation: { enabled: true, invoice_data: { metadata } },
        // What a customer of Stripe's says of itself there is what tax is computed by.
        ...(customerId !== undefined && { customer_update: { address: 'auto', name: 'auto' } }),
      }),
      success_url: returnTo(returnUrl, purchaseId, 'success'),
      cancel_url: returnTo(returnUrl, purchaseId, 'cancelled'),
    },
    { idempotencyKey },
  );
}

function returnTo(returnUrl: string, purchaseId: string, checkout: 'success' | 'cancelled'): string {
  const url = new URL(returnUrl);
  url.searchParams.set('purchase', purchaseId);
  url.searchParams.set('checkout', checkout);
  return url.href;
}

/** Nothing was charged, whatever it was: a checkout that nobody has seen is paid by nobody. */
function refusalOf(error: unknown, purchaseId: string): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { type, code, statusCode, requestId } = error;
  logger.error('no checkout', { purchaseId, type, code, statusCode, requestId });
  const refused = statusCode !== undefined && statusCode < 500 && statusCode !== 429;
  return new Refusal(
    'payments_unavailable',
    refused
      ? `the payment provider refused to open a checkout (${code ?? type}); nothing is charged; name the purchase ${purchaseId} to ${SUPPORT}`
      : 'the payment provider does not answer at the moment; nothing is charged; send the call again with the same Idempotency-Key',
  );
}
