import { setTimeout as pause } from 'node:timers/promises';
import { restHandler } from '../audit/api-handlers.ts';
import { usageOfKey } from '../credits/usage-store.ts';
import { route } from '../http/api-handler.ts';
import { type Caller, patchOf } from '../http/request-context.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as alter from './alter-key.ts';
import * as contract from './contract.ts';
import { endKey } from './end-key.ts';
import { type IssuedKey, issueKey, type KeyTools } from './issue-key.ts';
import type { StoredKey } from './key.ts';
import { describeKey, SHOWN_ONCE } from './key-view.ts';
import { readChange, readWish } from './key-wish.ts';
import { keyOfAccount } from './keys-store.ts';
import { knownOf } from './known-key.ts';
import { LEAK_DAYS, leakReport } from './leak-report.ts';
import { OVERLAP_SECONDS } from './new-key.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };

const toolsOf = ({ kind, keyId: id, address, client }: Caller): KeyTools => ({
  actor: { kind, id, address, client },
  ...{ now: now(), random, pause },
});
const shown = async (key: StoredKey) => describeKey(key, await knownOf(TABLES, key), now());
const made = async ({ apiKey, key }: IssuedKey) => ({
  status: 201,
  body: { ...(await shown(key)), key: apiKey, notice: SHOWN_ONCE },
});

export const handler = restHandler(
  route(contract.createKey, async ({ caller, input }) => {
    const tools = toolsOf(caller);
    return made(await issueKey(TABLES, caller.accountId, readWish(input, tools.now), tools));
  }),
  route(
    contract.changeKey,
    async ({ caller, input: { id: keyId, ...asked } }) => {
      const tools = toolsOf(caller);
      const { accountId } = caller;
      await alter.changeKey(TABLES, { accountId, keyId }, readChange(asked, tools.now), tools);
      const key = await keyOfAccount(TABLES.core, accountId, keyId);
      if (!key) throw alter.noSuchKey(keyId);
      return { body: await shown(key) };
    },
    patchOf,
  ),
  route(contract.rotateKey, async ({ caller, input: { id: keyId, overlap_seconds: seconds = OVERLAP_SECONDS } }) =>
    made(await alter.rotateKey(TABLES, { accountId: caller.accountId, keyId }, seconds * 1000, toolsOf(caller))),
  ),
  route(contract.revokeKey, async ({ caller, input: { id: keyId } }) => {
    const subject = { accountId: caller.accountId, keyId };
    return { body: await shown(await endKey(TABLES, subject, { action: 'key.revoked' }, toolsOf(caller))) };
  }),
  route(contract.reportLeak, async ({ caller, input: { id: keyId, reason } }) => {
    const subject = { accountId: caller.accountId, keyId };
    const tools = toolsOf(caller);
    const key = await endKey(TABLES, subject, { action: 'key.reported_leaked', reason }, tools);
    const usage = await usageOfKey(TABLES.core, subject, tools.now, LEAK_DAYS);
    return { body: leakReport(await shown(key), usage) };
  }),
);
