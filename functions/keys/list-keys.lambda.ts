import { restHandler } from '../audit/api-handlers.ts';
import { eventsOfActor } from '../audit/audit-store.ts';
import { describeToOwner } from '../audit/event.ts';
import { route } from '../http/api-handler.ts';
import { pageOfIds } from '../http/page.ts';
import { now, setting } from '../runtime/runtime.ts';
import { keyActivity, listKeys, retrieveKey } from './contract.ts';
import { describeKey } from './key.ts';
import { keyDetails, noSuchKey } from './keys-command.ts';
import { hashIn, keyOfAccount, keysOfAccount } from './keys-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const LIMIT = 20;

export const handler = restHandler(
  route(listKeys, async ({ caller: { accountId }, input: { after, limit = LIMIT } }) => {
    const { keys, more } = await keysOfAccount(TABLES.core, accountId, { after, limit });
    const onPage = new Map(keys.map(key => [hashIn(key), key]));
    const data = await Promise.all(
      keys.map(async key => {
        const holder = key.spendsFrom === undefined ? key : onPage.get(key.spendsFrom);
        return describeKey(key, await keyDetails(TABLES, key, holder), now());
      }),
    );
    return { body: pageOfIds(data, more) };
  }),
  route(retrieveKey, async ({ caller: { accountId }, input: { id } }) => {
    const key = await keyOfAccount(TABLES.core, accountId, id);
    if (!key) throw noSuchKey(id);
    return { body: describeKey(key, await keyDetails(TABLES, key), now()) };
  }),
  route(keyActivity, async ({ caller: { accountId }, input: { id, after, limit = LIMIT } }) => {
    if (!(await keyOfAccount(TABLES.core, accountId, id))) throw noSuchKey(id);
    const { events, more } = await eventsOfActor(TABLES.audit, { accountId, actorId: id }, { after, limit });
    return { body: pageOfIds(events.map(describeToOwner), more) };
  }),
);
