import { restHandler } from '../audit/api-handlers.ts';
import { actorOf } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import type { Caller } from '../http/request-context.ts';
import { notifyByMail } from '../runtime/mail.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeAccount } from './account-object.ts';
import { ownAccount } from './accounts-store.ts';
import * as contract from './contract.ts';
import { letter } from './letters.ts';
import { endSessions, freezeKeys, unfreezeKeys } from './misuse-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const MAIL_FROM = setting('MAIL_FROM');

const toolsFor = (caller: Caller) => ({ tables: TABLES, actor: actorOf(caller), now: now(), random });

export const handler = restHandler(
  route(contract.endSessions, async ({ caller }) => {
    const { accountId } = await ownAccount(TABLES.core, caller.accountId);
    const tools = toolsFor(caller);
    await endSessions(tools, { accountId, personId: caller.keyId });
    return { body: { object: 'sessions' as const, ended_at: new Date(tools.now).toISOString() } };
  }),

  // One switch on the account, which the authorizer and admission read: however many keys it has, none opens from its commit on.
  route(contract.reportMisuse, async ({ caller, input: { reason } }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { name, email } = account;
    const tools = toolsFor(caller);
    const set = await freezeKeys(tools, account, reason);
    // The caller's own session ended with it, so that nobody can send this again.
    if (email !== undefined) await notifyByMail(MAIL_FROM, email, letter('misuse', { name }));
    return { body: describeAccount({ ...account, ...set }) };
  }),

  route(contract.unfreezeKeys, async ({ caller }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { keysFrozenAt, ...rest } = account;
    // Said twice is said once.
    if (keysFrozenAt === undefined) return { body: describeAccount(account) };
    const isDone = await unfreezeKeys(toolsFor(caller), { ...account, keysFrozenAt });
    if (!isDone) throw new Refusal('wrong_state', 'the account was changed at this moment; read GET /v1/account');
    return { body: describeAccount(rest) };
  }),
);
