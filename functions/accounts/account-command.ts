/** Registers an account. */
import type { Caller } from '../http/caller.ts';
import { notifyByMail } from '../runtime/mail.ts';
import type { Account } from './account.ts';
import { type AccountDependencies, changeBy } from './account-changes-store.ts';
import { alreadyRegistered, putRegistration } from './accounts-store.ts';
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
