import { actorOf } from '../audit/event.ts';
import type { Caller } from '../platform/exchange.ts';
import { sendMail } from '../platform/mail.ts';
import { answers, problems } from '../platform/problem.ts';
import { Refusal } from '../platform/refusal.ts';
import { now, random, setting } from '../platform/runtime.ts';
import { describeAccount } from './account-object.ts';
import { ownAccount } from './accounts-store.ts';
import { changeAccount } from './change-store.ts';
import { endSessions as endSessionsContract, reportMisuse, unfreezeKeys } from './contract.ts';
import { letter } from './letters.ts';
import { endSessions } from './misuse-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const MAIL_FROM = setting('MAIL_FROM');

const toolsFor = (caller: Caller) => ({ tables: TABLES, actor: actorOf(caller), now: now(), random });

export const handler = problems(
  answers(endSessionsContract, async ({ caller }) => {
    const { accountId } = await ownAccount(TABLES.core, caller.accountId);
    const tools = toolsFor(caller);
    await endSessions(tools, { accountId, personId: caller.keyId });
    return { body: { object: 'sessions' as const, ended_at: new Date(tools.now).toISOString() } };
  }),

  // One switch on the account, which the authorizer and admission read: however many keys it has, none opens from its commit on.
  answers(reportMisuse, async ({ caller, input: { reason } }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { accountId, name, email } = account;
    const tools = toolsFor(caller);
    // Reported again, the keys stay frozen since the first time, and newer sessions end too.
    const keysFrozenAt = account.keysFrozenAt ?? new Date(tools.now).toISOString();
    const set = { keysFrozenAt, sessionsEndedAtMs: tools.now };
    await changeAccount(tools, accountId, { set, where: {} }, { action: 'account.misuse_reported', reason });
    if (email !== undefined) await sendMail(MAIL_FROM, email, letter('misuse', { name }));
    return { body: describeAccount({ ...account, ...set }) };
  }),

  answers(unfreezeKeys, async ({ caller }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { keysFrozenAt, ...rest } = account;
    // Said twice is said once.
    if (keysFrozenAt === undefined) return { body: describeAccount(account) };
    const change = { set: { keysFrozenAt: undefined }, where: { keysFrozenAt, standing: ['active'] } };
    const told = { action: 'account.keys_unfrozen', detail: { frozenAt: keysFrozenAt } } as const;
    const isDone = await changeAccount(toolsFor(caller), account.accountId, change, told);
    if (!isDone) throw new Refusal('wrong_state', 'the account was changed at this moment; read GET /v1/account');
    return { body: describeAccount(rest) };
  }),
);
