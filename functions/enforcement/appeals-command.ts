/** Appeals of accounts against what was recorded or decided of them, and the decisions about these. */
import { knownAccount, ownAccount } from '../accounts/accounts-store.ts';
import { actorOf } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { RETRY, transact } from '../data/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { type Appeal, appealWrites, decisionWrites, findAppeal } from './appeals-store.ts';
import { changeWrites, type EnforcementDependencies } from './decision-store.ts';
import { followersOf, isViolation, withoutFinding } from './measure.ts';
import { rectificationEnd } from './rectification-store.ts';
import { findFinding, findState, liftWrite } from './standing-store.ts';

function noSuchFinding(field: string): Refusal {
  return new Refusal(
    'not_found',
    'there is no such violation or measure of this account: GET /v1/account/standing lists them',
    field,
  );
}

/** Throws a Refusal where there is no such thing, it is lifted, or it was appealed against in other words. */
export async function appeal(
  dependencies: EnforcementDependencies,
  caller: Caller,
  { subject, text }: { readonly subject: string; readonly text: string },
): Promise<Appeal> {
  const { tables, now } = dependencies;
  const account = await ownAccount(tables.core, caller.accountId);
  const { accountId } = account;
  return transact<Appeal>(async () => {
    const finding = await findFinding(tables.core, accountId, subject);
    if (!finding) throw noSuchFinding('subject');
    const at = now();
    const made: Appeal = { accountId, subject, text, createdAt: new Date(at).toISOString(), state: 'open' };
    const before = await findAppeal(tables.core, accountId, subject);
    if (before) return { result: repeated(before, text) };
    if (finding.state !== 'in_force') {
      throw new Refusal('wrong_state', 'this is lifted already: there is nothing to appeal against', 'subject');
    }
    const state = await findState(tables.core, accountId);
    return {
      result: made,
      writes: {
        ...appealWrites(tables.core, made),
        ...changeWrites(dependencies, {
          account,
          before: state,
          after: state,
          actor: actorOf(caller),
          // Not its text, which may quote what was asked for: the appeal has it.
          details: { action: 'standing.appealed', subject },
          at,
        }),
      },
    };
  });
}

function repeated(before: Appeal, text: string): Appeal {
  if (before.text === text) return before;
  throw new Refusal(
    'wrong_state',
    `this was appealed against already, at ${before.createdAt}, and is ${before.state}; nothing was changed now`,
    'subject',
  );
}

export interface AppealDecision {
  readonly id: string;
  readonly subject: string;
  readonly decision: 'uphold' | 'reject';
  readonly reason: string;
}

const STATES = { uphold: 'upheld', reject: 'rejected' } as const;

/** What was taken is given back where it is upheld: exactly that, with what followed from it. */
export async function decideAppeal(
  dependencies: EnforcementDependencies,
  caller: Caller,
  { id: accountId, subject, decision, reason }: AppealDecision,
): Promise<Appeal> {
  const { tables, now } = dependencies;
  const state = STATES[decision];
  return transact<Appeal>(async () => {
    const before = await findState(tables.core, accountId);
    const account = await knownAccount(tables.core, accountId);
    const [appealed, finding] = await Promise.all([
      findAppeal(tables.core, accountId, subject),
      findFinding(tables.core, accountId, subject),
    ]);
    if (!appealed || !finding) throw new Refusal('not_found', 'there is no such appeal of this account', 'subject');
    if (appealed.state !== 'open') return { result: decidedAlready(appealed, state, reason) };
    if (!isViolation(finding) && finding.decidedBy === caller.id) {
      throw new Refusal(
        'no_permission',
        'you decided what this appeal is against: another person decides about it',
        'subject',
      );
    }
    const at = now();
    const isLifted = state === 'upheld' && finding.state === 'in_force';
    const after = isLifted ? withoutFinding(before, finding, at) : before;
    const lifted = isLifted ? [subject, ...followersOf(before, finding)] : [];
    const due = isLifted && finding.rectifyBy !== undefined ? finding.rectifyBy : undefined;
    const decided = { state, reason, decidedBy: caller.id, at };
    return {
      result: { ...appealed, state, reason, decidedBy: caller.id, decidedAt: new Date(at).toISOString() },
      writes: {
        ...decisionWrites(tables.core, appealed, decided),
        ...Object.fromEntries(lifted.map(each => [`lift ${each}`, liftWrite(tables.core, accountId, each, decided)])),
        ...(due !== undefined && { due: rectificationEnd(tables.core, { accountId, subject, by: due }, at) }),
        ...changeWrites(dependencies, {
          account,
          before,
          after,
          actor: actorOf(caller),
          details: { action: 'standing.appeal_decided', subject, reason, detail: { decision: state } },
          mail: { template: `appeal_${state}`, reason },
          at,
        }),
      },
      refused: () => RETRY,
    };
  });
}

function decidedAlready(appealed: Appeal, state: Appeal['state'], reason: string): Appeal {
  if (appealed.state === state && appealed.reason === reason) return appealed;
  throw new Refusal(
    'wrong_state',
    `this appeal was ${appealed.state} already, at ${appealed.decidedAt}; nothing was changed now`,
    'decision',
  );
}
