/** Proves an account's e-mail address by a code, and changes it by codes that are sent to the old and the new one. */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import type { Caller } from '../http/caller.ts';
import type { Account } from './account.ts';
import { type AccountDependencies, changeBy } from './account-changes-store.ts';
import { ownAccount } from './accounts-store.ts';
import type * as contract from './contract.ts';
import { countAttempt, findAddressUse, findVerification, putCodes, replaceEmail, verifyEmail } from './email-store.ts';
import { emailOf, type TemplateName } from './email-templates.ts';
import { mailTo, sendTo } from './mail-command.ts';
import { countSent, issueCode, type Purpose, refuseCode, spaced } from './verification.ts';

export interface EmailDependencies extends AccountDependencies {
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
}

/** To which addresses codes were sent, and when the first of them expires, ISO 8601. */
type Sent = z.output<typeof contract.sendVerification.output>;

export async function sendVerification(dependencies: EmailDependencies, caller: Caller): Promise<Sent> {
  const account = await ownAccount(dependencies.tables.core, caller.accountId);
  const { email, emailVerifiedAt } = account;
  if (emailVerifiedAt !== undefined || email === undefined) {
    throw new Refusal('wrong_state', 'there is no e-mail address to verify: it is verified already');
  }
  return sendCodes(dependencies, caller, account, [{ purpose: 'verify', email }]);
}

/** The account after it; confirming again changes nothing. */
export async function confirmEmail(dependencies: EmailDependencies, caller: Caller, code: string): Promise<Account> {
  const { core } = dependencies.tables;
  const account = await ownAccount(core, caller.accountId);
  const { accountId } = account;
  if (account.emailVerifiedAt !== undefined) return account;
  const counted = await countAttempt(core, accountId, 'verify', dependencies.now());
  const refusal = refuseCode(accountId, counted, code, 'code');
  if (refusal || !counted) throw refusal ?? changedMeanwhile();
  const isDone = await verifyEmail(changeBy(caller, dependencies), account, counted);
  const after = await ownAccount(core, accountId);
  // Where two confirm at once, the one that is second finds it done.
  if (!isDone && after.emailVerifiedAt === undefined) throw changedMeanwhile();
  return after;
}

/** Sends codes to the old and the new address; to the new one alone where the old one was never verified. */
export async function changeEmail(dependencies: EmailDependencies, caller: Caller, email: string): Promise<Sent> {
  const account = await ownAccount(dependencies.tables.core, caller.accountId);
  if (account.email?.toLowerCase() === email.toLowerCase()) {
    throw new Refusal('invalid_parameter', 'email is the address that the account has already', 'email');
  }
  // Nothing is bound to an address that was never verified: it needs no code of its own.
  if (account.email === undefined || account.emailVerifiedAt === undefined) {
    return sendCodes(dependencies, caller, account, [{ purpose: 'verify', email }], { email });
  }
  return sendCodes(dependencies, caller, account, [
    { purpose: 'change_from', email: account.email },
    { purpose: 'change_to', email },
  ]);
}

/** The account after it. */
export async function confirmEmailChange(
  dependencies: EmailDependencies,
  caller: Caller,
  codes: z.output<typeof contract.confirmEmailChange.input>,
): Promise<Account> {
  const { tables, support, now } = dependencies;
  const account = await ownAccount(tables.core, caller.accountId);
  const { accountId, name } = account;
  const from = await countAttempt(tables.core, accountId, 'change_from', now());
  const to = await countAttempt(tables.core, accountId, 'change_to', now());
  const refusal =
    refuseCode(accountId, from, codes.old_address_code, 'old_address_code') ??
    refuseCode(accountId, to, codes.new_address_code, 'new_address_code');
  if (refusal || !from || !to) throw refusal ?? changedMeanwhile();
  const isDone = await replaceEmail(changeBy(caller, dependencies), account, { from, to });
  if (!isDone) throw changedMeanwhile();
  // The codes are used up, so that nobody can send this again.
  const email = emailOf('changed', { name, email: to.email, support });
  for (const address of [from.email, to.email]) {
    await mailTo(dependencies, { accountId, to: address, template: 'changed', email });
  }
  return ownAccount(tables.core, accountId);
}

/** Issues codes for these addresses, stores them together and sends each. */
async function sendCodes(
  dependencies: EmailDependencies,
  caller: Caller,
  account: Account,
  requested: readonly { purpose: Purpose; email: string }[],
  set?: { email: string },
): Promise<Sent> {
  const { accountId, name } = account;
  const context = changeBy(caller, dependencies);
  const issued = await Promise.all(
    requested.map(async one => {
      const before = await findVerification(context.tables.core, accountId, one.purpose);
      const { email } = one;
      const use = await findAddressUse(context.tables.core, email);
      const counted = { email, before: use, after: countSent(use, context.now) };
      return { before, counted, ...issueCode(before, { accountId, ...one }, context) };
    }),
  );
  await putCodes(context, account, issued, set);
  const newest = requested.at(-1)?.email ?? '';
  for (const { verification, code } of issued) {
    const fields = { name, code: spaced(code), email: newest, support: dependencies.support };
    const template = verification.purpose satisfies TemplateName;
    await sendTo(dependencies, { accountId, to: verification.email, template, email: emailOf(template, fields) });
  }
  const expires = Math.min(...issued.map(({ verification }) => verification.expiresAtMs));
  return {
    object: 'email.code',
    sent_to: requested.map(({ email }) => email),
    expires_at: new Date(expires).toISOString(),
  };
}

function changedMeanwhile(): Refusal {
  return new Refusal('wrong_state', 'the account or its code was changed at this moment; read GET /v1/account');
}
