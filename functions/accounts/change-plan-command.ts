/**
 * Puts an account on a plan. The API Gateway key comes first, then one transaction switches plan and key together: after a
 * crash at any step the account is wholly on one plan, and at most a key is left that nobody uses.
 */
import type { Actor } from '../audit/event.ts';
import { PLAN_NAMES, type PlanName } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { transact } from '../data/transaction.ts';
import type { Account } from './account.ts';
import type { AccountDependencies } from './account-changes-store.ts';
import { findAccount } from './accounts-store.ts';
import { createGatewayKey, type GatewayKey } from './gateway-keys-client.ts';
import { findGatewayKey, keepGatewayKey, planWrites } from './plan-store.ts';

export interface PlanDependencies extends AccountDependencies {
  /** What the names of the usage plans begin with. */
  readonly usagePlans: string;
}

interface PlanRequest {
  readonly accountId: string;
  readonly plan: string;
  readonly reason: string;
  readonly actor: Actor;
}

/** Returns the plan that the account was on; throws a Refusal where there is no such account or plan. */
export async function changePlan(
  dependencies: PlanDependencies,
  { accountId, plan: requested, reason, actor }: PlanRequest,
): Promise<PlanName> {
  const plan = PLAN_NAMES.find(name => name === requested);
  if (!plan)
    throw new Refusal('invalid_parameter', `there is no plan ${requested}, but ${PLAN_NAMES.join(', ')}`, 'plan');
  const { tables, now, random } = dependencies;
  return transact(async () => {
    const account = await findAccount(tables.core, accountId);
    if (!account) throw new Refusal('not_found', `there is no account ${accountId}`, 'id');
    if (account.plan === plan) return { result: planBefore(account, reason) };
    const gatewayKey = await gatewayKeyFor(dependencies, account, plan);
    const context = { tables, actor, now: now(), random };
    return { result: account.plan, writes: planWrites(context, account, { plan, gatewayKey, reason }) };
  });
}

/** Of an account that is on the plan already: throws a Refusal where it was put there for another reason. */
function planBefore({ plan, planDecision }: Account, reason: string): PlanName {
  // It was opened with the plan: nobody decided anything that this could differ from.
  if (planDecision?.to !== plan) return plan;
  if (planDecision.reason === reason) return planDecision.from;
  throw new Refusal(
    'wrong_state',
    `the account was put on ${plan} already, for another reason; nothing was changed now`,
    'reason',
  );
}

/** An account that is not approved has no key yet: it is given one of its plan when it is. */
async function gatewayKeyFor(
  { tables: { core }, usagePlans, random }: PlanDependencies,
  { accountId, gatewayKeyId }: Account,
  plan: PlanName,
): Promise<GatewayKey | undefined> {
  if (gatewayKeyId === undefined) return undefined;
  const known = await findGatewayKey(core, accountId, plan);
  return known ?? keepGatewayKey(core, accountId, plan, await createGatewayKey(accountId, usagePlans, plan, random));
}
