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
  | {
      readonly kind: 'fact';
      readonly purchase: PurchaseReference;
      readonly fact: Fact;
      /** The payment that saved its method with it. */
      readonly saving?: string;
      /** The invoice that Stripe made of it. */
      readonly invoice?: string;
    }
  /** A charge of auto top-up did not go through: it is to be looked at. */
  | { readonly kind: 'declined'; readonly accountId: string }
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
      const payment = idOf(payment_intent);
      const { automatic_tax, amount_subtotal, total_details, invoice } = session;
      const fact = {
        kind: 'paid',
        amount: amount_total ?? 0,
        currency: currency ?? '',
        payment,
        ...(automatic_tax?.enabled && {
          taxed: { subtotal: amount_subtotal ?? 0, tax: total_details?.amount_tax ?? 0 },
        }),
      } as const;
      const made = idOf(invoice ?? null);
      const saving = session.metadata?.savesMethod === 'true' && payment !== '' && { saving: payment };
      return {
        kind: 'fact',
        purchase: purchaseOfSession(session),
        fact,
        ...saving,
        ...(made !== '' && { invoice: made }),
      };
    }
    case 'checkout.session.expired':
    case 'checkout.session.async_payment_failed': {
      const session = event.data.object;
      // A page on which a purchase of auto top-up may be paid by hand: that is tried again by itself.
      if (session.metadata?.automatic === 'true') return NOTHING;
      return { kind: 'fact', purchase: purchaseOfSession(session), fact: { kind: 'closed' } };
    }
    case 'payment_intent.succeeded': {
      // Of a checkout, its session reports it.
      const { id, metadata, amount_received: amount, currency } = event.data.object;
      if (metadata.attempt === undefined) return NOTHING;
      return {
        kind: 'fact',
        purchase: purchaseOfMetadata(metadata),
        fact: { kind: 'paid', amount, currency, payment: id },
      };
    }
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled': {
      const { metadata } = event.data.object;
      const { accountId } = purchaseOfMetadata(metadata);
      return metadata.attempt === undefined || accountId === '' ? NOTHING : { kind: 'declined', accountId };
    }
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
