import * as z from 'zod';
import { name } from '../accounts/fields-contract.ts';
import { GIVEN_ALONE } from '../catalogue/ledger-kinds.ts';
import { PLAN_NAMES } from '../catalogue/plans.ts';
import { logger, now, random, setting } from '../runtime/runtime.ts';
import { openAccount } from './open-account-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE'), audit: setting('AUDIT_TABLE') },
  usagePlans: setting('USAGE_PLANS'),
  now,
  random,
};
const actor = { kind: 'platform', id: 'open-account' } as const;

const Request = z.object({
  name,
  plan: z.enum(PLAN_NAMES),
  credits: z
    .int()
    .min(0)
    .max(GIVEN_ALONE, `one person gives ${GIVEN_ALONE} credits at most; finance gives more by two, with grants`),
  owner: z.object({ subject: z.string().min(1), email: z.email() }).optional(),
});

/** Invoked by an operator: opens an account on a plan, with credits and a first key, which is returned this one time. */
export async function handler(event: unknown): Promise<{ accountId: string; keyId: string; apiKey: string }> {
  const request = Request.parse(event);
  const opened = await openAccount(DEPENDENCIES, { ...request, actor });
  logger.info('account opened', { accountId: opened.accountId, plan: request.plan, credits: request.credits });
  return opened;
}
