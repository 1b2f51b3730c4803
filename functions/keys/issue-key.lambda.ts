import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { line } from '../accounts/members-contract.ts';
import { PERMISSIONS } from '../catalogue/permissions.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { issueKey } from './issue-key.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const actor = { kind: 'platform', id: 'issue-key' } as const;

const Request = z.object({
  accountId: z.string().startsWith('acct_'),
  name: line(100).default('key'),
  permissions: z.array(z.enum(PERMISSIONS)).default([...PERMISSIONS]),
});

/** Invoked by an operator: makes a key for an account and answers it, the one time that it is seen whole. */
export async function handler(event: unknown): Promise<{ keyId: string; apiKey: string }> {
  const { accountId, ...wish } = Request.parse(event);
  const { apiKey, key } = await issueKey(TABLES, accountId, wish, { actor, now: now(), random, pause });
  return { keyId: key.keyId, apiKey };
}
