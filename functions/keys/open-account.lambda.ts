import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { putAccount } from '../accounts/accounts-store.ts';
import { createGatewayKey } from '../accounts/gateway-keys.ts';
import { name } from '../accounts/members-contract.ts';
import { auditEvent } from '../audit/event.ts';
import { PERMISSIONS } from '../catalogue/permissions.ts';
import { PLAN_NAMES } from '../catalogue/plans.ts';
import { numericId, prefixedId } from '../runtime/ids.ts';
import { logger, now, random, setting } from '../runtime/runtime.ts';
import { issueKey } from './issue-key.ts';

const TABLES = { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE'), audit: setting('AUDIT_TABLE') };
const actor = { kind: 'platform', id: 'open-account' } as const;
/** What the names of the usage plans begin with. */
const USAGE_PLANS = setting('USAGE_PLANS');

const Request = z.object({
  name,
  plan: z.enum(PLAN_NAMES),
  credits: z.int().min(0).max(100_000_000),
  /** A user of the developers' pool, by the `sub` of its tokens, who then acts for the account. */
  owner: z.object({ subject: z.string().min(1), email: z.email() }).optional(),
});

/**
 * Invoked by an operator: opens an account on a plan, with credits and a first key, which is answered this one time.
 * The gateway key comes first: if what follows fails, a key that counts nothing for nobody is left, and no account.
 */
export async function handler(event: unknown): Promise<{ accountId: string; keyId: string; apiKey: string }> {
  const { name: called, plan, credits, owner } = Request.parse(event);
  const at = now();
  const accountId = prefixedId('acct', at, random);
  const gatewayKey = await createGatewayKey(accountId, USAGE_PLANS, plan, random);
  const opened = {
    accountId,
    accountNumber: numericId(at, random),
    name: called,
    plan,
    createdAt: new Date(at).toISOString(),
  };
  await putAccount(
    TABLES,
    {
      ...{ ...opened, ...gatewayKey, status: 'active', available: credits, held: 0, running: 0 },
      ...(owner && { email: owner.email, emailVerifiedAt: opened.createdAt }),
    },
    auditEvent(
      actor,
      { accountId, action: 'account.opened', subject: accountId, detail: { plan, credits } },
      { now: at, random },
    ),
    owner && {
      ...{ personId: `user_${owner.subject}`, accountId, state: 'active', email: owner.email },
      createdAt: opened.createdAt,
    },
  );
  const wish = { name: 'first key', permissions: PERMISSIONS };
  const { apiKey, key } = await issueKey(TABLES, accountId, wish, { actor, now: at, random, pause });
  logger.info('account opened', { accountId, plan, credits });
  return { accountId, keyId: key.keyId, apiKey };
}
