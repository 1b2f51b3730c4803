import { restHandler } from '../audit/api-handlers.ts';
import { actorOf } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import type { Caller } from '../http/request-context.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { ownAccount } from './accounts-store.ts';
import { acceptTerms, changeConsents, listAcceptances, readConsents } from './agreements-contract.ts';
import { acceptancesOf, putAcceptance } from './agreements-store.ts';
import { changeAccount } from './change-store.ts';
import { changedConsents, describeConsents } from './consents.ts';
import { refuseTerms } from './terms.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };

const toolsFor = (caller: Caller) => ({ tables: TABLES, actor: actorOf(caller), now: now(), random });

async function acceptances(accountId: string) {
  const found = await acceptancesOf(TABLES.core, accountId);
  const data = found.map(({ version, acceptedAt, acceptedBy, how }) => ({
    ...{ object: 'terms.acceptance' as const, version },
    ...{ accepted_at: acceptedAt, accepted_by: acceptedBy, how },
  }));
  return { body: { object: 'list' as const, data } };
}

export const handler = restHandler(
  route(acceptTerms, async ({ caller, input: { version } }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const tools = toolsFor(caller);
    const refusal = refuseTerms(version, tools.now, 'version');
    if (refusal) throw refusal;
    const acceptedAt = new Date(tools.now).toISOString();
    const { keyId: acceptedBy, address } = caller;
    await putAcceptance(tools, account, { version, acceptedAt, acceptedBy, how: 'accepted', address });
    const answer = await acceptances(account.accountId);
    if (answer.body.data.some(accepted => accepted.version === version)) return answer;
    throw new Refusal('wrong_state', 'another version was accepted at this moment; send the call again');
  }),

  route(listAcceptances, async ({ caller }) =>
    acceptances((await ownAccount(TABLES.core, caller.accountId)).accountId),
  ),

  route(readConsents, async ({ caller }) => ({
    body: describeConsents((await ownAccount(TABLES.core, caller.accountId)).consents),
  })),

  route(changeConsents, async ({ caller, input }) => {
    const { accountId, consents: before } = await ownAccount(TABLES.core, caller.accountId);
    const tools = toolsFor(caller);
    const at = new Date(tools.now).toISOString();
    const consents = changedConsents(before ?? {}, input, { by: caller.keyId, at });
    const { promotion, improvement } = consents;
    const detail = { promotion: promotion?.given ?? false, improvement: improvement?.given ?? false };
    const told = { action: 'consent.changed', subject: input.wording_version, detail } as const;
    const isDone = await changeAccount(tools, accountId, { set: { consents }, where: { consents: before } }, told);
    if (!isDone) throw new Refusal('wrong_state', 'the consents were changed at this moment; read them again');
    return { body: describeConsents(consents) };
  }),
);
