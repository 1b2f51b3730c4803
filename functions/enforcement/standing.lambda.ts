import { ownAccount } from '../accounts/accounts-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { pageOfIds } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { appeal } from './appeals-command.ts';
import { appealsOf } from './appeals-store.ts';
import * as contract from './contract.ts';
import { describeAppeal } from './described.ts';
import { readStanding } from './read-standing-command.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') };
const DEPENDENCIES = { tables: TABLES, now, random };
const LIMIT = 20;

export const handler = restHandler(
  route(contract.readStanding, async ({ caller }) => ({
    body: await readStanding(TABLES.core, await ownAccount(TABLES.core, caller.accountId), now()),
  })),
  route(contract.appealStanding, async ({ caller, input }) => ({
    status: 201,
    body: describeAppeal(await appeal(DEPENDENCIES, caller, input)),
  })),
  route(contract.listAppeals, async ({ caller, input: { limit = LIMIT, after } }) => {
    const { appeals, more } = await appealsOf(TABLES.core, caller.accountId, { after, limit });
    return { body: pageOfIds(appeals.map(describeAppeal), more) };
  }),
);
