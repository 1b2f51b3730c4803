import { restHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { pageOfPlaces } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as contract from './contract.ts';
import { orderServiceEnd } from './end-service-command.ts';
import { findServiceEnd, type ServiceEnd } from './service-end-store.ts';
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

function describeEnd({ state, reason, closesAt, wave, ended }: ServiceEnd) {
  const told = { closes_at: closesAt, accounts_a_minute: wave, accounts: ended };
  return { object: 'service_end' as const, state, reason, ...told };
}

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
  route(contract.endService, async ({ caller, input }) => ({
    body: describeEnd(await orderServiceEnd(DEPENDENCIES, caller, input)),
  })),
  route(contract.readServiceEnd, async () => {
    const end = await findServiceEnd(CORE_TABLE);
    if (!end) throw new Refusal('not_found', 'nobody has ordered the end of the service');
    return { body: describeEnd(end) };
  }),
);
