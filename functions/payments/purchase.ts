/**
 * A purchase of credits: what was offered, and what became of it. The payment provider reports facts, which may come
 * twice, late and in any order; the ledger is the same in the end:
 * - a purchase is credited once, for exactly the price, however often it is reported as paid;
 * - a refund takes credits in proportion, rounded down, as far as they are not spent; the rest of it stays uncollected;
 * - a refund that is reported before the payment waits for it;
 * - whatever does not fit is refused, and becomes a payment exception for a person. Pure.
 */
import type { z } from 'zod';
import {
  type Entry,
  type Money,
  purchase as purchased,
  purchaseId,
  refundPurchase,
  type Taxed,
} from '../credits/ledger.ts';
import type { PAYMENT_EXCEPTIONS } from './bookings-contract.ts';
import type { purchaseObject } from './contract.ts';

/** Which states follow which. A checkout that expired may still turn out to be paid: the money counts. */
export const PURCHASE_STATES = {
  open: { next: ['paid', 'closed'] },
  closed: { next: ['paid'] },
  paid: { next: [] },
} as const;
export type PurchaseState = keyof typeof PURCHASE_STATES;

export interface Purchase {
  readonly purchaseId: string;
  readonly accountId: string;
  readonly state: PurchaseState;
  readonly package: string;
  readonly credits: number;
  /** What is to be paid for them, in cents; where Stripe adds the tax, without it. */
  readonly amount: number;
  /** The tax in the amount, where it was added to the price. */
  readonly tax?: Taxed;
  /** Stripe computes the tax: it adds it, or finds it in the amount. */
  readonly stripeTax?: 'inclusive' | 'exclusive';
  readonly currency: string;
  /** The person who bought. */
  readonly createdBy: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Raised by each change. */
  readonly revision: number;
  /** It was begun by auto top-up. */
  readonly isAutomatic?: boolean;
  /** Its buyer saves the payment method with it, to be charged by auto top-up. */
  readonly savesMethod?: boolean;
  /** Where it is paid, once the checkout exists. */
  readonly checkoutUrl?: string;
  readonly sessionId?: string;
  readonly paidAt?: string;
  /** The provider's id of the payment. */
  readonly payment?: string;
  /** By the provider's id of the refund. */
  readonly refunds?: Readonly<Record<string, Refund>>;
}

export interface Refund {
  /** Cents. */
  readonly amount: number;
  /** Credits that were taken back; absent while the payment is not known. */
  readonly credits?: number;
  /** Credits that should have been taken back and were spent. */
  readonly uncollected?: number;
}

/** What the provider reports of a purchase. */
export type Fact =
  | {
      readonly kind: 'paid';
      readonly amount: number;
      readonly currency: string;
      readonly payment: string;
      /** What Stripe computed of it. */
      readonly taxed?: { readonly subtotal: number; readonly tax: number };
      /** The invoice that Stripe made of it. */
      readonly hosted?: { readonly id: string; readonly number: string };
    }
  | { readonly kind: 'closed' }
  | { readonly kind: 'refunded'; readonly refundId: string; readonly amount: number; readonly currency: string }
  | { readonly kind: 'refund_failed'; readonly refundId: string };

/** What an exception is about: one event reports every refund of a payment, and so does each later one. */
export function subjectOf(fact: Fact, eventId: string): string {
  return 'refundId' in fact ? fact.refundId : eventId;
}

/** What a person has to resolve. */
export type ExceptionKind = (typeof PAYMENT_EXCEPTIONS)[number];

export type Decision =
  /** It is known already, or changes nothing. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly exception: ExceptionKind; readonly why: string }
  | { readonly kind: 'changed'; readonly purchase: Purchase; readonly entries: readonly Entry[] };

const NOTHING = { kind: 'nothing' } as const;

/** What a fact changes. `available` is what the account may spend now; `at` is ISO 8601. */
export function decide(purchase: Purchase, available: number, fact: Fact, at: string): Decision {
  if (fact.kind === 'closed') return purchase.state === 'open' ? changed(purchase, { state: 'closed' }) : NOTHING;
  if (fact.kind === 'paid') return pay(purchase, available, fact, at);
  const known = purchase.refunds?.[fact.refundId];
  if (fact.kind === 'refunded') return known ? NOTHING : refund(purchase, available, fact);
  if (!known) return NOTHING;
  return refuse('refund_failed', `the refund ${fact.refundId} failed after its credits were taken: give them back`);
}

function pay(purchase: Purchase, available: number, fact: Fact & { kind: 'paid' }, at: string): Decision {
  const { amount, currency, payment } = fact;
  if (purchase.state === 'paid') {
    if (purchase.payment === payment) return NOTHING;
    return refuse('paid_twice', `it was paid by ${purchase.payment} and again by ${payment}: pay one of them back`);
  }
  if (amount !== dueOf(purchase, fact) || currency !== purchase.currency) {
    const price = `${purchase.amount} ${purchase.currency}`;
    return refuse(
      'amount_mismatch',
      `${amount} ${currency} were paid where the price is ${price}; nothing was credited`,
    );
  }
  const money = { amount, currency, reference: payment, ...taxOf(purchase, fact) };
  const sale = purchased(purchase.purchaseId, purchase.credits, money);
  const waiting = Object.entries(purchase.refunds ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  let left = available + purchase.credits;
  const booked = waiting.map(([refundId, { amount: back }]) => {
    const taken = take({ ...purchase, amount, paidAt: at }, refundId, back, left);
    left -= taken.refund.credits;
    return { refundId, ...taken };
  });
  return changed(
    purchase,
    {
      state: 'paid',
      amount,
      paidAt: at,
      payment,
      ...(booked.length > 0 && { refunds: Object.fromEntries(booked.map(one => [one.refundId, one.refund])) }),
    },
    [sale, ...booked.map(({ entry }) => entry)],
  );
}

/** What must have been paid: the amount, and the tax that Stripe added to it. */
function dueOf({ amount, stripeTax }: Purchase, { taxed }: Fact & { kind: 'paid' }): number {
  return stripeTax === 'exclusive' ? amount + (taxed?.tax ?? 0) : amount;
}

function taxOf({ tax, stripeTax }: Purchase, { amount, taxed, hosted }: Fact & { kind: 'paid' }): Partial<Money> {
  if (!stripeTax || !taxed) return { ...(tax && { tax }) };
  const net = amount - taxed.tax;
  // In per cent of what the tax is on; Stripe's invoice has the rates.
  const rate = net > 0 ? Math.round((taxed.tax * 10_000) / net) : 0;
  return { tax: { amount: taxed.tax, rate, treatment: 'stripe' }, ...(hosted && { hosted }) };
}

function refund(purchase: Purchase, available: number, { refundId, amount, currency }: Fact & { kind: 'refunded' }) {
  const earlier = Object.values(purchase.refunds ?? {}).reduce((sum, one) => sum + one.amount, 0);
  // What was paid is not known before it is, where Stripe adds the tax.
  const most = purchase.stripeTax === 'exclusive' && purchase.state !== 'paid' ? Infinity : purchase.amount;
  if (currency !== purchase.currency || earlier + amount > most) {
    const paid = `${purchase.amount} ${purchase.currency}`;
    return refuse('refund_exceeds_payment', `${earlier + amount} ${currency} went back of ${paid}; nothing was taken`);
  }
  if (purchase.state !== 'paid') {
    return changed(purchase, { refunds: { ...purchase.refunds, [refundId]: { amount } } });
  }
  const { entry, refund: made } = take(purchase, refundId, amount, available);
  return changed(purchase, { refunds: { ...purchase.refunds, [refundId]: made } }, [entry]);
}

function take(purchase: Purchase, refundId: string, amount: number, available: number) {
  // Each refund on its own, so that their order does not matter; rounding leaves the customer less than a credit of each.
  const owed = Math.floor((amount * purchase.credits) / purchase.amount);
  const credits = Math.min(owed, Math.max(0, available));
  const money = { amount, currency: purchase.currency, reference: refundId };
  return {
    entry: refundPurchase(refundId, credits, money, {
      entryId: purchaseId(purchase.purchaseId),
      bookedAt: purchase.paidAt ?? '',
    }),
    refund: { amount, credits, uncollected: owed - credits },
  };
}

/** Refunds of this change for which fewer credits were left than were to be taken, and how many stay uncollected. */
export function uncollectedRefunds(before: Purchase, after: Purchase): [refundId: string, uncollected: number][] {
  return Object.entries(after.refunds ?? {}).flatMap(([refundId, { uncollected = 0 }]) =>
    uncollected > 0 && before.refunds?.[refundId]?.credits === undefined ? [[refundId, uncollected]] : [],
  );
}

function changed(purchase: Purchase, by: Partial<Purchase>, entries: readonly Entry[] = []): Decision {
  return { kind: 'changed', purchase: { ...purchase, ...by, revision: purchase.revision + 1 }, entries };
}

function refuse(exception: ExceptionKind, why: string): Decision {
  return { kind: 'refused', exception, why };
}

/** A purchase as its buyer reads it. */
export function describePurchase(purchase: Purchase): z.output<typeof purchaseObject> {
  const { purchaseId, state, checkoutUrl, createdAt, paidAt, refunds = {}, credits, amount, currency } = purchase;
  const sum = (of: 'amount' | 'credits' | 'uncollected'): number =>
    Object.values(refunds).reduce((total, refund) => total + (refund[of] ?? 0), 0);
  return {
    id: purchaseId,
    object: 'credit_purchase',
    status: state,
    package: purchase.package,
    credits,
    amount,
    tax: purchase.tax?.amount ?? null,
    currency,
    // What is paid or has expired is not to be paid again.
    checkout_url: state === 'open' ? (checkoutUrl ?? null) : null,
    automatic: purchase.isAutomatic ?? false,
    created_at: createdAt,
    paid_at: paidAt ?? null,
    refunded: { amount: sum('amount'), credits: sum('credits'), uncollected: sum('uncollected') },
  };
}
