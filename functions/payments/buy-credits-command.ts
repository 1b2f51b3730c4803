/**
 * Begins a purchase: the record first, then the checkout, so that whatever is paid has a record. A call that is repeated
 * finds the record of the first one, and its checkout, or opens that.
 */
import { ownAccount } from '../accounts/accounts-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import { type CreditPackage, PACKAGES, packageOf } from '../catalogue/packages.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { findRecord } from '../data/idempotency-store.ts';
import type { Caller } from '../http/caller.ts';
import { type IdempotencyKey, idempotencyMismatch, requestHash, tokenOfKey } from '../http/idempotency-key.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { type Pricing, priceOf } from './price.ts';
import type { Purchase } from './purchase.ts';
import { createPurchase, findPurchase, type PurchaseTables, rememberCheckout } from './purchases-store.ts';

export interface BuyDependencies {
  readonly tables: PurchaseTables;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
  readonly pricing: Pricing;
  /** The checkout of a purchase, which is the same one when it is opened again. */
  readonly openCheckout: (purchase: Purchase) => Promise<{ sessionId: string; checkoutUrl: string }>;
}

/** `header` is the caller's Idempotency-Key. `replayed`: an earlier call answered the same. */
export async function buyCredits(
  dependencies: BuyDependencies,
  caller: Caller,
  input: { readonly package: string; readonly save_payment_method?: boolean | undefined },
  header: string | undefined,
): Promise<{ purchase: Purchase; replayed: boolean }> {
  const offer = packageOf(input.package);
  if (!offer) {
    const known = PACKAGES.map(({ id }) => id).join(', ');
    throw new Refusal('invalid_parameter', `package must be one of ${known}; GET /v1/credits/packages`, 'package');
  }
  const savesMethod = input.save_payment_method ?? false;
  const key = keyOf(header, offer, savesMethod);
  const earlier = key && (await findEarlier(dependencies, caller, key));
  const purchase = earlier ?? (await begin(dependencies, caller, { offer, savesMethod }, key));
  if (purchase.checkoutUrl !== undefined) return { purchase, replayed: true };
  const checkout = await dependencies.openCheckout(purchase);
  await rememberCheckout(dependencies.tables.core, purchase, checkout);
  return { purchase: { ...purchase, ...checkout }, replayed: false };
}

/** Apart from the keys of videos: the same key may be sent with both. */
function keyOf(header: string | undefined, { id }: CreditPackage, savesMethod: boolean): IdempotencyKey | undefined {
  const token = tokenOfKey(header);
  if (token === undefined) return undefined;
  const body = { package: id, ...(savesMethod && { save_payment_method: true }) };
  return { token: `purchase:${token}`, requestHash: requestHash('/v1/credits/purchases', body) };
}

async function findEarlier(
  { tables, now }: BuyDependencies,
  { accountId }: Caller,
  key: IdempotencyKey,
): Promise<Purchase | undefined> {
  const record = await findRecord<{ purchaseId: string }>(tables.idempotency, accountId, key.token, now());
  if (!record) return undefined;
  if (record.requestHash !== key.requestHash) throw idempotencyMismatch('Idempotency-Key');
  return findPurchase(tables.core, accountId, record.purchaseId);
}

async function begin(
  dependencies: BuyDependencies,
  caller: Caller,
  { offer, savesMethod }: { readonly offer: CreditPackage; readonly savesMethod: boolean },
  key: IdempotencyKey | undefined,
): Promise<Purchase> {
  const { tables, random } = dependencies;
  const { accountId, id: createdBy } = caller;
  const { id, credits, currency } = offer;
  const price = priceOf(offer, await ownAccount(tables.core, accountId), dependencies.pricing);
  const now = dependencies.now();
  const purchase: Purchase = {
    purchaseId: prefixedId('pur', now, random),
    accountId,
    state: 'open',
    package: id,
    credits,
    ...price,
    currency,
    createdBy,
    ...(savesMethod && { savesMethod }),
    createdAt: new Date(now).toISOString(),
    revision: 0,
  };
  const consent = savesMethod && { savesPaymentMethod: true };
  const detail = { package: id, credits, amount: price.amount, currency, ...consent };
  const details = { accountId, action: 'purchase.begun', subject: purchase.purchaseId, detail } as const;
  const event = auditEvent(actorOf(caller), details, { now, random });
  const outcome = await createPurchase(tables, purchase, { event, key });
  if (outcome === 'begun') return purchase;
  if (outcome === 'not_active') {
    throw new Refusal('account_not_active', 'this account is not active, and cannot buy credits');
  }
  // Two calls with one key at the same time: the other one was first.
  const first = key && (await findEarlier(dependencies, caller, key));
  if (!first) throw new Refusal('busy', 'another call with this Idempotency-Key was first; send it again in a moment');
  return first;
}
