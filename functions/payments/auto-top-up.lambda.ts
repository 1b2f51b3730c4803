import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeAutoTopUp } from './auto-top-up.ts';
import { endAutoTopUp, setAutoTopUp } from './auto-top-up-command.ts';
import * as contract from './auto-top-up-contract.ts';
import { findAutoTopUp } from './auto-top-up-store.ts';
import { pricingOf } from './price.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  pricing: pricingOf(setting('PACKAGE_PRICES'), setting('TAX_BY'), setting('INVOICE_COUNTRY')),
  now,
  random,
};

export const handler = restHandler(
  route(contract.readAutoTopUp, async ({ caller }) => ({
    body: describeAutoTopUp(await findAutoTopUp(DEPENDENCIES.tables.core, caller.accountId), now()),
  })),
  route(contract.setAutoTopUp, async ({ caller, input }) => ({
    body: describeAutoTopUp(await setAutoTopUp(DEPENDENCIES, caller, input), now()),
  })),
  route(contract.endAutoTopUp, async ({ caller }) => ({
    body: describeAutoTopUp(await endAutoTopUp(DEPENDENCIES, caller), now()),
  })),
);
