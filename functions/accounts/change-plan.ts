/**
 * Puts an account on a plan. The gateway key comes first, then one transaction switches plan and key together: after a
 * crash at any step the account is wholly on one plan, and at most a key is left that nobody uses.
 */
import { type Actor, auditEvent } from '../audit/event.ts';
import { PLAN_NAMES, type PlanName } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { Random } from '../runtime/ids.ts';
import type { Account } from './account.ts';
import { findAccount } from './accounts-store.ts';
import { createGatewayKey, type GatewayKey } from './gateway-keys.ts';
import { findGatewayKey, keepGatewayKey, putPlan } from './plan-store.ts';

export interface PlanPlace {
  readonly tables: { readonly core: string; readonly audit: string };
  /** What the names of the usage plans begin with. */
  readonly usagePlans: string;
}

interface Wanted {
  readonly accountId: string;
  readonly plan: string;
  readonly reason: string;
}

/** Submissions of the account may be in the way: 10 times reach over ten seconds. */
const RETRIES = 10;
const LONGEST_PAUSE_MS = 2_000;

/** The plan that the account was on; throws a Refusal where there is no such account or plan. */
export async function changePlan(
  { tables, usagePlans }: PlanPlace,
  { accountId, plan: asked, reason }: Wanted,
  tools: { actor: Actor; now: number; random: Random; pause: (ms: number) => Promise<void> },
): Promise<PlanName> {
  const plan = PLAN_NAMES.find(name => name === asked);
  if (!plan) throw new Refusal('invalid_parameter', `there is no plan ${asked}, but ${PLAN_NAMES.join(', ')}`, 'plan');
  for (let tries = 1; tries <= RETRIES; tries++) {
    const account = await findAccount(tables.core, accountId);
    if (!account) throw new Refusal('not_found', `there is no account ${accountId}`, 'id');
    if (account.plan === plan) return plan;
    const gatewayKey = await gatewayKeyOf(tables.core, account, plan, usagePlans, tools.random);
    const told = { accountId, action: 'account.plan_changed', subject: accountId, reason } as const;
    const event = auditEvent(tools.actor, { ...told, detail: { from: account.plan, to: plan } }, tools);
    if (await putPlan(tables, account, { plan, gatewayKey }, event)) return account.plan;
    await tools.pause(Math.min(2 ** tries * 5, LONGEST_PAUSE_MS));
  }
  throw new Refusal('busy', 'this account is being used too much at this moment to change its plan; send it again');
}

/** An account that is not approved has no key yet: it is given one of its plan when it is. */
async function gatewayKeyOf(
  table: string,
  { accountId, gatewayKeyId }: Account,
  plan: PlanName,
  usagePlans: string,
  random: Random,
): Promise<GatewayKey | undefined> {
  if (gatewayKeyId === undefined) return undefined;
  const known = await findGatewayKey(table, accountId, plan);
  if (known) return known;
  return keepGatewayKey(table, accountId, plan, await createGatewayKey(accountId, usagePlans, plan, random));
}
