import * as z from 'zod';
import { line } from '../accounts/fields-contract.ts';
import { PERMISSIONS } from '../catalogue/permissions.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { issueKey } from './keys-command.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const actor = { kind: 'platform', id: 'issue-key' } as const;

const Request = z.object({
  accountId: z.string().startsWith('acct_'),
  name: line(100).default('key'),
  permissions: z.array(z.enum(PERMISSIONS)).default([...PERMISSIONS]),
});

/** Invoked by an operator: makes a key for an account and returns it, the one time that it is seen whole. */
export async function handler(event: unknown): Promise<{ keyId: string; apiKey: string }> {
  const { accountId, ...spec } = Request.parse(event);
  const { apiKey, key } = await issueKey({ tables: TABLES, actor, now: now(), random }, accountId, spec);
  return { keyId: key.keyId, apiKey };
}
