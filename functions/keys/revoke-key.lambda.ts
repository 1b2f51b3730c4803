import * as z from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { endKey } from './keys-command.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const actor = { kind: 'platform', id: 'revoke-key' } as const;

const Request = z.object({ accountId: z.string(), keyId: z.string() });

/** Invoked by an operator: ends a key at once, for good; false where the account has no such key. */
export async function handler(event: unknown): Promise<{ revoked: boolean }> {
  const key = Request.parse(event);
  try {
    await endKey({ tables: TABLES, actor, now: now(), random }, key, { action: 'key.revoked' });
    return { revoked: true };
  } catch (error) {
    if (error instanceof Refusal && error.kind === 'not_found') return { revoked: false };
    throw error;
  }
}
