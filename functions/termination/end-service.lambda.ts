import { restHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { orderServiceEnd } from './end-service-command.ts';
import * as contract from './service-end-contract.ts';
import { findServiceEnd, type ServiceEnd } from './service-end-store.ts';

const CORE_TABLE = setting('CORE_TABLE');
const DEPENDENCIES = { tables: { core: CORE_TABLE, audit: setting('AUDIT_TABLE') }, now, random };

function describeEnd({ state, reason, closesAt, wave, ended }: ServiceEnd) {
  const told = { closes_at: closesAt, accounts_a_minute: wave, accounts: ended };
  return { object: 'service_end' as const, state, reason, ...told };
}

export const handler = restHandler(
  route(contract.endService, async ({ caller, input }) => ({
    body: describeEnd(await orderServiceEnd(DEPENDENCIES, caller, input)),
  })),
  route(contract.readServiceEnd, async () => {
    const end = await findServiceEnd(CORE_TABLE);
    if (!end) throw new Refusal('not_found', 'there is no end of the service: nobody has ordered it');
    return { body: describeEnd(end) };
  }),
);
