/**
 * Opens an account for an operator: on a plan, with credits and a first key. The API Gateway key comes first: if what
 * follows fails, a key that counts nothing for nobody is left, and no account.
 */
import type { Account } from '../accounts/account.ts';
import type { AccountDependencies } from '../accounts/account-changes-store.ts';
import { putAccount } from '../accounts/accounts-store.ts';
import { createGatewayKey } from '../accounts/gateway-keys-client.ts';
import { type Actor, auditEvent } from '../audit/event.ts';
import { PERMISSIONS } from '../catalogue/permissions.ts';
import type { PlanName } from '../catalogue/plans.ts';
import { numericId, prefixedId } from '../runtime/ids.ts';
import { issueKey } from './keys-command.ts';

export interface OpenAccountDependencies extends AccountDependencies {
  readonly tables: { readonly core: string; readonly ledger: string; readonly audit: string };
  /** What the names of the usage plans begin with. */
  readonly usagePlans: string;
}

interface NewAccount {
  readonly name: string;
  readonly plan: PlanName;
  readonly credits: number;
  /** A user of the developers' pool, by the `sub` of its tokens, who then acts for the account. */
  readonly owner?: { readonly subject: string; readonly email: string } | undefined;
  readonly actor: Actor;
}

/** The key is returned this one time. */
export async function openAccount(
  { tables, usagePlans, now, random }: OpenAccountDependencies,
  { name, plan, credits, owner, actor }: NewAccount,
): Promise<{ accountId: string; keyId: string; apiKey: string }> {
  const at = now();
  const createdAt = new Date(at).toISOString();
  const accountId = prefixedId('acct', at, random);
  const account: Account = {
    accountId,
    accountNumber: numericId(at, random),
    name,
    ...(owner && { email: owner.email, emailVerifiedAt: createdAt }),
    status: 'active',
    plan,
    available: credits,
    held: 0,
    running: 0,
    ...(await createGatewayKey(accountId, usagePlans, plan, random)),
    createdAt,
  };
  const details = { accountId, action: 'account.opened', subject: accountId, detail: { plan, credits } } as const;
  const person = owner && { personId: `user_${owner.subject}`, accountId, state: 'active' as const, createdAt };
  await putAccount(tables, account, auditEvent(actor, details, { now: at, random }), person);
  const spec = { name: 'first key', permissions: PERMISSIONS };
  const { apiKey, key } = await issueKey({ tables, actor, now: at, random }, accountId, spec);
  return { accountId, keyId: key.keyId, apiKey };
}
