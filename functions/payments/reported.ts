/** What Stripe's events and refunds say of a purchase. Pure: it knows Stripe's types alone. */
import type Stripe from 'stripe';
import type { Fact } from './purchase.ts';

/** Whose purchase something is about; empty where it does not say so. */
export interface About {
  readonly accountId: string;
  readonly purchaseId: string;
}

/** What an event tells: facts, or which payment's refunds are to be read, or nothing of interest. */
export type AuditDetails =
  | { readonly kind: 'fact'; readonly about: About; readonly fact: Fact }
  | { readonly kind: 'refunds_of'; readonly payment: string }
  | { readonly kind: 'nothing' };

const NOTHING = { kind: 'nothing' } as const;

export function toldBy(event: Stripe.Event): AuditDetails {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded': {
      const session = event.data.object;
      // A bank transfer is on its way: async_payment_succeeded or async_payment_failed follows.
      if (session.payment_status === 'unpaid') return NOTHING;
      const { amount_total, currency, payment_intent } = session;
      const fact = { kind: 'paid', amount: amount_total ?? 0, currency: currency ?? '' } as const;
      return { kind: 'fact', about: aboutSession(session), fact: { ...fact, payment: idOf(payment_intent) } };
    }
    case 'checkout.session.expired':
    case 'checkout.session.async_payment_failed':
      return { kind: 'fact', about: aboutSession(event.data.object), fact: { kind: 'closed' } };
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

/** What a refund, as it stands now, says; undefined while it is on its way. */
export function refundFact({ id, status, amount, currency }: Stripe.Refund): Fact | undefined {
  if (status === 'succeeded') return { kind: 'refunded', refundId: id, amount, currency };
  if (status === 'failed' || status === 'canceled') return { kind: 'refund_failed', refundId: id };
  return undefined;
}

export function aboutMetadata(metadata: Stripe.Metadata | null): About {
  return { accountId: metadata?.accountId ?? '', purchaseId: metadata?.purchaseId ?? '' };
}

function aboutSession({ metadata, client_reference_id }: Stripe.Checkout.Session): About {
  const about = aboutMetadata(metadata);
  return about.purchaseId === (client_reference_id ?? '') ? about : { accountId: '', purchaseId: '' };
}

function idOf(of: string | { readonly id: string } | null): string {
  return typeof of === 'string' ? of : (of?.id ?? '');
}
