/**
 * Charges what is open of auto top-up, and follows up what was declined: the page on which it is paid by hand, the next try, and
 * the end after the last. Before each way to pay opens, the one before is closed.
 */
import { findAccount } from '../accounts/accounts-store.ts';
import { standingAt } from '../accounts/standing.ts';
import { allows } from '../catalogue/account-status.ts';
import { packageOf } from '../catalogue/packages.ts';
import { leaves } from '../catalogue/standing.ts';
import type { TransactWrite } from '../data/table.ts';
import { prefixedId } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import {
  type AutoTopUp,
  carried,
  declined,
  givenUp,
  isRetried,
  nextTry,
  type OpenTopUp,
  retried,
  waiting,
} from './auto-top-up.ts';
import { lowBalanceCheck } from './auto-top-up-store.ts';
import { changeTopUp, deliver, eventWrite, mailOf, type TopUpDependencies } from './change-top-up-command.ts';
import type { Purchase } from './purchase.ts';
import { findPurchase, purchaseWrite } from './purchases-store.ts';
import { changePurchase } from './report-payment-command.ts';
import type { Charge } from './stripe-charges-client.ts';
import { minute, offered, reasonOf } from './top-up-words.ts';

/** Charges what is open, or has it wait for its next try, which begins when it is due. */
export async function pursueTopUp(dependencies: TopUpDependencies, accountId: string, open: OpenTopUp): Promise<void> {
  const { tables, now } = dependencies;
  if (open.state === 'charging') return chargeOpen(dependencies, accountId, open);
  if (Date.parse(open.dueAt) > now()) return;
  const charging = await dependencies.charging();
  // Paid by hand, or about to be: the webhook reports it.
  if (open.page && !(await charging.closePage(open.page.sessionId))) return wait(dependencies, accountId, open);
  const next = await changeTopUp(dependencies, accountId, async state => {
    if (!isSame(state, open)) return { result: undefined };
    const account = await findAccount(tables.core, accountId);
    if (!account) return { result: undefined };
    const mayPay = allows(account.status, 'pay') && leaves(standingAt(account, now()), 'pay');
    if (!mayPay || !isRetried(state, account.available, now())) return giveUp(dependencies, state, open);
    const after = retried(state, now());
    const low = lowBalanceCheck(tables.core, { accountId, below: state.settings?.below ?? 0, now: now() });
    return { after, result: after.open, writes: { low } };
  });
  if (next) await chargeOpen(dependencies, accountId, next);
}

async function chargeOpen(dependencies: TopUpDependencies, accountId: string, open: OpenTopUp): Promise<void> {
  const { tables } = dependencies;
  const charging = await dependencies.charging();
  const [state, purchase] = await Promise.all([
    changeTopUp(dependencies, accountId, before => {
      const after = isSame(before, open) ? carried(before, dependencies.now()) : before;
      return after === before ? { result: before } : { after, result: after };
    }),
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
  // Ended meanwhile: nobody is to pay it any more.
  if (!state.settings) {
    return changeTopUp(dependencies, accountId, before =>
      isSame(before, open) ? giveUp(dependencies, before, open) : { result: undefined },
    );
  }
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
  const told = await changeTopUp<AutoTopUp | undefined>(dependencies, accountId, async state => {
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
        event: eventWrite(dependencies, details, at),
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
  await changeTopUp(dependencies, accountId, state => {
    const isDue = isSame(state, open) && Date.parse(open.dueAt) <= dependencies.now();
    return { result: undefined, ...(isDue && { after: waiting(state, dependencies.now()) }) };
  });
}

/** Whether what is open is that still, in the same attempt and state. */
function isSame({ open }: AutoTopUp, { purchaseId, attempt, state }: OpenTopUp): boolean {
  return open?.purchaseId === purchaseId && open.attempt === attempt && open.state === state;
}
