/** What plans there are, and how much of its own plan a caller has used. */
import * as z from 'zod';
import { changePlan } from '../accounts/plan-contract.ts';
import { FUNCTIONS } from '../catalogue/functions.ts';
import { MODELS } from '../catalogue/models.ts';
import { QUALITIES } from '../catalogue/video-request.ts';
import { wholeList } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const LIMITS: Entry = {
  source: 'functions/usage/limits.lambda.ts',
  uses: { core: ['GetItem', 'Query'] },
};

export const planObject = z
  .object({
    id: z.string().describe('The name of the plan.'),
    object: z.literal('plan').describe('What this is.'),
    functions: z.array(z.string()).describe('What may be made.'),
    models: z.array(z.string()).describe('With which models.'),
    qualities: z.array(z.string()).describe('In which qualities.'),
    videos_per_day: z.int().describe('Videos that may be started a UTC day.'),
    concurrency: z.int().describe('Videos that may be unfinished at once.'),
    open_streams: z.int().describe('Downloads and event streams that may be open at once.'),
    requests_per_second: z.int().describe('Requests of any kind a second, sustained.'),
    request_burst: z.int().describe('Requests at once.'),
    requests_per_day: z.int().describe('Requests a UTC day.'),
    priority: z.int().describe('Its weight in the fair queue; the smallest plan has 1.'),
    retention_days: z.int().describe('Days that videos and uploads are kept.'),
    support_hours: z.int().describe('Within how many hours support answers.'),
  })
  .meta({ id: 'Plan', description: 'A plan: what it allows.' });

const TRIAL = {
  id: 'trial',
  object: 'plan',
  functions: ['text_to_video', 'image_to_video', 'transition', 'sound_effect', 'lip_sync', 'extend'],
  models: MODELS.map(({ name }) => name),
  qualities: ['360p', '540p'],
  videos_per_day: 20,
  concurrency: 1,
  open_streams: 4,
  requests_per_second: 2,
  request_burst: 10,
  requests_per_day: 2000,
  priority: 1,
  retention_days: 30,
  support_hours: 72,
};

const ESSENTIAL = {
  id: 'essential',
  object: 'plan',
  functions: Object.keys(FUNCTIONS),
  models: MODELS.map(({ name }) => name),
  qualities: QUALITIES,
  videos_per_day: 1000,
  concurrency: 5,
  open_streams: 20,
  requests_per_second: 10,
  request_burst: 40,
  requests_per_day: 50_000,
  priority: 1,
  retention_days: 90,
  support_hours: 24,
};

export const listPlans = {
  entry: LIMITS,
  method: 'GET',
  path: '/v1/plans',
  summary: 'Lists the plans, the smallest first.',
  permission: 'credits:read',
  roles: ['developer', 'reviewer', 'operator', 'finance'],
  capability: 'read',
  metered: false,
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(planObject).describe('All plans, the smallest first.'),
    has_more: wholeList,
  }),
  example: { answer: { object: 'list', data: [TRIAL], has_more: false } },
} as const;

const usage = {
  limit: z.int().describe('What the plan allows, or what a restriction of the account leaves of it.'),
  used: z.int().describe('How much of it is used.'),
  remaining: z.int().describe('How much of it is left.'),
};
const resetsAt = z.string().describe('When the count starts again, UTC.');

export const readLimits = {
  entry: LIMITS,
  method: 'GET',
  path: '/v1/limits',
  summary: 'Reads how much of its plan, its credits and its key the caller has used, and when each count starts again.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('limits').describe('What this is.'),
    plan: planObject.describe('The plan, as it is at this moment.'),
    videos_today: z
      .object({ ...usage, resets_at: resetsAt })
      .describe('Videos that were started on this UTC day, with all keys of the account.'),
    unfinished: z.object(usage).describe('Videos that are not finished.'),
    requests: z
      .object({
        per_second: z.int().describe('Requests a second, sustained.'),
        burst: z.int().describe('Requests at once.'),
        per_day: z.int().describe('Requests a UTC day.'),
        day_resets_at: resetsAt,
      })
      .describe('Requests of any kind: the gateway counts them, and responds 429 to more.'),
    credits: z
      .object({
        available: z.int().describe('Credits that can be spent.'),
        held: z.int().describe('Credits that unfinished videos hold.'),
        lots: z
          .object({
            as_of: z
              .string()
              .describe('The UTC day at whose end they stood so: the last with entries that was counted.'),
            granted: z.int().describe('Left of credits that were given, which are used first.'),
            paid: z.int().describe('Left of credits that were bought, which do not end.'),
            next_expiry: z
              .object({
                expires_on: z.string().describe('The UTC day with whose beginning they end.'),
                credits: z.int().describe('How many end, where none are used.'),
              })
              .nullable()
              .describe('What ends next; null where nothing does.'),
          })
          .nullable()
          .describe('What they are of, as it is counted each night; null before the first.'),
      })
      .describe('The credits of the account, which all keys share.'),
    key: z
      .object({
        id: z.string().describe('The id of the key.'),
        spend_limit: z.int().nullable().describe('Credits that it may spend in all; null where it has no limit.'),
        spent: z.int().nullable().describe('What it has spent of the limit.'),
        spendable: z.int().nullable().describe('What is left of the limit.'),
      })
      .nullable()
      .describe('The calling key; null where a person calls.'),
  }),
  example: {
    answer: {
      object: 'limits',
      plan: ESSENTIAL,
      videos_today: { limit: 1000, used: 212, remaining: 788, resets_at: '2026-11-25T00:00:00.000Z' },
      unfinished: { limit: 5, used: 1, remaining: 4 },
      requests: { per_second: 10, burst: 40, per_day: 50_000, day_resets_at: '2026-11-25T00:00:00.000Z' },
      credits: {
        available: 14_965,
        held: 35,
        lots: {
          as_of: '2026-11-23',
          granted: 300,
          paid: 14_700,
          next_expiry: { expires_on: '2027-03-01', credits: 300 },
        },
      },
      key: { id: 'key_019f2a6a0c00Tq5vWxYz7AbCdE', spend_limit: 10_000, spent: 1240, spendable: 8760 },
    },
  },
} as const;

export const PLANS_AND_LIMITS: Family = {
  name: 'Plans and limits',
  about:
    'What each plan allows, and how much of it the caller has used. The limits hold over all keys of an account, however many it has.',
  dialect: 'platform',
  routes: { listPlans, readLimits, changePlan },
  refuses: ['account_not_active', 'not_found', 'busy'],
};
