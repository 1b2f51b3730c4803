/** What plans there are, and where a caller stands in its own. */
import * as z from 'zod';
import { changePlan } from '../accounts/plan-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const LIMITS: Entry = {
  source: 'functions/usage/limits.lambda.ts',
  uses: { core: ['GetItem'] },
};

export const planObject = z.object({
  id: z.string(),
  object: z.literal('plan'),
  functions: z.array(z.string()),
  models: z.array(z.string()),
  qualities: z.array(z.string()),
  videos_per_day: z.int(),
  concurrency: z.int(),
  requests_per_second: z.int(),
  request_burst: z.int(),
  requests_per_day: z.int(),
  priority: z.int(),
  support_hours: z.int(),
});

const reading = { method: 'GET', permission: 'credits:read', capability: 'read', input: z.strictObject({}) } as const;

export const listPlans = {
  entry: LIMITS,
  ...reading,
  path: '/v1/plans',
  summary: 'Lists the plans, the smallest first.',
  roles: ['developer', 'reviewer', 'operator', 'finance'],
  metered: false,
  output: z.object({ object: z.literal('list'), data: z.array(planObject), has_more: z.literal(false) }),
} as const;

export const readLimits = {
  entry: LIMITS,
  ...reading,
  path: '/v1/limits',
  summary:
    'Says where the caller stands: what is used of its plan, its credits and its key, and when each starts again.',
  output: z.object({
    object: z.literal('limits'),
    plan: planObject,
    videos_today: z.object({ limit: z.int(), used: z.int(), remaining: z.int(), resets_at: z.string() }),
    unfinished: z.object({ limit: z.int(), used: z.int(), remaining: z.int() }),
    requests: z.object({ per_second: z.int(), burst: z.int(), per_day: z.int(), day_resets_at: z.string() }),
    credits: z.object({ available: z.int(), held: z.int() }),
    key: z
      .object({
        id: z.string(),
        spend_limit: z.int().nullable(),
        spent: z.int().nullable(),
        spendable: z.int().nullable(),
      })
      .nullable(),
  }),
} as const;

export const PLANS_AND_LIMITS: Family = {
  name: 'Plans and limits',
  about:
    'What each plan allows, and where the caller stands. The limits hold over all keys of an account, however many it has.',
  dialect: 'platform',
  routes: { listPlans, readLimits, changePlan },
  refuses: ['account_not_active', 'not_found', 'busy'],
};
