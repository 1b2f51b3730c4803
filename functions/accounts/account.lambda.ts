import { restHandler } from '../audit/api-handlers.ts';
import { actorOf } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { notifyByMail } from '../runtime/mail.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeAccount } from './account-object.ts';
import { ownAccount } from './accounts-store.ts';
import * as store from './change-store.ts';
import { changeAccount, readAccount, registerAccount } from './contract.ts';
import { letter } from './letters.ts';
import { changedProfile } from './profile.ts';
import { register } from './registration.ts';
import { putRegistration } from './registration-store.ts';
import { spaced } from './verification.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const MAIL_FROM = setting('MAIL_FROM');
const REFUSED_REGIONS = setting('REFUSED_REGIONS').split(',').filter(Boolean);

export const handler = restHandler(
  route(registerAccount, async ({ caller, input }) => {
    if (caller.accountId !== '') {
      throw new Refusal('wrong_state', 'this person has an account already: read it with GET /v1/account');
    }
    const tools = { now: now(), random };
    const registrant = { personId: caller.keyId, address: caller.address, refusedRegions: REFUSED_REGIONS };
    const registered = register(input, registrant, tools);
    await putRegistration(TABLES, registered, actorOf(caller), tools);
    const { account, code } = registered;
    const { name, email = '' } = account;
    // Registered it is, whatever becomes of the letter: the next step names the call that sends another code.
    await notifyByMail(MAIL_FROM, email, letter('verify', { name, code: spaced(code) }));
    return { status: 201, body: describeAccount(account) };
  }),

  route(readAccount, async ({ caller }) => ({
    body: describeAccount(await ownAccount(TABLES.core, caller.accountId)),
  })),

  route(changeAccount, async ({ caller, input }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { set, changed } = changedProfile(account, input);
    if (changed.length === 0) return { body: describeAccount(account) };
    const tools = { tables: TABLES, actor: actorOf(caller), now: now(), random };
    const change = { set, where: { status: account.status } };
    const told = { action: 'account.changed', detail: { changed: changed.join(' ') } } as const;
    const isDone = await store.changeAccount(tools, account.accountId, change, told);
    if (!isDone) throw new Refusal('wrong_state', 'the status of the account changed at this moment; read it again');
    return { body: describeAccount({ ...account, ...set }) };
  }),
);
