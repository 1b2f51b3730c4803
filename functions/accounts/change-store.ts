/** One change of an account with its audit event in the same transaction: the way of every change that is no more than that. */
import { auditWrite } from '../audit/audit-store.ts';
import { type Actor, type AuditDetails, auditEvent } from '../audit/event.ts';
import type { TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { Random } from '../runtime/ids.ts';
import { type AccountChange, accountWrite } from './account-write.ts';

export interface ChangeTools {
  readonly tables: { readonly core: string; readonly audit: string };
  readonly actor: Actor;
  readonly now: number;
  readonly random: Random;
}

/** False where the account was not as `change.where` says, or one of `others` was refused. */
export async function changeAccount(
  { tables, actor, ...tools }: ChangeTools,
  accountId: string,
  change: AccountChange,
  told: Omit<AuditDetails, 'accountId'>,
  others: Readonly<Record<string, TransactWrite>> = {},
): Promise<boolean> {
  const refused = await commit({
    account: accountWrite(tables.core, accountId, change),
    ...others,
    event: auditWrite(tables.audit, auditEvent(actor, { accountId, ...told }, tools)),
  });
  return refused === undefined;
}
