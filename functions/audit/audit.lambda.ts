import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { restHandler } from './api-handlers.ts';
import { eventsOfAccount } from './audit-store.ts';
import { listAccountAudit, listAudit, readRequest } from './contract.ts';
import { describeEvent, describeToOwner, eventPage } from './event.ts';
import { readEventsQuery } from './events-query.ts';
import { findRequest } from './find-request-command.ts';

const AUDIT_TABLE = setting('AUDIT_TABLE');
const DEPENDENCIES = { auditTable: AUDIT_TABLE, now, random };

export const handler = restHandler(
  route(listAudit, async ({ caller: { accountId }, input }) => {
    const page = await eventsOfAccount(AUDIT_TABLE, accountId, readEventsQuery(input, 'owner'));
    return { body: eventPage(page, describeToOwner) };
  }),
  route(listAccountAudit, async ({ input: { id, ...query } }) => {
    const page = await eventsOfAccount(AUDIT_TABLE, id, readEventsQuery(query, 'operator'));
    return { body: eventPage(page, describeEvent) };
  }),
  route(readRequest, async ({ caller, input: { id } }) => ({ body: await findRequest(DEPENDENCIES, caller, id) })),
);
