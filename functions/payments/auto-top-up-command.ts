/** What an account's people do with auto top-up: set it, with a payment method that they saved, and end it. */
import { accountCheck } from '../accounts/account-changes-store.ts';
import { ownAccount } from '../accounts/accounts-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { type Actor, actorOf, auditEvent } from '../audit/event.ts';
import { moneyText } from '../catalogue/currencies.ts';
import { packageOf } from '../catalogue/packages.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { RETRY, transact } from '../data/transaction.ts';
import type { Caller } from '../http/caller.ts';
import type { Random } from '../runtime/ids.ts';
import { type AutoTopUp, customerMade, ended, settingsSet } from './auto-top-up.ts';
import { autoTopUpWrites, findAutoTopUp } from './auto-top-up-store.ts';
import { type Pricing, priceOf } from './price.ts';

export interface AutoTopUpDependencies {
  readonly tables: { readonly core: string; readonly audit: string };
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
  readonly pricing: Pricing;
}

export interface TopUpInput {
  readonly below: number;
  readonly package: string;
  readonly monthly_limit: number;
}

/** Sets it, and has the account looked at: its credits may be below that already. */
export async function setAutoTopUp(
  { tables, now, random, pricing }: AutoTopUpDependencies,
  caller: Caller,
  { below, package: wanted, monthly_limit: monthlyLimit }: TopUpInput,
): Promise<AutoTopUp> {
  const { accountId, id: setBy } = caller;
  const offer = packageOf(wanted);
  if (!offer) throw new Refusal('invalid_parameter', `there is no package ${wanted}`, 'package');
  if (pricing.taxBy === 'stripe') {
    const why = 'auto top-up is not offered where Stripe computes the tax: buy credits with POST /v1/credits/purchases';
    throw new Refusal('wrong_state', why);
  }
  const { amount } = priceOf(offer, await ownAccount(tables.core, accountId), pricing);
  if (monthlyLimit < amount) {
    const price = moneyText(amount, offer.currency);
    const why = `monthly_limit must be ${amount} or more: ${offer.id} costs ${price}, and would never be bought`;
    throw new Refusal('invalid_parameter', why, 'monthly_limit');
  }
  return transact<AutoTopUp>(async () => {
    const before = await findAutoTopUp(tables.core, accountId);
    if (!before.method) {
      throw new Refusal(
        'wrong_state',
        'no payment method is saved: buy a package with POST /v1/credits/purchases and "save_payment_method": true, pay it, then send this again',
      );
    }
    const { settings } = before;
    const isSame = settings?.below === below && settings.package === wanted && settings.monthlyLimit === monthlyLimit;
    if (isSame && !before.switchedOff) return { result: before };
    const at = now();
    const lookAt = new Date(at).toISOString();
    const after = settingsSet(before, { below, package: wanted, monthlyLimit, setBy, setAt: lookAt });
    const { last4 = '' } = before.method;
    const detail = { below, package: wanted, monthlyLimit, currency: offer.currency, last4 };
    const details = { accountId, action: 'auto_top_up.set', detail } as const;
    return {
      result: after,
      writes: {
        account: accountCheck(tables.core, accountId, 'pay', at),
        event: auditWrite(tables.audit, auditEvent(actorOf(caller), details, { now: at, random })),
        ...autoTopUpWrites(tables.core, after, { before, lookAt }),
      },
      refused: refused => {
        if (!('account' in refused)) return RETRY;
        throw new Refusal('account_not_active', 'this account is not active, and cannot buy credits');
      },
    };
  });
}

/** Ends it, once; ended already, or never set, it is as it is. */
export function endAutoTopUp(dependencies: EndDependencies, caller: Caller): Promise<AutoTopUp> {
  return endAutoTopUpBy(dependencies, caller.accountId, actorOf(caller));
}

type EndDependencies = Omit<AutoTopUpDependencies, 'pricing'>;

/** The same, whoever ends it: what was saved for it is on the list of what Stripe is to forget. */
export function endAutoTopUpBy(
  { tables, now, random }: EndDependencies,
  accountId: string,
  actor: Actor,
): Promise<AutoTopUp> {
  return transact<AutoTopUp>(async () => {
    const before = await findAutoTopUp(tables.core, accountId);
    if (!before.settings && !before.method) return { result: before };
    const at = now();
    const after = ended(before, at);
    const details = { accountId, action: 'auto_top_up.ended' } as const;
    return {
      result: after,
      writes: {
        event: auditWrite(tables.audit, auditEvent(actor, details, { now: at, random })),
        ...autoTopUpWrites(tables.core, after, { before, lookAt: new Date(at).toISOString() }),
      },
    };
  });
}

/** The account's customer at Stripe, made where there is none; the first that is noted is the one. */
export async function customerOf(
  { core }: AutoTopUpDependencies['tables'],
  accountId: string,
  make: () => Promise<string>,
): Promise<string> {
  const known = (await findAutoTopUp(core, accountId)).customerId;
  if (known !== undefined) return known;
  const made = await make();
  return transact<string>(async () => {
    const before = await findAutoTopUp(core, accountId);
    if (before.customerId !== undefined) return { result: before.customerId };
    return { result: made, writes: autoTopUpWrites(core, customerMade(before, made), { before }) };
  });
}
