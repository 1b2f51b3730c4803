/**
 * What Stripe reports is applied: a fact changes the purchase, its ledger entries, what the account may spend and the
 * audit trail in one transaction. What does not fit becomes a payment exception.
 */
import type Stripe from 'stripe';
import { findAccount } from '../accounts/accounts-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import { availableBy, type Entry } from '../credits/ledger.ts';
import { balanceWrite, entryWrite } from '../credits/ledger-store.ts';
import { type NamedWrites, transact } from '../data/transaction.ts';
import type { Random } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { type AutoTopUp, methodSaved, paidFor, type SavedMethod } from './auto-top-up.ts';
import { autoTopUpWrites, expectLook, findAutoTopUp } from './auto-top-up-store.ts';
import { exceptionWrite, putException } from './payment-exceptions-store.ts';
import { decide, type Fact, type Purchase, subjectOf, uncollectedRefunds } from './purchase.ts';
import { findPurchase, purchaseWrite } from './purchases-store.ts';
import { type PurchaseReference, purchaseOfMetadata, refundFact, reportOf } from './stripe-event.ts';

export interface ReportDependencies {
  readonly tables: { readonly core: string; readonly ledger: string; readonly audit: string };
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
  /** The refunds of a payment as they are now, with the payment's metadata. */
  readonly refundsOf: (payment: string) => Promise<{ refunds: Stripe.Refund[]; metadata: Stripe.Metadata }>;
  /** The method with which a payment was made, where it is saved for others. */
  readonly savedMethodOf: (payment: string) => Promise<SavedMethod | undefined>;
  /** An invoice that the provider made, as it is now; it has a number once it is final. */
  readonly invoiceOf: (id: string) => Promise<{ readonly number: string | null }>;
}

const STRIPE = { kind: 'platform', id: 'stripe' } as const;

/** Applies an event, which may come again; throws a Refusal `busy` where other changes of the account never end. */
export async function reportPayment(dependencies: ReportDependencies, event: Stripe.Event): Promise<void> {
  const report = reportOf(event);
  if (report.kind === 'fact') {
    const method = report.saving === undefined ? undefined : await dependencies.savedMethodOf(report.saving);
    const fact = await withInvoice(dependencies, report.fact, report.invoice);
    await applyFact(dependencies, event, report.purchase, fact, method);
  }
  if (report.kind === 'declined') {
    await expectLook(dependencies.tables.core, report.accountId, new Date(dependencies.now()).toISOString());
  }
  if (report.kind === 'refunds_of') {
    // The refunds as they are now, not as the event reports them: so the order of events does not matter.
    const { refunds, metadata } = await dependencies.refundsOf(report.payment);
    for (const refund of refunds) {
      const fact = refundFact(refund);
      if (fact) await applyFact(dependencies, event, purchaseOfMetadata(metadata), fact);
    }
  }
}

/** Fails where the invoice is not final yet: the event comes again. */
async function withInvoice({ invoiceOf }: ReportDependencies, fact: Fact, id: string | undefined): Promise<Fact> {
  if (id === undefined || fact.kind !== 'paid' || !fact.taxed) return fact;
  const { number } = await invoiceOf(id);
  if (!number) throw new Error(`the invoice ${id} has no number yet`);
  return { ...fact, hosted: { id, number } };
}

async function applyFact(
  dependencies: ReportDependencies,
  { id: eventId, created, type }: Stripe.Event,
  reference: PurchaseReference,
  fact: Fact,
  method?: SavedMethod,
): Promise<void> {
  const { core } = dependencies.tables;
  const about = { subject: subjectOf(fact, eventId), at: new Date(created * 1000).toISOString() };
  if (reference.accountId === '' || reference.purchaseId === '') {
    const why = `${type} is of no purchase that was begun here; nothing was credited`;
    return putException(core, { ...about, kind: 'unknown_purchase', why });
  }
  const outcome = await changePurchase(dependencies, { ...about, ...reference, method }, fact);
  logger.info('payment reported', { ...reference, eventId, type, fact: fact.kind, outcome });
}

export interface ReportedSubject extends PurchaseReference {
  readonly subject: string;
  /** When the event was made, ISO 8601. */
  readonly at: string;
  /** What was saved with the payment. */
  readonly method?: SavedMethod | undefined;
}

/** Applies a fact of a purchase, once. */
export function changePurchase(
  dependencies: Pick<ReportDependencies, 'tables' | 'now' | 'random'>,
  { method, ...about }: ReportedSubject,
  fact: Fact,
) {
  const { tables } = dependencies;
  const { accountId, purchaseId } = about;
  return transact<'changed' | 'nothing' | 'refused'>(async () => {
    const [purchase, account, autoTopUp] = await Promise.all([
      findPurchase(tables.core, accountId, purchaseId),
      findAccount(tables.core, accountId),
      findAutoTopUp(tables.core, accountId),
    ]);
    if (!purchase || !account) {
      const why = `there is no purchase ${purchaseId} of the account ${accountId}; nothing was credited`;
      await putException(tables.core, { ...about, kind: 'unknown_purchase', why });
      return { result: 'refused' };
    }
    const now = dependencies.now();
    const decision = decide(purchase, account.available, fact, new Date(now).toISOString());
    if (decision.kind === 'nothing') return { result: 'nothing' };
    if (decision.kind === 'refused') {
      await putException(tables.core, { ...about, kind: decision.exception, why: decision.why });
      return { result: 'refused' };
    }
    const read = { purchase, available: account.available, autoTopUp };
    return { result: 'changed', writes: writesOf({ ...dependencies, now }, { ...about, method }, read, decision) };
  });
}

function writesOf(
  { tables, now, random }: Pick<ReportDependencies, 'tables' | 'random'> & { readonly now: number },
  { accountId, purchaseId, at, method }: ReportedSubject,
  read: { readonly purchase: Purchase; readonly available: number; readonly autoTopUp: AutoTopUp },
  { purchase, entries }: { readonly purchase: Purchase; readonly entries: readonly Entry[] },
): NamedWrites {
  const uncollected = uncollectedRefunds(read.purchase, purchase);
  // What stays uncollected was reckoned with what could be spent then: with more, more is taken.
  const seen = uncollected.length > 0 ? read.available : undefined;
  const writes = {
    purchase: purchaseWrite(tables.core, purchase, read.purchase),
    ...(entries.length > 0 && { account: balanceWrite(tables.core, accountId, entries, seen) }),
  };
  const ofEntries = entries.flatMap(entry => [
    [`entry ${entry.id}`, entryWrite(tables.ledger, accountId, entry, now)] as const,
    [`event ${entry.id}`, auditWrite(tables.audit, eventOf(entry))] as const,
  ]);
  const exceptions = uncollected.map(([refundId, credits]) => {
    const why = `${credits} credits of the refund ${refundId} were spent already and could not be taken back`;
    const about = { kind: 'refund_uncollected', subject: refundId, at, accountId, purchaseId, why } as const;
    return [`exception ${refundId}`, exceptionWrite(tables.core, about)] as const;
  });
  const isPaid = read.purchase.state !== 'paid' && purchase.state === 'paid';
  return { ...writes, ...(isPaid && topUpWrites()), ...Object.fromEntries([...ofEntries, ...exceptions]) };

  /** A purchase of auto top-up is not open any more, and a method that was saved with one may be charged. */
  function topUpWrites(): NamedWrites {
    const { createdBy: savedBy } = purchase;
    const paid = purchase.isAutomatic ? paidFor(read.autoTopUp, purchaseId) : read.autoTopUp;
    const savedAt = new Date(now).toISOString();
    const after = method ? methodSaved(paid, { ...method, savedBy, savedAt }) : paid;
    if (after === read.autoTopUp) return {};
    const { methodId, ...shown } = method ?? {};
    const details = { accountId, action: 'payment_method.saved', subject: purchaseId } as const;
    return {
      ...autoTopUpWrites(tables.core, after, { before: read.autoTopUp, ...(method && { lookAt: savedAt }) }),
      ...(method && {
        'event method': auditWrite(
          tables.audit,
          auditEvent(STRIPE, { ...details, detail: { ...shown, savedBy } }, { now, random }),
        ),
      }),
    };
  }

  function eventOf(entry: Entry) {
    const action = entry.kind === 'purchase' ? ('credits.purchased' as const) : ('credits.refunded' as const);
    const detail = {
      entry: entry.id,
      credits: availableBy(entry),
      ...(entry.money && { amount: entry.money.amount, currency: entry.money.currency }),
    };
    return auditEvent(STRIPE, { accountId, action, subject: purchaseId, detail }, { now, random });
  }
}
