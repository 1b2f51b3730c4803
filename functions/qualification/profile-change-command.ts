/** Changes what an account says of itself: at once, or, of what was approved, once it is reviewed. */
import type { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { type AccountDependencies, changeAccount, changeBy } from '../accounts/account-changes-store.ts';
import { ownAccount } from '../accounts/accounts-store.ts';
import type { profileInput } from '../accounts/contract.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { Caller } from '../http/caller.ts';
import { profileChange } from './profile-change.ts';
import { findSubmission, putChange, withdrawn } from './submissions-store.ts';

/** The account after it; a change that waits already changes nothing. */
export async function changeProfile(
  dependencies: AccountDependencies,
  caller: Caller,
  requested: z.output<typeof profileInput>,
): Promise<Account> {
  const { core } = dependencies.tables;
  const account = await ownAccount(core, caller.accountId);
  const { accountId, changeSubmission, status } = account;
  const waiting = changeSubmission === undefined ? undefined : await findSubmission(core, accountId, changeSubmission);
  const change = profileChange(account, waiting, requested);
  if (change.kind === 'none') return account;
  const context = changeBy(caller, dependencies);
  const details = { action: 'account.changed', detail: { changed: change.changed.join(' ') } } as const;
  const isDone =
    change.kind === 'review'
      ? await putChange(context, account, change)
      : await changeAccount(
          context,
          accountId,
          {
            set: { ...change.set, ...(change.kind === 'withdrawal' && withdrawn) },
            where: { status, changeSubmission },
          },
          details,
        );
  if (!isDone) throw new Refusal('wrong_state', 'the account was changed at this moment; read it again');
  return ownAccount(core, accountId);
}
