/** The alerts that an account was sent about its balance and limits. */
import * as z from 'zod';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const ALERTS: Entry = {
  source: 'functions/alerts/alerts.lambda.ts',
  uses: { core: ['Query'] },
};

export const ALERT_SUBJECTS = ['balance', 'daily_videos', 'key_spend'] as const;

export const alertObject = z
  .object({
    id: z.string().describe('The id of the alert.'),
    object: z.literal('alert').describe('What this is.'),
    about: z
      .enum(ALERT_SUBJECTS)
      .describe('The balance since the last top-up, the videos of a day, or the spend limit of a key.'),
    threshold: z.int().describe('The percentage that was reached.'),
    used: z.int().describe('Credits, or videos, that were used at that moment.'),
    limit: z.int().describe('Of how many.'),
    period: z
      .string()
      .describe('Within which each threshold is notified once: a ledger entry, a UTC day, or a key with its limit.'),
    at: z.string().describe('When, UTC.'),
  })
  .meta({ id: 'Alert', description: 'An alert that much of a balance or limit is used.' });

export const listAlerts = {
  entry: ALERTS,
  method: 'GET',
  path: '/v1/alerts',
  summary: 'Lists the alerts that the account was sent about its balance and limits, newest first.',
  permission: 'credits:read',
  capability: 'read',
  input: z.strictObject({
    limit: pageLimit,
    after: z
      .string()
      .regex(/^alrt_[0-9A-Za-z]{1,60}$/, 'it must be the id of an alert')
      .optional()
      .describe(afterId),
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(alertObject).describe('The alerts, newest first.'),
    ...pageEnds,
  }),
  example: {
    query: { limit: 20 },
    answer: {
      object: 'list',
      data: [
        {
          id: 'alrt_019f2a6b2d00Hc8Jk2LmN4pQrS',
          object: 'alert',
          about: 'balance',
          threshold: 80,
          used: 4012,
          limit: 5000,
          period: 'purchase#pur_019f2a6b2d00Hc8Jk2LmN4pQrS',
          at: '2026-11-24T11:40:09.000Z',
        },
      ],
      first_id: 'alrt_019f2a6b2d00Hc8Jk2LmN4pQrS',
      last_id: 'alrt_019f2a6b2d00Hc8Jk2LmN4pQrS',
      has_more: false,
    },
  },
} as const;

export const ALERT_LIST: Family = {
  name: 'Alerts',
  about:
    'The alerts that an account was sent when 80 and 100 per cent of its balance, of its videos of a day or of a key were used.',
  dialect: 'platform',
  routes: { listAlerts },
  refuses: ['key_refused', 'account_not_active'],
};
