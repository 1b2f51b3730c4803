import { restHandler } from '../audit/api-handlers.ts';
import { auditEvent } from '../audit/event.ts';
import { type CreditPackage, PACKAGES, packageOf } from '../catalogue/packages.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { tokenOfKey } from '../http/idempotency-key.ts';
import { type Caller, headerOf } from '../http/request-context.ts';
import { prefixedId } from '../runtime/ids.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { openCheckout } from './checkout.ts';
import { buyCredits } from './contract.ts';
import type { Purchase } from './purchase.ts';
import { describePurchase } from './purchase-object.ts';
import { createPurchase, findPurchase, findPurchaseMarker, type Once, rememberCheckout } from './purchases-store.ts';
import { stripeAccess } from './stripe-access.ts';

const TABLES = {
  core: setting('CORE_TABLE'),
  idempotency: setting('IDEMPOTENCY_TABLE'),
  audit: setting('AUDIT_TABLE'),
};
const RETURN_URL = setting('CHECKOUT_RETURN_URL');

/**
 * Begins a purchase: the record first, then the checkout, so that whatever is paid has a record. A call that is repeated
 * finds the record of the first one, and its checkout, or opens that.
 */
export const handler = restHandler(
  route(buyCredits, async ({ caller, input, event }) => {
    const { client } = await stripeAccess();
    const wanted = packageOf(input.package);
    if (!wanted) {
      const known = PACKAGES.map(({ id }) => id).join(', ');
      throw new Refusal('invalid_parameter', `package must be one of ${known}; GET /v1/credits/packages`, 'package');
    }
    const once = onceOf(headerOf(event, 'idempotency-key'), wanted);
    const earlier = once && (await earlierOf(caller, once));
    const purchase = earlier ?? (await begin(caller, wanted, once));
    if (purchase.checkoutUrl !== undefined) {
      return { body: describePurchase(purchase), headers: { 'idempotent-replayed': 'true' } };
    }
    const checkout = await openCheckout(client, purchase, RETURN_URL);
    await rememberCheckout(TABLES.core, purchase, checkout);
    return { body: describePurchase({ ...purchase, ...checkout }) };
  }),
);

/** Apart from the keys of videos: one key may be sent with both. */
function onceOf(header: string | undefined, { id }: CreditPackage): Once | undefined {
  const token = tokenOfKey(header);
  return token === undefined ? undefined : { token: `purchase:${token}`, fingerprint: id };
}

async function earlierOf({ accountId }: Caller, once: Once): Promise<Purchase | undefined> {
  const marker = await findPurchaseMarker(TABLES.idempotency, accountId, once.token, now());
  if (!marker) return undefined;
  if (marker.fingerprint !== once.fingerprint) {
    throw new Refusal(
      'idempotency_mismatch',
      'this Idempotency-Key was used before with another package; send a new one with each new purchase',
      'Idempotency-Key',
    );
  }
  return findPurchase(TABLES.core, accountId, marker.purchaseId);
}

async function begin(caller: Caller, wanted: CreditPackage, once: Once | undefined): Promise<Purchase> {
  const { accountId, kind, keyId, address, client } = caller;
  const at = now();
  const { id, credits, price, currency } = wanted;
  const purchase: Purchase = {
    ...{ purchaseId: prefixedId('pur', at, random), accountId, state: 'open', package: id, credits, amount: price },
    ...{ currency, createdBy: keyId, createdAt: new Date(at).toISOString(), revision: 0 },
  };
  const event = auditEvent(
    { kind, id: keyId, address, client },
    {
      ...{ accountId, action: 'purchase.begun', subject: purchase.purchaseId },
      detail: { package: id, credits, amount: price, currency },
    },
    { now: at, random },
  );
  const outcome = await createPurchase(TABLES, purchase, { event, once });
  if (outcome === 'begun') return purchase;
  if (outcome === 'not_active') {
    throw new Refusal('account_not_active', 'this account is not active, and cannot buy credits');
  }
  // Two calls with one key that met: the other one was first.
  const first = once && (await earlierOf(caller, once));
  if (!first) throw new Refusal('busy', 'another call with this Idempotency-Key was first; send it again in a moment');
  return first;
}
