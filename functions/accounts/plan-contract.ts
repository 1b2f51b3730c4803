/** An account's plan, as operators change it. */
import * as z from 'zod';
import type { Entry } from '../http/route.ts';

const PLAN: Entry = {
  source: 'functions/accounts/change-plan.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], usagePlans: ['join'] },
};

export const changePlan = {
  entry: PLAN,
  method: 'PUT',
  path: '/v1/operators/accounts/{id}/plan',
  summary: 'Puts an account on a plan, from its next request on.',
  roles: ['operator'],
  input: z.strictObject({
    id: z.string().max(100),
    plan: z.string().max(40),
    reason: z.string().trim().min(1).max(500),
  }),
  output: z.object({
    object: z.literal('account.plan'),
    account: z.string(),
    plan: z.string(),
    previous_plan: z.string(),
  }),
} as const;
