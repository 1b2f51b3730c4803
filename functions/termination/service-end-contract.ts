/** The end of the whole service, as operators order it. */
import * as z from 'zod';
import { TERMINATION_CAUSES } from '../catalogue/terminations.ts';
import type { Entry } from '../http/route.ts';
import { moment, operators, reason } from './fields-contract.ts';

const END: Entry = {
  source: 'functions/termination/end-service.lambda.ts',
  uses: { core: ['GetItem', 'PutItem'] },
};

const serviceEnd = z
  .object({
    object: z.literal('service_end').describe('What this is.'),
    state: z
      .enum(['proposed', 'running', 'ordered'])
      .describe(
        '`proposed` until a second operator sends the same; `running` from account to account; `ordered` for all.',
      ),
    reason: z.string().describe('Why, in words that accounts are told.'),
    closes_at: z.string().describe('When calls end, UTC.'),
    accounts_a_minute: z.int().describe('How many accounts are told in a minute.'),
    accounts: z.int().describe('How many it has come to.'),
  })
  .meta({ id: 'ServiceEnd', description: 'The end of the whole service.' });
const ENDING = {
  object: 'service_end',
  state: 'proposed',
  reason: 'we close the platform',
  closes_at: '2027-06-30T00:00:00.000Z',
  accounts_a_minute: 20,
  accounts: 0,
};

export const endService = {
  entry: END,
  ...operators,
  method: 'POST',
  path: '/v1/operators/service-end',
  summary:
    'Orders the end of the service for every account, in waves. It begins once a second operator sends the same.',
  input: z.strictObject({
    reason: reason.describe('Why, in words that accounts are told.'),
    closes_at: moment.describe(
      `When calls end, UTC: ${TERMINATION_CAUSES.service_end.noticeDays} days from now or later.`,
    ),
    accounts_a_minute: z.int().min(1).max(100).describe('How many accounts are told in a minute.'),
  }),
  output: serviceEnd,
  example: {
    body: { reason: ENDING.reason, closes_at: ENDING.closes_at, accounts_a_minute: ENDING.accounts_a_minute },
    answer: ENDING,
  },
} as const;

export const readServiceEnd = {
  entry: END,
  ...operators,
  method: 'GET',
  path: '/v1/operators/service-end',
  summary: 'How far the end of the service has come.',
  input: z.strictObject({}),
  output: serviceEnd,
  example: { answer: { ...ENDING, state: 'running', accounts: 340 } },
} as const;
