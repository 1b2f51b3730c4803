/** What an account was told of its balance and limits. */
import * as z from 'zod';
import { pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const ALERTS: Entry = {
  source: 'functions/alerts/alerts.lambda.ts',
  uses: { core: ['Query'] },
};

export const listAlerts = {
  entry: ALERTS,
  method: 'GET',
  path: '/v1/alerts',
  summary: 'Lists what the account was told of its balance and limits, newest first.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({
    limit: pageLimit,
    after: z
      .string()
      .regex(/^alrt_[0-9A-Za-z]{1,60}$/, 'it must be the id of an alert')
      .optional(),
  }),
  output: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('alert'),
        about: z.enum(['balance', 'daily_videos', 'key_spend']),
        level: z.int(),
        used: z.int(),
        limit: z.int(),
        period: z.string(),
        at: z.string(),
      }),
    ),
    has_more: z.boolean(),
  }),
} as const;

export const ALERT_LIST: Family = {
  name: 'Alerts',
  about:
    'What an account was told when 80 and 100 per cent of its balance, of its videos of a day or of a key were used.',
  dialect: 'platform',
  routes: { listAlerts },
  refuses: ['key_refused', 'account_not_active'],
};
