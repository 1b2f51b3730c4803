/** What staff read to help a customer: who it is, why a video failed, why something was charged, what was mailed. */
import * as z from 'zod';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Family } from '../http/route.ts';
import { listKeys } from '../keys/contract.ts';
import { KEY_EXAMPLE } from '../keys/object-contract.ts';
import { listLedger } from '../usage/usage-contract.ts';
import { HELP, searchAccounts } from './search-contract.ts';

/** What was made is of interest to who helps; money to finance too. */
const operators = { entry: HELP, roles: ['operator'] } as const;
const withFinance = { entry: HELP, roles: ['operator', 'finance'] } as const;

const id = z.string().max(100).describe('The id of an account.');
const after = (kind: 'video' | 'key' | 'mail') =>
  z
    .string()
    .regex(new RegExp(`^${kind}_[0-9A-Za-z]{1,60}$`), `it must be the id of ${kind}`)
    .optional()
    .describe(afterId);
const ID = 'acct_019f2a6a0c00Ab3dEfGh5JkLmN';
const VIDEO_ID = 'video_250473926504802';

export const accountVideo = z
  .object({
    id: z.string().describe('The id of the video.'),
    object: z.literal('account.video').describe('What this is.'),
    account_id: z.string().describe('The account.'),
    status: z.string().describe('The state of the job, `deleted` too.'),
    function: z.string().describe('What makes it.'),
    model: z.string().nullable().describe('The model; null where no model makes it.'),
    quality: z.string().describe('The quality.'),
    seconds: z.number().describe('How long it was to be, in seconds.'),
    plan: z.string().nullable().describe('The plan when it was started.'),
    key_id: z.string().describe('The key, or the person, that started it.'),
    created_at: z.string().describe('When it was started, UTC.'),
    ended_at: z.string().nullable().describe('When it ended, UTC; null while it has not.'),
    deadline_at: z.string().nullable().describe('When it was to be finished, UTC, where that was asked for.'),
    attempts: z.int().describe('How often a worker began it.'),
    failed_attempts: z.int().describe('How many of these ended in trouble of the platform.'),
    engine: z.string().nullable().describe('The engine that made it.'),
    error: z
      .object({
        code: z.string().describe('For programs.'),
        message: z.string().describe('What the customer is told.'),
      })
      .nullable()
      .describe('Why it failed; null where it did not.'),
    credits_held: z.int().describe('Credits that it holds.'),
    credits_charged: z.int().describe('Credits that it cost.'),
  })
  .meta({ id: 'AccountVideo', description: 'A video as staff see it: without its prompt and its files.' });

const VIDEO_EXAMPLE = {
  id: VIDEO_ID,
  object: 'account.video',
  account_id: ID,
  status: 'failed',
  function: 'text_to_video',
  model: 'v6',
  quality: '540p',
  seconds: 5,
  plan: 'essential',
  key_id: 'key_019a3f2c4d5eAbCdEfGhIjKlMn',
  created_at: '2026-11-23T04:13:57.000Z',
  ended_at: '2026-11-23T04:14:41.000Z',
  deadline_at: null,
  attempts: 3,
  failed_attempts: 3,
  engine: null,
  error: {
    code: 'attempts_exhausted',
    message: 'the job did not finish in any of its attempts; its credits were given back',
  },
  credits_held: 0,
  credits_charged: 0,
};

export const listAccountVideos = {
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/videos',
  summary: 'Lists the videos of an account, deleted ones too, newest first; each view is recorded.',
  input: z.strictObject({ id, limit: pageLimit, after: after('video') }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(accountVideo).describe('The videos, newest first.'),
    ...pageEnds,
  }),
  example: {
    path: { id: ID },
    query: { limit: 20 },
    answer: { object: 'list', data: [VIDEO_EXAMPLE], first_id: VIDEO_ID, last_id: VIDEO_ID, has_more: false },
  },
} as const;

const ledgerEntries = listLedger.output.shape.data;
const HOLD_EXAMPLE = listLedger.example.answer.data;

export const readAccountVideo = {
  ...withFinance,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/videos/{video}',
  summary:
    'Reads what became of a video, step by step with reasons, and its entries in the ledger; each view is recorded.',
  input: z.strictObject({ id, video: z.string().max(40).describe('The id of a video of the account.') }),
  output: z.object({
    object: z.literal('account.video.history').describe('What this is.'),
    video: accountVideo.describe('The video as it is now.'),
    timeline: z
      .array(
        z.object({
          state: z.string().describe('The state that it came to, or stayed in.'),
          at: z.string().describe('When, UTC.'),
          reason: z
            .string()
            .nullable()
            .describe("Why, in the platform's own words: what ended an attempt, `made`, `worker_stopping`."),
        }),
      )
      .describe('What happened to it, oldest first.'),
    ledger: ledgerEntries.describe('The hold and how it ended, where it has.'),
  }),
  example: {
    path: { id: ID, video: VIDEO_ID },
    answer: {
      object: 'account.video.history',
      video: VIDEO_EXAMPLE,
      timeline: [
        { state: 'generating', at: '2026-11-23T04:14:40.000Z', reason: 'engine_out_of_memory' },
        { state: 'failed', at: '2026-11-23T04:14:41.000Z', reason: 'attempts_exhausted' },
      ],
      ledger: HOLD_EXAMPLE,
    },
  },
} as const;

export const listAccountLedger = {
  ...withFinance,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/ledger',
  summary: 'Lists the entries of an account, newest first; each view is recorded.',
  input: listLedger.input.extend({ id }),
  output: listLedger.output,
  example: { ...listLedger.example, path: { id: ID } },
} as const;

export const readAccountBalance = {
  ...withFinance,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/balance',
  summary: 'Reads what an account has to spend, and what unfinished videos hold; each view is recorded.',
  input: z.strictObject({ id }),
  output: z.object({
    object: z.literal('account.balance').describe('What this is.'),
    account_id: z.string().describe('The account.'),
    available: z.int().describe('Credits that it may spend.'),
    held: z.int().describe('Credits that unfinished videos hold.'),
    unfinished: z.int().describe('How many videos are unfinished.'),
    high_water_mark: z.int().nullable().describe('What it could spend after the last purchase or gift.'),
  }),
  example: {
    path: { id: ID },
    answer: {
      object: 'account.balance',
      account_id: ID,
      available: 8_240,
      held: 45,
      unfinished: 1,
      high_water_mark: 10_000,
    },
  },
} as const;

export const listAccountKeys = {
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/keys',
  summary: 'Lists the keys of an account, newest first, without their secrets; each view is recorded.',
  input: z.strictObject({ id, limit: pageLimit, after: after('key') }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: listKeys.output.shape.data,
    ...pageEnds,
  }),
  example: {
    path: { id: ID },
    answer: { object: 'list', data: [KEY_EXAMPLE], first_id: KEY_EXAMPLE.id, last_id: KEY_EXAMPLE.id, has_more: false },
  },
} as const;

export const listAccountEmails = {
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/emails',
  summary:
    'Lists the e-mails that an account was sent, newest first, and those that could not be; each view is recorded.',
  input: z.strictObject({ id, limit: pageLimit, after: after('mail') }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(
        z.object({
          id: z.string().describe('The id of the e-mail.'),
          object: z.literal('account.email').describe('What this is.'),
          template: z.string().describe('Which e-mail it is, such as `approve`, `verify` or `alert`.'),
          state: z
            .enum(['sent', 'failed', 'due'])
            .describe('`sent`: the mail service took it; `failed`: it did not; `due`: it was not tried yet.'),
          to: z.string().nullable().describe('The address, all but its first letter and domain left out.'),
          created_at: z.string().describe('When it was written, UTC.'),
          sent_at: z.string().nullable().describe('When it was sent, UTC.'),
          detail: z
            .record(z.string(), z.union([z.string(), z.number()]))
            .describe('Of one about a decision, what it says; of a code, nothing.'),
        }),
      )
      .describe('The e-mails, newest first.'),
    ...pageEnds,
  }),
  example: {
    path: { id: ID },
    answer: {
      object: 'list',
      data: [
        {
          id: 'mail_019f2a6b2d00Hc8Jk2LmN4pQrS',
          object: 'account.email',
          template: 'freeze',
          state: 'sent',
          to: 'a…@faro.example',
          created_at: '2026-12-01T21:03:17.000Z',
          sent_at: '2026-12-01T21:03:17.000Z',
          detail: { reason: 'Keys of the account were found on a public page.' },
        },
      ],
      first_id: 'mail_019f2a6b2d00Hc8Jk2LmN4pQrS',
      last_id: 'mail_019f2a6b2d00Hc8Jk2LmN4pQrS',
      has_more: false,
    },
  },
} as const;

export const HELPING: Family = {
  name: 'Helping customers',
  about: 'For staff: finding an account, and what became of its videos, its credits, its keys and its e-mails.',
  dialect: 'platform',
  routes: {
    searchAccounts,
    listAccountVideos,
    readAccountVideo,
    listAccountLedger,
    readAccountBalance,
    listAccountKeys,
    listAccountEmails,
  },
  refuses: ['not_found'],
};
