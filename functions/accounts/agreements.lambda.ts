import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { ownAccount } from './accounts-store.ts';
import * as agreements from './agreements-command.ts';
import { acceptTerms, changeConsents, listAcceptances, readConsents } from './agreements-contract.ts';
import { acceptancesOf } from './agreements-store.ts';
import { describeConsents } from './consents.ts';
import { describeAcceptances } from './terms.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const DEPENDENCIES = { tables: TABLES, now, random };

export const handler = restHandler(
  route(acceptTerms, async ({ caller, input: { version } }) => ({
    body: describeAcceptances(await agreements.acceptTerms(DEPENDENCIES, caller, version)),
  })),
  route(listAcceptances, async ({ caller }) => {
    const { accountId } = await ownAccount(TABLES.core, caller.accountId);
    return { body: describeAcceptances(await acceptancesOf(TABLES.core, accountId)) };
  }),
  route(readConsents, async ({ caller }) => ({
    body: describeConsents((await ownAccount(TABLES.core, caller.accountId)).consents),
  })),
  route(changeConsents, async ({ caller, input }) => ({
    body: describeConsents(await agreements.changeConsents(DEPENDENCIES, caller, input)),
  })),
);
