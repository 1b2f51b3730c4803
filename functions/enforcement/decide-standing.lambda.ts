import { knownAccount } from '../accounts/accounts-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { recordView } from '../audit/record-view-command.ts';
import { route } from '../http/api-handler.ts';
import { pageOfPlaces } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { decideAppeal } from './appeals-command.ts';
import { APPEAL_CURSOR, openAppeals } from './appeals-store.ts';
import { decideStanding } from './decide-standing-command.ts';
import { describeAppeal } from './described.ts';
import * as contract from './operators-contract.ts';
import { readStanding } from './read-standing-command.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') };
const DEPENDENCIES = { tables: TABLES, now, random };
const LIMIT = 20;

async function standingOf(accountId: string) {
  return readStanding(TABLES.core, await knownAccount(TABLES.core, accountId), now());
}

export const handler = restHandler(
  route(contract.inspectStanding, async ({ caller, input: { id: accountId } }) => {
    const account = await knownAccount(TABLES.core, accountId);
    await recordView({ auditTable: TABLES.audit, now, random }, caller, { accountId, what: 'standing' });
    return { body: await readStanding(TABLES.core, account, now()) };
  }),
  route(contract.decideStanding, async ({ caller, input }) => {
    const status = await decideStanding(DEPENDENCIES, caller, input);
    return { body: { ...(await standingOf(input.id)), status } };
  }),
  route(contract.listOpenAppeals, async ({ input: { limit = LIMIT, after } }) => {
    const { appeals, next } = await openAppeals(TABLES.core, {
      limit,
      ...(after !== undefined && { after: APPEAL_CURSOR.read(after) }),
    });
    const placeOf = ({ createdAt, accountId, subject }: NonNullable<typeof next>) =>
      APPEAL_CURSOR.write({ createdAt, accountId, subject });
    const [first, last] = [appeals[0], next ?? appeals.at(-1)];
    return {
      body: pageOfPlaces(appeals.map(describeAppeal), {
        first: first && placeOf(first),
        last: last && placeOf(last),
        more: next !== undefined,
      }),
    };
  }),
  route(contract.decideAppeal, async ({ caller, input }) => ({
    body: describeAppeal(await decideAppeal(DEPENDENCIES, caller, input)),
  })),
);
