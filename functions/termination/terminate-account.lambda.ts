import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as contract from './contract.ts';
import { describeTermination } from './termination.ts';
import { requestTermination, shownTermination, withdrawTermination } from './termination-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  usagePlans: setting('USAGE_PLANS'),
  now,
  random,
};

export const handler = restHandler(
  route(contract.requestTermination, async ({ caller, input: { reason } }) => ({
    body: describeTermination(await requestTermination(DEPENDENCIES, caller, reason)),
  })),
  route(contract.readTermination, async ({ caller: { accountId } }) => ({
    body: describeTermination(await shownTermination(DEPENDENCIES.tables.core, accountId)),
  })),
  route(contract.withdrawTermination, async ({ caller }) => ({
    body: describeTermination(await withdrawTermination(DEPENDENCIES, caller)),
  })),
);
