/** What Stripe's events and refunds report of a purchase. Pure: it knows Stripe's types alone. */
import type Stripe from 'stripe';
import type { Fact } from './purchase.ts';

/** Which purchase something is about; both are empty where it does not say so. */
export interface PurchaseReference {
  readonly accountId: string;
  readonly purchaseId: string;
}

/** What an event reports: a fact, or that the refunds of a payment are to be read, or nothing of interest. */
export type EventReport =
  | { readonly kind: 'fact'; readonly purchase: PurchaseReference; readonly fact: Fact }
  | { readonly kind: 'refunds_of'; readonly payment: string }
  | { readonly kind: 'nothing' };

const NOTHING = { kind: 'nothing' } as const;

export function reportOf(event: Stripe.Event): EventReport {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded': {
      const session = event.data.object;
      // A bank transfer is on its way: async_payment_succeeded or async_payment_failed follows.
      if (session.payment_status === 'unpaid') return NOTHING;
      const { amount_total, currency, payment_intent } = session;
      const fact = { kind: 'paid', amount: amount_total ?? 0, currency: currency ?? '' } as const;
      return { kind: 'fact', purchase: purchaseOfSession(session), fact: { ...fact, payment: idOf(payment_intent) } };
    }
    case 'checkout.session.expired':
    case 'checkout.session.async_payment_failed':
      return { kind: 'fact', purchase: purchaseOfSession(event.data.object), fact: { kind: 'closed' } };
    case 'charge.refunded':
    case 'charge.refund.updated':
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed': {
      const payment = idOf(event.data.object.payment_intent);
      return payment === '' ? NOTHING : { kind: 'refunds_of', payment };
    }
    default:
      return NOTHING;
  }
}

/** What a refund comes to, as it is now; undefined while it is on its way. */
export function refundFact({ id, status, amount, currency }: Stripe.Refund): Fact | undefined {
  if (status === 'succeeded') return { kind: 'refunded', refundId: id, amount, currency };
  if (status === 'failed' || status === 'canceled') return { kind: 'refund_failed', refundId: id };
  return undefined;
}

export function purchaseOfMetadata(metadata: Stripe.Metadata | null): PurchaseReference {
  return { accountId: metadata?.accountId ?? '', purchaseId: metadata?.purchaseId ?? '' };
}

function purchaseOfSession({ metadata, client_reference_id }: Stripe.Checkout.Session): PurchaseReference {
  const purchase = purchaseOfMetadata(metadata);
  return purchase.purchaseId === (client_reference_id ?? '') ? purchase : { accountId: '', purchaseId: '' };
}

function idOf(of: string | { readonly id: string } | null): string {
  return typeof of === 'string' ? of : (of?.id ?? '');
}
