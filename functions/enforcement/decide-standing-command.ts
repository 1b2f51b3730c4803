/** What operators decide about the standing of an account: each is one transaction, and the same call is the same decision. */
import type { z } from 'zod';
import { knownAccount } from '../accounts/accounts-store.ts';
import type { Measure } from '../accounts/standing.ts';
import { actorOf } from '../audit/event.ts';
import { nextOf, proposed } from '../audit/second-person.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { Restriction } from '../catalogue/standing.ts';
import { type Attempt, transact } from '../data/transaction.ts';
import type { Caller } from '../http/caller.ts';
import { prefixedId } from '../runtime/ids.ts';
import { changeWrites, type EnforcementDependencies, type StandingChange } from './decision-store.ts';
import { addMeasure, MOST_MEASURES, refuseAction, STEP_OF, standingOf, terminate } from './ladder.ts';
import {
  type Finding,
  followersOf,
  isViolation,
  type MeasureRecord,
  refuseTermination,
  termsOf,
  withoutFinding,
} from './measure.ts';
import type { decideStanding as contract } from './operators-contract.ts';
import { rectificationEnd, rectificationWrite } from './rectification-store.ts';
import { findFinding, findingsOf, findState, liftWrite, measureWrite, rectifiedWrite } from './standing-store.ts';
import { findOrder, orderWrite, proposalWrite } from './termination-store.ts';

type Input = z.output<typeof contract.input>;

/** `done`, by this call or by the same one before; `awaiting_second_person` where another has to send it too. */
export type StandingDecided = 'done' | 'awaiting_second_person';

type Reached = Pick<StandingChange, 'account' | 'before' | 'actor' | 'at'>;

/** Throws a Refusal where the standing does not allow it. */
export function decideStanding(
  dependencies: EnforcementDependencies,
  caller: Caller,
  input: Input,
): Promise<StandingDecided> {
  const { tables, now } = dependencies;
  return transact<StandingDecided>(async () => {
    const before = await findState(tables.core, input.id);
    const account = await knownAccount(tables.core, input.id);
    const reached: Reached = { account, before, actor: actorOf(caller), at: now() };
    const { action } = input;
    if (action === 'lift' || action === 'rectified') return resolve(dependencies, reached, input);
    if (action === 'terminate') return order(dependencies, caller, reached, input);
    return impose(dependencies, caller, reached, input);
  });
}

async function impose(
  dependencies: EnforcementDependencies,
  caller: Caller,
  reached: Reached,
  input: Input,
): Promise<Attempt<StandingDecided>> {
  const { tables, random } = dependencies;
  const { account, before, at } = reached;
  const { accountId } = account;
  const { action, reason, until, rectify_by: rectifyBy, urgent } = input;
  const step = STEP_OF[action];
  if (step === undefined) throw new Error(`${action} sets no step`);
  const restriction = input.restriction && restrictionOf(input.restriction);
  const terms = termsOf({ action, reason, until: until ?? null, rectifyBy: rectifyBy ?? null, restriction });
  const findings = await findingsOf(tables.core, accountId);
  if (findings.some(each => !isViolation(each) && each.terms === terms && each.state === 'in_force')) {
    return { result: 'done' };
  }
  const refusal = refuseAction(standingOf(before, at).step, action, { urgent }) ?? refuseMembers(input, at);
  if (refusal) throw refusal;
  if (before.measures.length >= MOST_MEASURES) {
    throw new Refusal('wrong_state', `${MOST_MEASURES} measures are in force already: lift one first`, 'action');
  }
  const measure: Measure = {
    id: prefixedId('meas', at, random),
    step,
    ...(until !== undefined && { untilMs: Date.parse(until) }),
    ...(restriction && { restriction }),
  };
  const record: MeasureRecord = {
    ...measure,
    state: 'in_force',
    reason,
    decidedBy: caller.id,
    decidedAt: new Date(at).toISOString(),
    terms,
    ...(rectifyBy !== undefined && { rectifyBy }),
  };
  return {
    result: 'done',
    writes: {
      measure: measureWrite(tables.core, accountId, record),
      ...(rectifyBy !== undefined && {
        due: rectificationWrite(tables.core, { accountId, subject: measure.id, by: rectifyBy }),
      }),
      ...changeWrites(dependencies, {
        ...reached,
        after: addMeasure(before, measure, at),
        details: { action: 'standing.changed', subject: measure.id, reason, detail: { decision: action } },
        mail: { template: step, reason, rectifyBy },
      }),
    },
  };
}

type Given = NonNullable<Input['restriction']>;

function restrictionOf({ functions, models, quota_share, concurrency_share, uploads_refused }: Given): Restriction {
  return {
    functions,
    models,
    quotaShare: quota_share,
    concurrencyShare: concurrency_share,
    uploadsRefused: uploads_refused,
  };
}

/** Why the members do not go together; `at` is epoch ms. */
function refuseMembers({ action, restriction, until, rectify_by }: Input, at: number): Refusal | undefined {
  if (action === 'restrict' && until === undefined) {
    return new Refusal('missing_parameter', 'until is required: a restriction ends on a date', 'until');
  }
  if (action === 'restrict' && restriction === undefined) {
    return new Refusal('missing_parameter', 'restriction is required: it names what is taken away', 'restriction');
  }
  if (action !== 'restrict' && restriction !== undefined) {
    return new Refusal('invalid_parameter', `restriction is for restrict, and this is ${action}`, 'restriction');
  }
  for (const [field, moment] of Object.entries({ until, rectify_by })) {
    if (moment !== undefined && Date.parse(moment) <= at) {
      return new Refusal('invalid_parameter', `${field} must be a moment to come`, field);
    }
  }
  return undefined;
}

/** Lifts a finding, or notes that it was rectified: then what followed as it was not is lifted alone. */
async function resolve(
  dependencies: EnforcementDependencies,
  reached: Reached,
  { action, subject, reason }: Input,
): Promise<Attempt<StandingDecided>> {
  const { tables } = dependencies;
  const { account, before, at } = reached;
  const { accountId } = account;
  const finding = subject === undefined ? undefined : await findFinding(tables.core, accountId, subject);
  if (!finding) {
    throw new Refusal('not_found', 'subject must be the id of a violation or a measure of this account', 'subject');
  }
  if (wasDone(finding, action, reason)) return { result: 'done' };
  if (finding.state !== 'in_force') throw new Refusal('wrong_state', 'this is lifted already', 'subject');
  if (action === 'rectified' && (finding.rectifyBy === undefined || finding.rectifiedAt !== undefined)) {
    const why = finding.rectifyBy === undefined ? 'has no date to be rectified by' : 'is rectified already';
    throw new Refusal('wrong_state', `this ${why}`, 'subject');
  }
  const followers = followersOf(before, finding);
  const lifted = action === 'lift' ? [finding.id, ...followers] : followers;
  const after =
    action === 'lift'
      ? withoutFinding(before, finding, at)
      : { ...withoutFollowers(before, followers), revision: before.revision + 1 };
  const isLift = action === 'lift';
  return {
    result: 'done',
    writes: {
      ...(!isLift && { finding: rectifiedWrite(tables.core, accountId, finding.id, { at, reason }) }),
      ...Object.fromEntries(lifted.map(id => [`lift ${id}`, liftWrite(tables.core, accountId, id, { at, reason })])),
      ...(finding.rectifyBy !== undefined && {
        due: rectificationEnd(tables.core, { accountId, subject: finding.id, by: finding.rectifyBy }, at),
      }),
      ...changeWrites(dependencies, {
        ...reached,
        after,
        details: isLift
          ? { action: 'standing.changed', subject: finding.id, reason, detail: { decision: action } }
          : { action: 'standing.rectified', subject: finding.id, reason },
        mail: { template: isLift ? 'standing_lifted' : 'rectified', reason },
      }),
    },
  };
}

const withoutFollowers = (state: Reached['before'], followers: readonly string[]): Reached['before'] => ({
  ...state,
  measures: state.measures.filter(({ id }) => !followers.includes(id)),
});

function wasDone(finding: Finding, action: Input['action'], reason: string): boolean {
  return action === 'lift'
    ? finding.state === 'lifted' && finding.liftReason === reason
    : finding.rectifiedAt !== undefined && finding.rectifyReason === reason;
}

/** Proposes that the service ends for the account, or orders it where another has proposed it (7.2a). */
async function order(
  dependencies: EnforcementDependencies,
  caller: Caller,
  reached: Reached,
  { reason }: Input,
): Promise<Attempt<StandingDecided>> {
  const { tables } = dependencies;
  const { account, before, at } = reached;
  const { accountId } = account;
  const called = proposed(termsOf({ reason }), { personId: caller.id, now: at });
  const proposal = await findOrder(tables.core, accountId);
  const next = nextOf(proposal, called);
  if (next === 'differs') {
    throw new Refusal('wrong_state', 'its termination was proposed for another reason: send that one', 'reason');
  }
  const { step } = standingOf(before, at);
  if (step === 'terminated' && next === 'do') return { result: 'done' };
  const refusal =
    refuseTermination(step, await findingsOf(tables.core, accountId), at) ?? refuseAction(step, 'terminate');
  if (refusal) throw refusal;
  if (next === 'wait') return { result: 'awaiting_second_person' };
  if (next === 'propose') {
    return {
      result: 'awaiting_second_person',
      writes: {
        proposal: proposalWrite(tables.core, accountId, called, at),
        ...changeWrites(dependencies, {
          ...reached,
          after: before,
          details: { action: 'standing.termination_proposed', reason },
        }),
      },
    };
  }
  return {
    result: 'done',
    writes: {
      order: orderWrite(tables.core, accountId, called, at),
      ...changeWrites(dependencies, {
        ...reached,
        after: terminate(before, at),
        details: { action: 'standing.terminated', reason, detail: { firstBy: proposal?.firstBy ?? '' } },
        mail: { template: 'terminated', reason },
        type: 'account.termination_ordered',
      }),
    },
  };
}
