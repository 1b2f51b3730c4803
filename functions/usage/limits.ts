/** Plans as the API shows them, and how much of its own a caller has used. Pure. */
import type { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { type StandingFields, standingAt } from '../accounts/standing.ts';
import { FUNCTIONS } from '../catalogue/functions.ts';
import { MODELS } from '../catalogue/models.ts';
import { PLANS, type Plan } from '../catalogue/plans.ts';
import { planWithin } from '../catalogue/standing-refusals.ts';
import { QUALITIES } from '../catalogue/video-request.ts';
import { type DatedLots, standingOf } from '../credits/lots.ts';
import type { StoredKey } from '../keys/key.ts';
import type { planObject, readLimits } from './limits-contract.ts';

const DAY_MS = 24 * 3600 * 1000;

/** What a plan does not narrow is shown whole: a reader need not know that absent means all. */
export function describePlan(plan: Plan): z.output<typeof planObject> {
  return {
    id: plan.name,
    object: 'plan',
    functions: [...(plan.functions ?? Object.keys(FUNCTIONS))],
    models: [...(plan.models ?? MODELS.map(({ name }) => name))],
    qualities: [...(plan.qualities ?? QUALITIES)],
    videos_per_day: plan.generationsPerDay,
    concurrency: plan.concurrency,
    open_streams: plan.openStreams,
    requests_per_second: plan.requestsPerSecond,
    request_burst: plan.requestBurst,
    requests_per_day: plan.requestsPerDay,
    priority: plan.priority,
    retention_days: plan.retentionDays,
    support_hours: plan.supportHours,
  };
}

export interface CallerUsage {
  readonly account: Pick<Account, 'plan' | 'available' | 'held' | 'running' | keyof StandingFields>;
  /** Videos started on this UTC day. */
  readonly started: number;
  /** The calling key's id and the limit it draws on; absent where a person calls. */
  readonly key?: { readonly id: string; readonly limit?: Pick<StoredKey, 'spendLimit' | 'spendable'> | undefined };
  /** Epoch ms. */
  readonly now: number;
  /** As they were counted last, where they were. */
  readonly lots?: DatedLots | undefined;
}

export function describeLimits({ account, started, key, now, lots }: CallerUsage): z.output<typeof readLimits.output> {
  const plan = PLANS[account.plan];
  const left = planWithin(plan, standingAt(account, now).restrictions);
  const midnight = new Date((Math.floor(now / DAY_MS) + 1) * DAY_MS).toISOString();
  const { spendLimit = null, spendable = null } = key?.limit ?? {};
  return {
    object: 'limits',
    plan: describePlan(plan),
    videos_today: { ...usedOf(left.generationsPerDay, started), resets_at: midnight },
    unfinished: usedOf(left.concurrency, account.running),
    // API Gateway counts requests; it is not called for this response.
    requests: {
      per_second: plan.requestsPerSecond,
      burst: plan.requestBurst,
      per_day: plan.requestsPerDay,
      day_resets_at: midnight,
    },
    credits: { available: account.available, held: account.held, lots: lots ? describeLots(lots) : null },
    key: key
      ? {
          id: key.id,
          spend_limit: spendLimit,
          spent: spendLimit === null || spendable === null ? null : spendLimit - spendable,
          spendable: spendable === null ? null : Math.max(0, spendable),
        }
      : null,
  };
}

function describeLots(lots: DatedLots) {
  const { granted, paid, next } = standingOf(lots);
  const next_expiry = next ? { expires_on: next.expiresOn, credits: next.credits } : null;
  return { as_of: lots.day, granted, paid, next_expiry };
}

/** After a change to a smaller plan more may be used than it allows. */
function usedOf(limit: number, used: number) {
  return { limit, used, remaining: Math.max(0, limit - used) };
}
