/** Stripe Checkout: a page of Stripe's on which a purchase is paid. No card ever comes near the platform. */
import Stripe from 'stripe';
import { Refusal } from '../catalogue/refusal.ts';
import { logger } from '../runtime/runtime.ts';
import type { Purchase } from './purchase.ts';

/**
 * The checkout of a purchase. Called again it is the same one, for as long as Stripe knows the idempotency key (a day at
 * least), so that a purchase whose answer was lost is not paid twice. Throws a Refusal where Stripe does not make one.
 */
export async function openCheckout(
  client: Stripe,
  purchase: Purchase,
  returnUrl: string,
): Promise<{ sessionId: string; checkoutUrl: string }> {
  const { purchaseId, accountId, credits, amount, currency } = purchase;
  const metadata = { accountId, purchaseId };
  try {
    const session = await client.checkout.sessions.create(
      {
        mode: 'payment',
        client_reference_id: purchaseId,
        metadata,
        // Refunds are reported of the payment, which knows no session.
        payment_intent_data: { metadata },
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency,
              unit_amount: amount,
              product_data: { name: `${credits} credits for video generation` },
            },
          },
        ],
        success_url: returnTo(returnUrl, purchaseId, 'success'),
        cancel_url: returnTo(returnUrl, purchaseId, 'cancelled'),
      },
      { idempotencyKey: purchaseId },
    );
    if (!session.url) throw new Error(`Stripe made the session ${session.id} without a URL`);
    return { sessionId: session.id, checkoutUrl: session.url };
  } catch (error) {
    throw refusalOf(error, purchaseId);
  }
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
      ? `the payment provider refused to open a checkout (${code ?? type}); nothing is charged; name the purchase ${purchaseId} to support`
      : 'the payment provider does not answer at the moment; nothing is charged; send the call again with the same Idempotency-Key',
  );
}
