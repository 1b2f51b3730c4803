/** What a caller can read of its credits, in the PixVerse dialect. */
import * as z from 'zod';
import type { Entry, Family } from '../http/route.ts';

const BALANCE: Entry = {
  source: 'functions/usage/balance.lambda.ts',
  uses: { core: ['GetItem'] },
};

const DETAIL: Entry = {
  source: 'functions/usage/usage-detail.lambda.ts',
  uses: { ledger: ['Query byTime'] },
};

export const balance = {
  entry: BALANCE,
  method: 'GET',
  path: '/openapi/v2/account/balance',
  summary: 'Reads the credits that can be spent now.',
  permission: 'credits:read',
  input: z.looseObject({}),
  output: z.object({ account_id: z.int(), credit_monthly: z.int(), credit_package: z.int() }),
} as const;

/** UTC. */
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'it must be YYYY-MM-DD HH:mm:ss, in UTC')
  .refine(text => !Number.isNaN(Date.parse(`${text.replace(' ', 'T')}Z`)), 'there is no such moment');

export const usageDetail = {
  entry: DETAIL,
  method: 'POST',
  path: '/openapi/v2/account/billing/usage-detail',
  summary: 'Lists what was spent and given back within at most 30 days, newest first, page by page.',
  permission: 'credits:read',
  input: z.looseObject({
    start_time: moment,
    end_time: moment,
    limit: z.int().min(1).max(100).optional(),
    cursor: z.string().max(512).optional(),
    /** `consume` or `refund`; both where absent. */
    credits_status: z.string().optional(),
    /** All where absent or empty. */
    creation_type: z.union([z.string().transform(type => [type]), z.array(z.string())]).optional(),
  }),
  output: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        video_id: z.int(),
        creation_type: z.string(),
        credits: z.int(),
        credits_status: z.enum(['consume', 'refund']),
        create_time: z.string(),
      }),
    ),
    next_cursor: z.string(),
    has_more: z.boolean(),
  }),
} as const;

export const CREDITS: Family = {
  name: 'Account',
  about: 'Credits: what can be spent, and what was spent and given back.',
  dialect: 'pixverse',
  routes: { balance, usageDetail },
  refuses: ['account_not_active'],
};
