import { restHandler } from '../audit/api-handlers.ts';
import { eventsOfActor } from '../audit/audit-store.ts';
import { describeToOwner, eventPage } from '../audit/event.ts';
import { route } from '../http/api-handler.ts';
import { now, setting } from '../runtime/runtime.ts';
import { keyActivity, listKeys, retrieveKey } from './contract.ts';
import { describeKey } from './key.ts';
import { keyDetails, keysPage, noSuchKey } from './keys-command.ts';
import { keyOfAccount } from './keys-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const LIMIT = 20;

export const handler = restHandler(
  route(listKeys, async ({ caller: { accountId }, input: { after, limit = LIMIT } }) => ({
    body: await keysPage(TABLES, accountId, { after, limit }, now()),
  })),
  route(retrieveKey, async ({ caller: { accountId }, input: { id } }) => {
    const key = await keyOfAccount(TABLES.core, accountId, id);
    if (!key) throw noSuchKey(id);
    return { body: describeKey(key, await keyDetails(TABLES, key), now()) };
  }),
  route(keyActivity, async ({ caller: { accountId }, input: { id, after, limit = LIMIT } }) => {
    if (!(await keyOfAccount(TABLES.core, accountId, id))) throw noSuchKey(id);
    const page = await eventsOfActor(TABLES.audit, { accountId, actorId: id }, { after, limit });
    return { body: eventPage(page, describeToOwner) };
  }),
);
