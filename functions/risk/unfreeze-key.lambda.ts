import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { describeKey } from '../keys/key.ts';
import { keyDetails } from '../keys/keys-command.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as contract from './contract.ts';
import { unfreezeKey } from './decide-case-command.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') };

export const handler = restHandler(
  route(contract.unfreezeKey, async ({ caller, input: { id: keyId, reason } }) => {
    const key = await unfreezeKey({ tables: TABLES, now, random }, caller, { keyId, reason });
    return { body: describeKey(key, await keyDetails(TABLES, key), now()) };
  }),
);
