import { describeFields } from '../accounts/account.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { changeAccountStatus, correctCommercialUse, decideQualification } from './decide-account-command.ts';
import * as contract from './operators-contract.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  ledgerTable: setting('LEDGER_TABLE'),
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  refusedRegions: setting('REFUSED_REGIONS').split(',').filter(Boolean),
  usagePlans: setting('USAGE_PLANS'),
  now,
  random,
};

export const handler = restHandler(
  route(contract.decideQualification, async ({ caller, input }) => ({
    body: describeFields(await decideQualification(DEPENDENCIES, caller, input)),
  })),
  route(contract.changeAccountStatus, async ({ caller, input }) => ({
    body: describeFields(await changeAccountStatus(DEPENDENCIES, caller, input)),
  })),
  route(contract.correctCommercialUse, async ({ caller, input }) => ({
    body: describeFields(await correctCommercialUse(DEPENDENCIES, caller, input)),
  })),
);
