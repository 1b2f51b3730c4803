import { restHandler } from '../audit/api-handlers.ts';
import { actorOf } from '../audit/event.ts';
import { usageOfKey } from '../credits/usage-store.ts';
import { route } from '../http/api-handler.ts';
import type { Caller } from '../http/caller.ts';
import { patchOf } from '../http/request-context.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as contract from './contract.ts';
import { describeKey, leakReport, OVERLAP_SECONDS, type StoredKey } from './key.ts';
import { parseChange, parseSpec } from './key-spec.ts';
import * as keys from './keys-command.ts';
import { keyOfAccount } from './keys-store.ts';
import { SHOWN_ONCE } from './object-contract.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
/** Set by us: further back is in the activity and in the reports of usage. */
const LEAK_DAYS = 30;

const contextOf = (caller: Caller): keys.KeyContext => ({ tables: TABLES, actor: actorOf(caller), now: now(), random });
const shown = async (key: StoredKey) => describeKey(key, await keys.keyDetails(TABLES, key), now());
const issued = async ({ apiKey, key }: keys.IssuedKey) => ({
  status: 201,
  body: { ...(await shown(key)), key: apiKey, notice: SHOWN_ONCE },
});

export const handler = restHandler(
  route(contract.createKey, async ({ caller, input }) => {
    const context = contextOf(caller);
    return issued(await keys.issueKey(context, caller.accountId, parseSpec(input, context.now)));
  }),
  route(
    contract.changeKey,
    async ({ caller, input: { id: keyId, ...requested } }) => {
      const context = contextOf(caller);
      const { accountId } = caller;
      await keys.changeKey(context, { accountId, keyId }, parseChange(requested, context.now));
      const key = await keyOfAccount(TABLES.core, accountId, keyId);
      if (!key) throw keys.noSuchKey(keyId);
      return { body: await shown(key) };
    },
    patchOf,
  ),
  route(contract.rotateKey, async ({ caller, input: { id: keyId, overlap_seconds: seconds = OVERLAP_SECONDS } }) =>
    issued(await keys.rotateKey(contextOf(caller), { accountId: caller.accountId, keyId }, seconds * 1000)),
  ),
  route(contract.revokeKey, async ({ caller, input: { id: keyId } }) => {
    const key = { accountId: caller.accountId, keyId };
    return { body: await shown(await keys.endKey(contextOf(caller), key, { action: 'key.revoked' })) };
  }),
  route(contract.reportLeak, async ({ caller, input: { id: keyId, reason }, baseUrl }) => {
    const context = contextOf(caller);
    const name = { accountId: caller.accountId, keyId };
    const key = await keys.endKey(context, name, { action: 'key.reported_leaked', reason });
    const usage = await usageOfKey(TABLES.core, name, context.now, LEAK_DAYS);
    return { body: leakReport(baseUrl, await shown(key), usage) };
  }),
);
