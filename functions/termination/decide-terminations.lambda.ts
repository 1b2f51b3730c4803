import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { pageOfPlaces } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as contract from './contract.ts';
import { describeTermination, PLACES } from './termination.ts';
import { decideTermination, orderTermination } from './termination-command.ts';
import { terminationsIn } from './terminations-store.ts';

const CORE_TABLE = setting('CORE_TABLE');
const DEPENDENCIES = {
  tables: { core: CORE_TABLE, audit: setting('AUDIT_TABLE') },
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  now,
  random,
};
const LIMIT = 20;

export const handler = restHandler(
  route(contract.listTerminations, async ({ input: { state = 'requested', limit = LIMIT, after } }) => {
    const from = after === undefined ? undefined : PLACES.read(after, 'after');
    const { terminations, next } = await terminationsIn(CORE_TABLE, state, { limit, after: from });
    const placeOf = ({ accountId, dueAt }: { accountId: string; dueAt: string }) => PLACES.write({ accountId, dueAt });
    const [first, last] = [terminations[0], terminations.at(-1)];
    const places = { first: first && placeOf(first), last: last && placeOf(last), more: next !== undefined };
    return { body: pageOfPlaces(terminations.map(describeTermination), places) };
  }),
  route(contract.decideTermination, async ({ caller, input }) => ({
    body: describeTermination(await decideTermination(DEPENDENCIES, caller, input)),
  })),
  route(contract.orderTermination, async ({ caller, input: { closes_at: closesAt, ...order } }) => ({
    body: describeTermination(await orderTermination(DEPENDENCIES, caller, { ...order, closesAt })),
  })),
);
