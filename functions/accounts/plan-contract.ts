/** An account's plan, as operators change it. */
import * as z from 'zod';
import { PLAN_NAMES } from '../catalogue/plans.ts';
import type { Entry } from '../http/route.ts';

const PLAN: Entry = {
  source: 'functions/accounts/change-plan.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], usagePlans: ['join'] },
};

export const changePlan = {
  entry: PLAN,
  method: 'PUT',
  path: '/v1/operators/accounts/{id}/plan',
  summary:
    'Puts an account on a plan, from its next request on. Sent again it is the same change; for another reason 409.',
  roles: ['operator'],
  input: z.strictObject({
    id: z.string().max(100).describe('The id of an account.'),
    plan: z
      .string()
      .max(40)
      .describe(`One of ${PLAN_NAMES.join(', ')}.`),
    reason: z.string().trim().min(1).max(500).describe('Why, for the audit trail.'),
  }),
  output: z.object({
    object: z.literal('account.plan').describe('What this is.'),
    account: z.string().describe('The id of the account.'),
    plan: z.string().describe('The plan that counts from its next request on.'),
    previous_plan: z.string().describe('The plan before; the same where it was opened with this plan.'),
  }),
  example: {
    path: { id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN' },
    body: { plan: 'scale', reason: 'contract 2026-114' },
    answer: {
      object: 'account.plan',
      account: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN',
      plan: 'scale',
      previous_plan: 'essential',
    },
  },
} as const;
