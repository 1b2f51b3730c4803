import type { Account } from '../accounts/account.ts';
import { describeMembers } from '../accounts/account-object.ts';
import { statusChange } from '../accounts/account-write.ts';
import { knownAccount } from '../accounts/accounts-store.ts';
import { changeAccount } from '../accounts/change-store.ts';
import { createGatewayKey } from '../accounts/gateway-keys.ts';
import { type LetterName, letter } from '../accounts/letters.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { actorOf } from '../audit/event.ts';
import { type AccountStatus, STATUS_ACTIONS } from '../catalogue/account-status.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { refuseRegion } from '../catalogue/regions.ts';
import { route } from '../http/api-handler.ts';
import type { Caller } from '../http/request-context.ts';
import { sendMail } from '../runtime/mail.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { changeAccountStatus, decideQualification } from './operators-contract.ts';
import { type Decision, OPENING_CREDITS, refuseDecision } from './qualification.ts';
import { findSubmission, putDecision } from './submissions-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const LEDGER_TABLE = setting('LEDGER_TABLE');
const MAIL_FROM = setting('MAIL_FROM');
const REFUSED_REGIONS = setting('REFUSED_REGIONS').split(',').filter(Boolean);
/** What the names of the usage plans begin with. */
const USAGE_PLANS = setting('USAGE_PLANS');

const toolsFor = (caller: Caller) => ({ tables: TABLES, actor: actorOf(caller), now: now(), random });

/** Tells the account's people, and answers what it has come to. */
async function told(accountId: string, name: LetterName, members: Record<string, string | number>) {
  const account = await knownAccount(TABLES.core, accountId);
  if (account.email !== undefined) {
    await sendMail(MAIL_FROM, account.email, letter(name, { name: account.name, ...members }));
  }
  return { body: describeMembers(account) };
}

/**
 * What API Gateway counts an approved account by. It is made before the transaction: if that is refused, a key is left that
 * counts nothing for nobody, and no account without one.
 */
async function gatewayKeyOf({ accountId, plan, gatewayKeyId }: Account, decision: Decision) {
  if (decision.outcome !== 'approve' || gatewayKeyId !== undefined) return {};
  return { gatewayKey: await createGatewayKey(accountId, USAGE_PLANS, plan, random) };
}

export const handler = restHandler(
  route(decideQualification, async ({ caller, input }) => {
    const { id, submission: version, decision: outcome, reason, commercial_authorisation: commercial = false } = input;
    const judge = async (account: Account) =>
      refuseDecision(account, await findSubmission(TABLES.core, id, version), { version, outcome, reason });
    const account = await knownAccount(TABLES.core, id);
    const refusal = await judge(account);
    const members = {
      ...{ reason, credits: OPENING_CREDITS },
      commercial: commercial ? 'authorised' : 'not authorised',
    };
    // Said twice is said once; the letter may come twice.
    if (refusal === 'repeated') return told(id, outcome, members);
    const unserved = outcome === 'approve' ? refuseRegion(account.country ?? '', REFUSED_REGIONS) : undefined;
    const wrong = refusal ?? unserved;
    if (wrong) throw wrong;
    const tools = { ...toolsFor(caller), ledger: LEDGER_TABLE };
    const decidedAt = new Date(tools.now).toISOString();
    const decision = { outcome, reason, commercialAuthorisation: commercial, decidedAt, decidedBy: caller.keyId };
    const isDone = await putDecision(tools, {
      ...{ account, version, decision },
      ...(await gatewayKeyOf(account, decision)),
    });
    if (!isDone && (await judge(await knownAccount(TABLES.core, id))) !== 'repeated') {
      throw new Refusal('wrong_state', `submission ${version} was decided at this moment; read it again`);
    }
    return told(id, outcome, members);
  }),

  route(changeAccountStatus, async ({ caller, input: { id, action, reason } }) => {
    const account = await knownAccount(TABLES.core, id);
    const { from, to }: { from: readonly AccountStatus[]; to: AccountStatus } = STATUS_ACTIONS[action];
    if (account.status === to && account.statusReason === reason) return told(id, action, { reason });
    if (!from.includes(account.status)) {
      throw new Refusal(
        'wrong_state',
        `this account is ${account.status}: ${action} is for ${from.join(' or ')}`,
        'action',
      );
    }
    const tools = toolsFor(caller);
    const change = statusChange(to, new Date(tools.now).toISOString(), { from: [account.status], reason });
    const detail = { before: account.status, after: to };
    const isDone = await changeAccount(tools, id, change, { action: 'account.status_changed', reason, detail });
    if (!isDone) throw new Refusal('wrong_state', 'the status was changed at this moment; read the account again');
    return told(id, action, { reason });
  }),
);
