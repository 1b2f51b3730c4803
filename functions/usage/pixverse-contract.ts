/** What a caller can read of its credits, in the PixVerse dialect. */
import * as z from 'zod';
import { isMoment } from '../http/moment-contract.ts';
import { hasMore, pageNumber } from '../http/page-contract.ts';
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
  output: z.object({
    account_id: z.int().describe('Your account.'),
    credit_monthly: z.int().describe('Credits that come with the plan each month.'),
    credit_package: z.int().describe('Credits that were bought or given.'),
  }),
  example: { answer: { account_id: 250470018834220, credit_monthly: 0, credit_package: 14965 } },
} as const;

/** UTC. */
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'it must be YYYY-MM-DD HH:mm:ss, in UTC')
  .refine(text => isMoment(`${text.replace(' ', 'T')}Z`), 'there is no such moment');

export const usageDetail = {
  entry: DETAIL,
  method: 'POST',
  path: '/openapi/v2/account/billing/usage-detail',
  summary: 'Lists what was spent and given back within at most 30 days, newest first, page by page.',
  permission: 'credits:read',
  input: z.looseObject({
    start_time: moment.describe('The beginning, `YYYY-MM-DD HH:mm:ss` in UTC.'),
    end_time: moment.describe('The end, at most 30 days later.'),
    limit: pageNumber(100).describe('How many on a page; 20 where left out.'),
    cursor: z.string().max(512).optional().describe('The `next_cursor` of the page before.'),
    credits_status: z.string().optional().describe('`consume` or `refund`; both where left out.'),
    creation_type: z
      .union([z.string().transform(type => (type === '' ? [] : [type])), z.array(z.string())])
      .optional()
      .describe('One kind of creation or several; all where left out or empty.'),
  }),
  output: z.object({
    items: z
      .array(
        z.object({
          id: z.string().describe('The entry in the ledger.'),
          video_id: z.int().describe('The creation that it was for.'),
          creation_type: z.string().describe('What was made.'),
          credits: z.int().describe('How many credits.'),
          credits_status: z.enum(['consume', 'refund']).describe('`consume`: held for it. `refund`: given back.'),
          create_time: z.string().describe('`YYYY-MM-DD HH:mm:ss`, UTC.'),
        }),
      )
      .describe('Those on this page, newest first.'),
    next_cursor: z.string().describe('For the next page; empty on the last.'),
    has_more: hasMore,
  }),
  example: {
    body: { start_time: '2026-11-01 00:00:00', end_time: '2026-11-23 23:59:59', limit: 1 },
    answer: {
      items: [
        {
          id: 'job#250473926504802#hold',
          video_id: 250473926504802,
          creation_type: 'text_to_video',
          credits: 35,
          credits_status: 'consume',
          create_time: '2026-11-23 04:13:57',
        },
      ],
      next_cursor: 'WyIyMDI2LTExLTIzVDA0OjEzOjU3LjAwMFoiLCJqb2IjMjUwNDczOTI2NTA0ODAyI2hvbGQiXQ',
      has_more: true,
    },
  },
} as const;

export const CREDITS: Family = {
  name: 'Account',
  about: 'Credits: what can be spent, and what was spent and given back.',
  dialect: 'pixverse',
  routes: { balance, usageDetail },
  refuses: ['account_not_active'],
};
