/**
 * Auto top-up of an account as it is to be looked at: begins a purchase where one is due, charges it, and follows up what was
 * declined. The record comes before the charge, and each step finds what an earlier one has done: whoever comes second, or
 * again after a crash, goes on from there.
 */
import { findAccount } from '../accounts/accounts-store.ts';
import type { TemplateName } from '../accounts/email-templates.ts';
import { deliverMail, type MailDependencies } from '../accounts/mail-command.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { type AuditDetails, auditEvent } from '../audit/event.ts';
import { allows } from '../catalogue/account-status.ts';
import { moneyText } from '../catalogue/currencies.ts';
import { type CreditPackage, packageOf } from '../catalogue/packages.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { TransactWrite } from '../data/table.ts';
import { type Attempt, type NamedWrites, RETRY, transact } from '../data/transaction.ts';
import { prefixedId } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import {
  type AutoTopUp,
  begun,
  decideTopUp,
  declined,
  forgotten,
  givenUp,
  isRetried,
  nextTry,
  type OpenTopUp,
  retried,
  told,
  waiting,
} from './auto-top-up.ts';
import { autoTopUpWrites, findAutoTopUp, finishTopUp, lowBalanceCheck, topUpsDue } from './auto-top-up-store.ts';
import type { Purchase } from './purchase.ts';
import { findPurchase, newPurchaseWrite, purchaseWrite } from './purchases-store.ts';
import { changePurchase } from './report-payment-command.ts';
import type { Charge, ChargeRequest } from './stripe-charges-client.ts';

/** What is done at the payment provider; all of it may be called again. */
export interface Charging {
  readonly charge: (request: ChargeRequest) => Promise<Charge>;
  readonly closeCharge: (payment: string) => Promise<Charge>;
  readonly openPage: (page: {
    purchase: Purchase;
    attempt: number;
    customerId: string | undefined;
  }) => Promise<NonNullable<OpenTopUp['page']>>;
  /** Whether nothing was paid there and nothing can be any more. */
  readonly closePage: (sessionId: string) => Promise<boolean>;
  readonly forgetMethods: (methods: readonly string[]) => Promise<void>;
}

export interface TopUpDependencies extends MailDependencies {
  readonly tables: { readonly core: string; readonly ledger: string; readonly audit: string };
  /** Throws a Refusal where payments are not set up. */
  readonly charging: () => Promise<Charging>;
}

/** Accounts that are looked at side by side. */
const AT_ONCE = 8;

/** What fails for one account does not stop the others: failures are thrown once all were looked at. */
export async function topUpAccounts(dependencies: TopUpDependencies, accountIds: Iterable<string>): Promise<void> {
  const failures: unknown[] = [];
  const all = [...new Set(accountIds)];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    await Promise.all(
      all.slice(at, at + AT_ONCE).map(async accountId => {
        try {
          await topUpAccount(dependencies, accountId);
        } catch (error) {
          logger.error('not topped up', { accountId, error: error as Error });
          // What has begun is on the list: it waits there until Stripe answers.
          if (!(error instanceof Refusal && error.kind === 'payments_unavailable')) failures.push(error);
        }
      }),
    );
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} accounts could not be topped up`);
}

/** All accounts of the list that are due. One that fails stays on it, and does not stop the others. */
export async function topUpDue(dependencies: TopUpDependencies): Promise<{ done: number }> {
  const { tables, now } = dependencies;
  const failures: unknown[] = [];
  let done = 0;
  for await (const page of topUpsDue(tables.core, new Date(now()).toISOString())) {
    for (const due of page) {
      try {
        await topUpAccount(dependencies, due.accountId);
        const { open } = await findAutoTopUp(tables.core, due.accountId);
        if (open?.dueAt !== due.at) await finishTopUp(tables.core, due, now());
        done++;
      } catch (error) {
        logger.error('not topped up', { accountId: due.accountId, error: error as Error });
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} accounts could not be topped up`);
  return { done };
}

export async function topUpAccount(dependencies: TopUpDependencies, accountId: string): Promise<void> {
  const { tables } = dependencies;
  const state = await findAutoTopUp(tables.core, accountId);
  if (state.revision === 0) return;
  if (state.mailId !== undefined) await deliverAgain(dependencies, state);
  if (state.retired) await forget(dependencies, state, state.retired);
  const open = state.open ?? (await begin(dependencies, accountId));
  if (open) await pursue(dependencies, accountId, open);
}

async function forget(dependencies: TopUpDependencies, { accountId }: AutoTopUp, retired: readonly string[]) {
  const { forgetMethods } = await dependencies.charging();
  await forgetMethods(retired);
  await change(dependencies, accountId, state => {
    const isSame = state.retired?.length === retired.length && state.retired.every(one => retired.includes(one));
    return isSame ? { after: forgotten(state), result: undefined } : { result: undefined };
  });
}

/** The purchase that is open now, where one began. */
async function begin(dependencies: TopUpDependencies, accountId: string): Promise<OpenTopUp | undefined> {
  const { tables, now, random } = dependencies;
  const found = await transact<AutoTopUp | undefined>(async () => {
    // In this order: what is paid between the two reads changes what was read first.
    const state = await findAutoTopUp(tables.core, accountId);
    const account = await findAccount(tables.core, accountId);
    const offer = state.settings && packageOf(state.settings.package);
    if (!account || !state.settings || !offer) return { result: undefined };
    const at = now();
    const decision = decideTopUp(state, { available: account.available, amount: offer.price, now: at });
    if (decision.kind === 'limit' && decision.isNew) return atLimit(dependencies, state, offer, at);
    if (decision.kind !== 'buy') return { result: state };
    const purchase = purchaseOf(decision.offer, state.settings.setBy, { accountId, at, random });
    const { purchaseId, amount } = purchase;
    const after = begun(state, { purchaseId, amount, methodId: decision.methodId }, at);
    const detail = { package: offer.id, credits: offer.credits, amount, currency: offer.currency };
    const details = { accountId, action: 'purchase.begun', subject: purchaseId, detail } as const;
    return {
      result: after,
      writes: {
        purchase: newPurchaseWrite(tables.core, purchase),
        account: lowBalanceCheck(tables.core, accountId, state.settings.below),
        event: event(dependencies, details, at),
        ...autoTopUpWrites(tables.core, after, { before: state }),
      },
      // It may not pay, or was topped up meanwhile.
      refused: refused => ('account' in refused ? undefined : RETRY),
    };
  });
  if (found?.mailId !== undefined) await deliver(dependencies, found);
  return found?.open;
}

function atLimit(
  dependencies: TopUpDependencies,
  state: AutoTopUp,
  offer: CreditPackage,
  at: number,
): Attempt<AutoTopUp> {
  const { monthlyLimit = 0, below = 0 } = state.settings ?? {};
  const mailId = prefixedId('mail', at, dependencies.random);
  const after = told(state, mailId, at);
  const limit = moneyText(monthlyLimit, offer.currency);
  const spent = moneyText(after.month?.spent ?? 0, offer.currency);
  const fields = { ...offered(offer), below, limit, spent };
  return {
    result: after,
    writes: {
      mail: mailOf(dependencies, state.accountId, { template: 'top_up_limit', mailId, fields }, at),
      ...autoTopUpWrites(dependencies.tables.core, after, { before: state }),
    },
  };
}

function purchaseOf(
  offer: CreditPackage,
  createdBy: string,
  { accountId, at, random }: { accountId: string; at: number; random: TopUpDependencies['random'] },
): Purchase {
  return {
    purchaseId: prefixedId('pur', at, random),
    accountId,
    state: 'open',
    package: offer.id,
    credits: offer.credits,
    amount: offer.price,
    currency: offer.currency,
    createdBy,
    isAutomatic: true,
    createdAt: new Date(at).toISOString(),
    revision: 0,
  };
}

/** Charges what is open, or has it wait for its next try, which begins when it is due. */
async function pursue(dependencies: TopUpDependencies, accountId: string, open: OpenTopUp): Promise<void> {
  const { tables, now } = dependencies;
  if (open.state === 'charging') return chargeOpen(dependencies, accountId, open);
  if (Date.parse(open.dueAt) > now()) return;
  const charging = await dependencies.charging();
  // Paid by hand, or about to be: the webhook reports it.
  if (open.page && !(await charging.closePage(open.page.sessionId))) return wait(dependencies, accountId, open);
  const next = await change(dependencies, accountId, async state => {
    if (!isSame(state, open)) return { result: undefined };
    const account = await findAccount(tables.core, accountId);
    if (!account) return { result: undefined };
    const mayPay = allows(account.status, 'pay');
    if (!mayPay || !isRetried(state, account.available, now())) return giveUp(dependencies, state, open);
    const after = retried(state, now());
    const low = lowBalanceCheck(tables.core, accountId, state.settings?.below ?? 0);
    return { after, result: after.open, writes: { low } };
  });
  if (next) await chargeOpen(dependencies, accountId, next);
}

async function chargeOpen(dependencies: TopUpDependencies, accountId: string, open: OpenTopUp): Promise<void> {
  const { tables } = dependencies;
  const charging = await dependencies.charging();
  const [state, purchase] = await Promise.all([
    findAutoTopUp(tables.core, accountId),
    findPurchase(tables.core, accountId, open.purchaseId),
  ]);
  if (!purchase || !isSame(state, open)) return;
  const { attempt, methodId } = open;
  const request = { purchase, methodId, attempt, customerId: state.customerId ?? '' };
  const charged = await charging.charge(request);
  if (charged.kind === 'processing') return wait(dependencies, accountId, open);
  if (charged.kind === 'paid') return paid(dependencies, purchase, open, charged);
  const closed = charged.payment === undefined ? charged : await charging.closeCharge(charged.payment);
  if (closed.kind !== 'failed') return wait(dependencies, accountId, open);
  await followUp(dependencies, { purchase, open, code: charged.code, customerId: state.customerId });
}

/** The webhook reports it in a moment; what it did not report when this is looked at again is booked then. */
async function paid(
  dependencies: TopUpDependencies,
  { accountId, purchaseId }: Purchase,
  open: OpenTopUp,
  { payment, amount, currency }: Charge & { kind: 'paid' },
): Promise<void> {
  const at = dependencies.now();
  if (Date.parse(open.dueAt) > at) return;
  const about = { accountId, purchaseId, subject: payment, at: new Date(at).toISOString() };
  await changePurchase(dependencies, about, { kind: 'paid', payment, amount, currency });
}

/** It was declined: the account is told where it is paid by hand and when it is tried again, or that this was the last time. */
async function followUp(
  dependencies: TopUpDependencies,
  failed: { purchase: Purchase; open: OpenTopUp; code: string; customerId: string | undefined },
): Promise<void> {
  const { now, random } = dependencies;
  const { purchase, open, code, customerId } = failed;
  const { accountId, purchaseId } = purchase;
  const isLast = nextTry(open.since, open.attempt) === undefined;
  const { attempt } = open;
  const charging = await dependencies.charging();
  const page = isLast ? undefined : await charging.openPage({ purchase, attempt, customerId });
  const told = await change<AutoTopUp | undefined>(dependencies, accountId, async state => {
    if (!isSame(state, open)) return { result: undefined };
    const at = now();
    const mailId = prefixedId('mail', at, random);
    const after = declined(state, { code, page, mailId }, at);
    const { below = 0 } = state.settings ?? {};
    const fields = { ...offered(packageOf(purchase.package), purchase), below, reason: reasonOf(code) };
    const action = isLast ? ('auto_top_up.switched_off' as const) : ('auto_top_up.failed' as const);
    const details = { accountId, action, subject: purchaseId, detail: { code, attempt } };
    const mail = page
      ? {
          template: 'top_up_failed' as const,
          fields: { ...fields, url: page.url, until: minute(page.until), next: minute(after.open?.dueAt ?? '') },
        }
      : { template: 'top_up_off' as const, fields };
    return {
      after,
      result: after,
      writes: {
        event: event(dependencies, details, at),
        mail: mailOf(dependencies, accountId, { mailId, ...mail }, at),
        ...(isLast && { purchase: await closing(dependencies, purchase) }),
      },
    };
  });
  logger.info('top-up declined', { accountId, purchaseId, attempt, code, isLast });
  if (told) await deliver(dependencies, told);
}

/** Nobody wants it any more, or the month's limit does not allow it. */
async function giveUp(dependencies: TopUpDependencies, state: AutoTopUp, open: OpenTopUp) {
  const { tables, now } = dependencies;
  const { accountId } = state;
  const purchase = await findPurchase(tables.core, accountId, open.purchaseId);
  return {
    after: givenUp(state, now()),
    result: undefined,
    writes: purchase ? { purchase: await closing(dependencies, purchase) } : {},
  };
}

async function closing({ tables }: TopUpDependencies, { accountId, purchaseId }: Purchase): Promise<TransactWrite> {
  const before = await findPurchase(tables.core, accountId, purchaseId);
  if (!before) throw new Error(`there is no purchase ${purchaseId}`);
  return purchaseWrite(tables.core, { ...before, state: 'closed', revision: before.revision + 1 }, before);
}

async function wait(dependencies: TopUpDependencies, accountId: string, open: OpenTopUp): Promise<void> {
  await change(dependencies, accountId, state => {
    const isDue = isSame(state, open) && Date.parse(open.dueAt) <= dependencies.now();
    return { result: undefined, ...(isDue && { after: waiting(state, dependencies.now()) }) };
  });
}

/** Whether what is open is that still, in the same attempt and state. */
function isSame({ open }: AutoTopUp, { purchaseId, attempt, state }: OpenTopUp): boolean {
  return open?.purchaseId === purchaseId && open.attempt === attempt && open.state === state;
}

interface Change<Result> {
  readonly result: Result;
  readonly after?: AutoTopUp;
  readonly writes?: NamedWrites;
}

/** Reads the account's auto top-up, decides, and writes what it is then; where others were first, again. */
function change<Result>(
  { tables }: TopUpDependencies,
  accountId: string,
  decide: (state: AutoTopUp) => Promise<Change<Result>> | Change<Result>,
): Promise<Result> {
  return transact<Result>(async () => {
    const state = await findAutoTopUp(tables.core, accountId);
    const { result, after, writes } = await decide(state);
    if (!after) return { result };
    return { result, writes: { ...writes, ...autoTopUpWrites(tables.core, after, { before: state }) } };
  });
}

async function deliver(dependencies: TopUpDependencies, { accountId, mailId }: AutoTopUp): Promise<void> {
  const account = await findAccount(dependencies.tables.core, accountId);
  if (account && mailId !== undefined) await deliverMail(dependencies, account, mailId);
}

/** One that was not sent, or whose sender crashed; nothing waits for it. */
async function deliverAgain(dependencies: TopUpDependencies, state: AutoTopUp): Promise<void> {
  try {
    await deliver(dependencies, state);
  } catch (error) {
    logger.error('no mail about a top-up', { accountId: state.accountId, error: error as Error });
  }
}

function event({ tables, random }: TopUpDependencies, details: AuditDetails, now: number): TransactWrite {
  return auditWrite(tables.audit, auditEvent({ kind: 'platform', id: 'auto-top-up' }, details, { now, random }));
}

function mailOf(
  { tables }: TopUpDependencies,
  accountId: string,
  mail: { mailId: string; template: TemplateName; fields: Record<string, string | number> },
  at: number,
): TransactWrite {
  return mailWrite(tables.core, accountId, { ...mail, createdAt: new Date(at).toISOString() });
}

function offered(offer: CreditPackage | undefined, purchase?: Purchase) {
  const { credits = 0, currency = 'usd', price = 0 } = offer ?? {};
  const { amount = price } = purchase ?? {};
  return {
    package: `${purchase?.credits ?? credits} credits`,
    price: moneyText(amount, purchase?.currency ?? currency),
  };
}

/** `2026-11-24 09:14 UTC`. */
function minute(moment: string): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}

/** In words, for what a customer can do something about. */
function reasonOf(code: string): string {
  const known: Readonly<Record<string, string>> = {
    authentication_required: 'your bank wants you to confirm it',
    card_declined: 'your bank declined it',
    insufficient_funds: 'your bank declined it',
    expired_card: 'the card has expired',
  };
  return known[code] ?? `the payment provider says ${code}`;
}
