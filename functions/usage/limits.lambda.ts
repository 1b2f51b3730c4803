import { findAccount, videosStarted } from '../accounts/accounts-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { PLAN_NAMES, PLANS } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { keptLots } from '../credits/lots-store.ts';
import { utcDay } from '../data/day-shard.ts';
import { route } from '../http/api-handler.ts';
import { wholeList } from '../http/page.ts';
import { keyByHash } from '../keys/keys-store.ts';
import { now, setting } from '../runtime/runtime.ts';
import { describeLimits, describePlan } from './limits.ts';
import { listPlans, readLimits } from './limits-contract.ts';

const CORE_TABLE = setting('CORE_TABLE');

export const handler = restHandler(
  route(listPlans, async () => ({
    body: wholeList(PLAN_NAMES.map(name => describePlan(PLANS[name]))),
  })),
  // Four reads at most, whatever the account holds.
  route(readLimits, async ({ caller }) => {
    const { accountId } = caller;
    const spendLimit = caller.kind === 'key' ? caller.spendLimit : undefined;
    const at = now();
    const [account, started, limit, lots] = await Promise.all([
      findAccount(CORE_TABLE, accountId),
      videosStarted(CORE_TABLE, accountId, utcDay(at)),
      spendLimit ? keyByHash(CORE_TABLE, spendLimit.keyHash) : undefined,
      keptLots(CORE_TABLE, accountId, utcDay(at)),
    ]);
    if (!account) throw new Refusal('account_not_active', 'this account does not exist');
    const key = caller.kind === 'key' ? { id: caller.id, limit } : undefined;
    return { body: describeLimits({ account, started, now: at, lots, ...(key && { key }) }) };
  }),
);
