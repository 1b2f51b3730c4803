/** Begins a purchase of auto top-up where one is due, within the limit of the month: the record comes before any charge. */
import { findAccount } from '../accounts/accounts-store.ts';
import { moneyText } from '../catalogue/currencies.ts';
import { type CreditPackage, packageOf } from '../catalogue/packages.ts';
import { type Attempt, RETRY, transact } from '../data/transaction.ts';
import { prefixedId } from '../runtime/ids.ts';
import { type AutoTopUp, begun, decideTopUp, type OpenTopUp, told } from './auto-top-up.ts';
import { autoTopUpWrites, findAutoTopUp, lowBalanceCheck } from './auto-top-up-store.ts';
import { deliver, eventWrite, mailOf, type TopUpDependencies } from './change-top-up-command.ts';
import { priceOf } from './price.ts';
import type { Purchase } from './purchase.ts';
import { newPurchaseWrite } from './purchases-store.ts';
import { offered } from './top-up-words.ts';

/** The purchase that is open now, where one began. */
export async function beginTopUp(dependencies: TopUpDependencies, accountId: string): Promise<OpenTopUp | undefined> {
  const { tables, now, random } = dependencies;
  const found = await transact<AutoTopUp | undefined>(async () => {
    // In this order: what is paid between the two reads changes what was read first.
    const state = await findAutoTopUp(tables.core, accountId);
    const account = await findAccount(tables.core, accountId);
    const offer = state.settings && packageOf(state.settings.package);
    if (!account || !state.settings || !offer) return { result: undefined };
    // Stripe makes no invoice with its tax of a charge without its owner: see setAutoTopUp.
    if (dependencies.pricing.taxBy === 'stripe') return { result: state };
    const at = now();
    const price = priceOf(offer, account, dependencies.pricing);
    const decision = decideTopUp(state, { available: account.available, amount: price.amount, now: at });
    if (decision.kind === 'limit' && decision.isNew) {
      return atLimit(dependencies, state, { ...offer, price: price.amount }, at);
    }
    if (decision.kind !== 'buy') return { result: state };
    const purchase = purchaseOf(decision.offer, price, { accountId, createdBy: state.settings.setBy, at, random });
    const { purchaseId, amount } = purchase;
    const after = begun(state, { purchaseId, amount, methodId: decision.methodId }, at);
    const detail = { package: offer.id, credits: offer.credits, amount, currency: offer.currency };
    const details = { accountId, action: 'purchase.begun', subject: purchaseId, detail } as const;
    return {
      result: after,
      writes: {
        purchase: newPurchaseWrite(tables.core, purchase),
        account: lowBalanceCheck(tables.core, { accountId, below: state.settings.below, now: at }),
        event: eventWrite(dependencies, details, at),
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
  price: ReturnType<typeof priceOf>,
  {
    accountId,
    createdBy,
    at,
    random,
  }: { accountId: string; createdBy: string; at: number; random: TopUpDependencies['random'] },
): Purchase {
  return {
    purchaseId: prefixedId('pur', at, random),
    accountId,
    state: 'open',
    package: offer.id,
    credits: offer.credits,
    ...price,
    currency: offer.currency,
    createdBy,
    isAutomatic: true,
    createdAt: new Date(at).toISOString(),
    revision: 0,
  };
}
