import { restHandler } from '../audit/api-handlers.ts';
import { actorOf } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import type { Caller } from '../http/request-context.ts';
import { notifyByMail, sendMail } from '../runtime/mail.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import type { Account } from './account.ts';
import { describeAccount } from './account-object.ts';
import { ownAccount } from './accounts-store.ts';
import { changeEmail, confirmEmail, confirmEmailChange, sendVerification } from './contract.ts';
import { putCodes, replaceEmail, verifyEmail } from './email-store.ts';
import { type LetterName, letter } from './letters.ts';
import { issueCode, type Purpose, refuseCode, spaced } from './verification.ts';
import { countAttempt, findVerification } from './verification-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const MAIL_FROM = setting('MAIL_FROM');

const toolsFor = (caller: Caller) => ({ tables: TABLES, actor: actorOf(caller), now: now(), random });

/** Issues codes for these addresses, stores them together and sends each. */
async function sendCodes(
  caller: Caller,
  account: Account,
  wanted: readonly { purpose: Purpose; email: string }[],
  set?: { email: string },
) {
  const { accountId, name } = account;
  const tools = toolsFor(caller);
  const issued = await Promise.all(
    wanted.map(async one => {
      const before = await findVerification(TABLES.core, accountId, one.purpose);
      return { before, ...issueCode(before, { accountId, ...one }, tools) };
    }),
  );
  await putCodes(tools, account, issued, set);
  const newest = wanted.at(-1)?.email ?? '';
  for (const { verification, code } of issued) {
    const members = { name, code: spaced(code), email: newest };
    await sendMail(MAIL_FROM, verification.email, letter(verification.purpose satisfies LetterName, members));
  }
  const expires = Math.min(...issued.map(({ verification }) => verification.expiresAtMs));
  return {
    object: 'email.code' as const,
    sent_to: wanted.map(({ email }) => email),
    expires_at: new Date(expires).toISOString(),
  };
}

const CHANGED = new Refusal('wrong_state', 'the account or its code was changed at this moment; read GET /v1/account');

export const handler = restHandler(
  route(sendVerification, async ({ caller }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { email } = account;
    if (account.status !== 'registered' || email === undefined) {
      throw new Refusal('wrong_state', 'there is no e-mail address to verify: it is verified already');
    }
    return { body: await sendCodes(caller, account, [{ purpose: 'verify', email }]) };
  }),

  route(confirmEmail, async ({ caller, input: { code } }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { accountId } = account;
    // Said twice is said once.
    if (account.emailVerifiedAt !== undefined) return { body: describeAccount(account) };
    const counted = await countAttempt(TABLES.core, accountId, 'verify', now());
    const refusal = refuseCode(accountId, counted, code, 'code');
    if (refusal || !counted) throw refusal ?? CHANGED;
    const isDone = await verifyEmail(toolsFor(caller), account, counted);
    const after = await ownAccount(TABLES.core, accountId);
    // Where two confirm at once, the one that is second finds it done.
    if (!isDone && after.emailVerifiedAt === undefined) throw CHANGED;
    return { body: describeAccount(after) };
  }),

  route(changeEmail, async ({ caller, input: { email } }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    if (account.email?.toLowerCase() === email.toLowerCase()) {
      throw new Refusal('invalid_parameter', 'email is the address that the account has already', 'email');
    }
    // Nothing is bound to an address that was never verified: it needs no farewell.
    if (account.email === undefined || account.emailVerifiedAt === undefined) {
      return { body: await sendCodes(caller, account, [{ purpose: 'verify', email }], { email }) };
    }
    const wanted = [
      { purpose: 'change_from', email: account.email },
      { purpose: 'change_to', email },
    ] as const;
    return { body: await sendCodes(caller, account, wanted) };
  }),

  route(confirmEmailChange, async ({ caller, input }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { accountId, name } = account;
    const from = await countAttempt(TABLES.core, accountId, 'change_from', now());
    const to = await countAttempt(TABLES.core, accountId, 'change_to', now());
    const refusal =
      refuseCode(accountId, from, input.old_address_code, 'old_address_code') ??
      refuseCode(accountId, to, input.new_address_code, 'new_address_code');
    if (refusal || !from || !to) throw refusal ?? CHANGED;
    const isDone = await replaceEmail(toolsFor(caller), account, { from, to });
    if (!isDone) throw CHANGED;
    // The codes are used up, so that nobody can send this again.
    for (const address of [from.email, to.email]) {
      await notifyByMail(MAIL_FROM, address, letter('changed', { name, email: to.email }));
    }
    return { body: describeAccount(await ownAccount(TABLES.core, accountId)) };
  }),
);
