import * as z from 'zod';
import { PERMISSIONS } from '../platform/route.ts';
import { now, random, setting } from '../platform/runtime.ts';
import { issueKey } from './issue-key.ts';

const CORE_TABLE = setting('CORE_TABLE');

const Request = z.object({
  accountId: z.string().startsWith('acct_'),
  name: z.string().min(1).max(100).default('key'),
  permissions: z.array(z.enum(PERMISSIONS)).default([...PERMISSIONS]),
});

/** Invoked by an operator: makes a key for an account and answers it, the one time that it is seen whole. */
export async function handler(event: unknown): Promise<{ keyId: string; apiKey: string }> {
  return issueKey(CORE_TABLE, Request.parse(event), { now: now(), random });
}
