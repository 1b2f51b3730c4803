/**
 * What an account's people do against misuse. A report is one switch on the account, which the authorizer and admission
 * read: however many keys it has, none is accepted from its commit on.
 */
import { Refusal } from '../catalogue/refusal.ts';
import type { Caller } from '../http/caller.ts';
import { type Account, provenAddress } from './account.ts';
import { type AccountDependencies, changeBy } from './account-changes-store.ts';
import { ownAccount } from './accounts-store.ts';
import { emailOf } from './email-templates.ts';
import { mailTo } from './mail-command.ts';
import * as store from './misuse-store.ts';

export interface MisuseDependencies extends AccountDependencies {
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
}

/** Ends the caller's own sessions; returns when, ISO 8601. */
export async function endSessions(dependencies: MisuseDependencies, caller: Caller): Promise<string> {
  const { accountId } = await ownAccount(dependencies.tables.core, caller.accountId);
  const context = changeBy(caller, dependencies);
  await store.endSessions(context, { accountId, personId: caller.id });
  return new Date(context.now).toISOString();
}

/** The account after it. */
export async function reportMisuse(dependencies: MisuseDependencies, caller: Caller, reason: string): Promise<Account> {
  const account = await ownAccount(dependencies.tables.core, caller.accountId);
  const { accountId, name } = account;
  const to = provenAddress(account);
  const set = await store.freezeKeys(changeBy(caller, dependencies), account, reason);
  // The caller's own session ended with it, so that nobody can send this again.
  const email = emailOf('misuse', { name, support: dependencies.support });
  if (to !== undefined) await mailTo(dependencies, { accountId, to, template: 'misuse', email });
  return { ...account, ...set };
}

/** The account after it; where no key is frozen, nothing changes. */
export async function unfreezeKeys(dependencies: MisuseDependencies, caller: Caller): Promise<Account> {
  const account = await ownAccount(dependencies.tables.core, caller.accountId);
  const { keysFrozenAt, ...rest } = account;
  if (keysFrozenAt === undefined) return account;
  const isDone = await store.unfreezeKeys(changeBy(caller, dependencies), { ...account, keysFrozenAt });
  if (!isDone) throw new Refusal('wrong_state', 'the account was changed at this moment; read GET /v1/account');
  return rest;
}
