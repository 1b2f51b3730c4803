import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { headerOf } from '../http/caller.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { customerOf } from './auto-top-up-command.ts';
import { buyCredits } from './buy-credits-command.ts';
import { buyCredits as buyCreditsRoute } from './contract.ts';
import { pricingOf } from './price.ts';
import { describePurchase, type Purchase } from './purchase.ts';
import { makeCustomer } from './stripe-charges-client.ts';
import { openCheckout, stripeReader } from './stripe-client.ts';

const TABLES = {
  core: setting('CORE_TABLE'),
  idempotency: setting('IDEMPOTENCY_TABLE'),
  audit: setting('AUDIT_TABLE'),
};
const PRICING = pricingOf(setting('PACKAGE_PRICES'), setting('TAX_BY'), setting('INVOICE_COUNTRY'));
const RETURN_URL = setting('CHECKOUT_RETURN_URL');
const stripe = stripeReader({ secretArn: setting('STRIPE_SECRET_ARN'), apiUrl: setting('STRIPE_API_URL') });

export const handler = restHandler(
  route(buyCreditsRoute, async ({ caller, input, event }) => {
    // First, so that nothing is begun where payments are not set up.
    const access = await stripe();
    const dependencies = {
      tables: TABLES,
      now,
      random,
      pricing: PRICING,
      openCheckout: async (purchase: Purchase) => {
        const { accountId, savesMethod } = purchase;
        // Who saves a method is somebody at Stripe; who only pays need not be.
        const customerId = savesMethod
          ? await customerOf(TABLES, accountId, () => makeCustomer(access, accountId))
          : undefined;
        return openCheckout(access, purchase, { returnUrl: RETURN_URL, customerId });
      },
    };
    const { purchase, replayed } = await buyCredits(dependencies, caller, input, headerOf(event, 'idempotency-key'));
    return { body: describePurchase(purchase), ...(replayed && { headers: { 'idempotent-replayed': 'true' } }) };
  }),
);
