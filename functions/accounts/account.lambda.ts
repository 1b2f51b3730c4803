import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeAccount } from './account.ts';
import { registerAccount } from './account-command.ts';
import { ownAccount } from './accounts-store.ts';
import * as contract from './contract.ts';
import { offenderKeyReader } from './offender-key-client.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  refusedRegions: setting('REFUSED_REGIONS').split(',').filter(Boolean),
  offenderKey: offenderKeyReader(setting('OFFENDER_KEY_ARN')),
  now,
  random,
};

export const handler = restHandler(
  route(contract.registerAccount, async ({ caller, input }) => ({
    status: 201,
    body: describeAccount(await registerAccount(DEPENDENCIES, caller, input), DEPENDENCIES.support),
  })),
  route(contract.readAccount, async ({ caller }) => ({
    body: describeAccount(await ownAccount(DEPENDENCIES.tables.core, caller.accountId), DEPENDENCIES.support),
  })),
);
