import * as z from 'zod';
import { now, setting } from '../platform/runtime.ts';
import { revokeKey } from './keys-store.ts';

const CORE_TABLE = setting('CORE_TABLE');

const Request = z.object({ accountId: z.string(), keyId: z.string() });

/** Invoked by an operator: ends a key at once, for good. */
export async function handler(event: unknown): Promise<{ revoked: boolean }> {
  const { accountId, keyId } = Request.parse(event);
  return { revoked: await revokeKey(CORE_TABLE, accountId, keyId, new Date(now()).toISOString()) };
}
