import type { DynamoDBStreamEvent } from 'aws-lambda';
import { streamedItems } from '../data/stream-records.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import type { Charging } from './change-top-up-command.ts';
import { pricingOf } from './price.ts';
import { charge, closeCharge, closePage, forgetMethods, openPage } from './stripe-charges-client.ts';
import { stripeReader } from './stripe-client.ts';
import { topUpAccounts, topUpDue } from './top-up-command.ts';

const RETURN_URL = setting('CHECKOUT_RETURN_URL');
const stripe = stripeReader({ secretArn: setting('STRIPE_SECRET_ARN'), apiUrl: setting('STRIPE_API_URL') });

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE'), audit: setting('AUDIT_TABLE') },
  now,
  random,
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  pricing: pricingOf(setting('PACKAGE_PRICES'), setting('TAX_BY'), setting('INVOICE_COUNTRY')),
  charging: async (): Promise<Charging> => {
    const access = await stripe();
    return {
      charge: charge.bind(null, access),
      closeCharge: closeCharge.bind(null, access),
      openPage: page => openPage(access, { ...page, returnUrl: RETURN_URL }),
      closePage: closePage.bind(null, access),
      forgetMethods: forgetMethods.bind(null, access),
    };
  },
};

/**
 * Called with the entries that take credits, as the ledger's stream brings them, and by a schedule for all that is due. A batch
 * that fails comes again, whole.
 */
export async function handler(event: DynamoDBStreamEvent | Record<string, never>): Promise<object> {
  if (!('Records' in event)) return topUpDue(DEPENDENCIES);
  await topUpAccounts(
    DEPENDENCIES,
    streamedItems(event.Records).map(({ item }) => String(item.pk)),
  );
  return {};
}
