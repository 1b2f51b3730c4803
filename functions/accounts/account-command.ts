/** Registers an account. */
import type { Caller } from '../http/caller.ts';
import type { Account } from './account.ts';
import { type AccountDependencies, changeBy } from './account-changes-store.ts';
import { alreadyRegistered, putRegistration } from './accounts-store.ts';
import { findAddressUse } from './email-store.ts';
import { emailOf } from './email-templates.ts';
import { mailTo } from './mail-command.ts';
import { isOffender } from './offenders-store.ts';
import { type Registration, register } from './registration.ts';
import { countSent, spaced } from './verification.ts';

export interface RegistrationDependencies extends AccountDependencies {
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
  /** Countries that the stage does not serve besides those of the policy, ISO 3166-1 alpha-2. */
  readonly refusedRegions: readonly string[];
  /** What addresses of terminated offenders are hashed with. */
  readonly offenderKey: () => Promise<string>;
}

/** Throws a Refusal where the person has an account already, its region is not served or the terms are not current. */
export async function registerAccount(
  dependencies: RegistrationDependencies,
  caller: Caller,
  registration: Registration,
): Promise<Account> {
  if (caller.accountId !== '') throw alreadyRegistered();
  const context = changeBy(caller, dependencies);
  const registrant = { personId: caller.id, address: caller.address, refusedRegions: dependencies.refusedRegions };
  const { email } = registration;
  // Whoever was terminated may apply again: a reviewer is told, and decides.
  const wasTerminated = await isOffender(context.tables.core, await dependencies.offenderKey(), email);
  const registered = register(registration, { ...registrant, wasTerminated }, context);
  const { account, code } = registered;
  const { accountId } = account;
  const before = await findAddressUse(context.tables.core, email);
  const counted = { email, before, after: countSent(before, context.now) };
  await putRegistration(context, registered, counted);
  // Registered it is, whatever becomes of the e-mail: the next step names the call that sends another code.
  const letter = emailOf('verify', { code: spaced(code), support: dependencies.support });
  await mailTo(dependencies, { accountId, to: email, template: 'verify', email: letter });
  return account;
}
