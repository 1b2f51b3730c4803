/** Registers an account, and changes what it says of itself. */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import type { Caller } from '../http/caller.ts';
import { notifyByMail } from '../runtime/mail.ts';
import { type Account, changedProfile } from './account.ts';
import { type AccountDependencies, changeAccount, changeBy } from './account-changes-store.ts';
import { alreadyRegistered, ownAccount, putRegistration } from './accounts-store.ts';
import type * as contract from './contract.ts';
import { findAddressUse } from './email-store.ts';
import { emailOf } from './email-templates.ts';
import { type Registration, register } from './registration.ts';
import { countSent, spaced } from './verification.ts';

export interface RegistrationDependencies extends AccountDependencies {
  readonly mailFrom: string;
  /** Countries that the stage does not serve besides those of the policy, ISO 3166-1 alpha-2. */
  readonly refusedRegions: readonly string[];
}

/** Throws a Refusal where the person has an account already, its region is not served or the terms are not current. */
export async function registerAccount(
  { mailFrom, refusedRegions, ...dependencies }: RegistrationDependencies,
  caller: Caller,
  registration: Registration,
): Promise<Account> {
  if (caller.accountId !== '') throw alreadyRegistered();
  const context = changeBy(caller, dependencies);
  const registrant = { personId: caller.id, address: caller.address, refusedRegions };
  const registered = register(registration, registrant, context);
  const { account, code } = registered;
  const { email = '' } = account;
  const before = await findAddressUse(context.tables.core, email);
  const counted = { email, before, after: countSent(before, context.now) };
  await putRegistration(context, registered, counted);
  // Registered it is, whatever becomes of the e-mail: the next step names the call that sends another code.
  await notifyByMail(mailFrom, email, emailOf('verify', { code: spaced(code) }));
  return account;
}

/** The account after it. */
export async function changeProfile(
  dependencies: AccountDependencies,
  caller: Caller,
  requested: z.output<typeof contract.changeAccount.input>,
): Promise<Account> {
  const account = await ownAccount(dependencies.tables.core, caller.accountId);
  const { set, changed } = changedProfile(account, requested);
  if (changed.length === 0) return account;
  const change = { set, where: { status: account.status } };
  const details = { action: 'account.changed', detail: { changed: changed.join(' ') } } as const;
  const isDone = await changeAccount(changeBy(caller, dependencies), account.accountId, change, details);
  if (!isDone) throw new Refusal('wrong_state', 'the status of the account changed at this moment; read it again');
  return { ...account, ...set };
}
