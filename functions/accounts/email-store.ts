/**
 * Codes that are sent and what they prove, each with its audit event in one transaction. The audit trail is kept for good
 * and sealed, so that it has addresses in a masked form alone.
 */

import { Refusal } from '../catalogue/refusal.ts';
import { maskedAddress } from '../runtime/mail-text.ts';
import type { Account } from './account.ts';
import { type AccountChange, statusChange } from './account-write.ts';
import { type ChangeTools, changeAccount } from './change-store.ts';
import type { Verification } from './verification.ts';
import { usedWrite, verificationWrite } from './verification-store.ts';

export interface Issued {
  readonly verification: Verification;
  readonly before: Verification | undefined;
}

/** Stores codes before they are sent; `set` changes the account with them. */
export async function putCodes(
  tools: ChangeTools,
  { accountId, email, status }: Account,
  issued: readonly Issued[],
  set: AccountChange['set'] = {},
): Promise<void> {
  // Something is always set: an update without a change is none.
  const change = { set: { email, ...set }, where: { email, status } };
  const subject = maskedAddress(issued.at(-1)?.verification.email ?? '');
  const codes = issued.map(({ verification, before }) => [
    verification.purpose,
    verificationWrite(tools.tables.core, accountId, verification, before),
  ]);
  const told = { action: 'email.verification_sent', subject } as const;
  const isDone = await changeAccount(tools, accountId, change, told, Object.fromEntries(codes));
  if (!isDone) throw new Refusal('wrong_state', 'another code was sent at this moment; use that one');
}

/** The address is the account's own, and the account may hand in its qualification. False where it was not as `account` says. */
export async function verifyEmail(tools: ChangeTools, { accountId }: Account, used: Verification): Promise<boolean> {
  const at = new Date(tools.now).toISOString();
  const { set, where } = statusChange('verified', at);
  const change = { set: { ...set, emailVerifiedAt: at }, where: { ...where, email: used.email } };
  const told = { action: 'email.verified', subject: maskedAddress(used.email) } as const;
  return changeAccount(tools, accountId, change, told, { code: usedWrite(tools.tables.core, accountId, used) });
}

/** The new address takes the place of the old. False where the account or a code was not as is said. */
export async function replaceEmail(
  tools: ChangeTools,
  { accountId, status }: Account,
  { from, to }: { from: Verification; to: Verification },
): Promise<boolean> {
  const at = new Date(tools.now).toISOString();
  const change = { set: { email: to.email, emailVerifiedAt: at }, where: { email: from.email, status } };
  const detail = { before: maskedAddress(from.email) };
  const told = { action: 'email.changed', subject: maskedAddress(to.email), detail } as const;
  return changeAccount(tools, accountId, change, told, {
    from: usedWrite(tools.tables.core, accountId, from),
    to: usedWrite(tools.tables.core, accountId, to),
  });
}
