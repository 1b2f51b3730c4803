/** The standing of accounts as staff read it, decide about it, and decide appeals. */
import * as z from 'zod';
import { reason } from '../accounts/fields-contract.ts';
import { FUNCTIONS } from '../catalogue/functions.ts';
import { MODELS } from '../catalogue/models.ts';
import { STANDING_ACTION_NAMES, STANDING_ACTIONS } from '../catalogue/standing.ts';
import type { VideoFunction } from '../catalogue/video-request.ts';
import { isMoment } from '../http/moment-contract.ts';
import { afterPlace, pageLimit, pagePlaces } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { findingId } from './contract.ts';
import { APPEAL_EXAMPLE, appealObject, STANDING_EXAMPLE, standingObject } from './standing-objects-contract.ts';

const DECIDE: Entry = {
  source: 'functions/enforcement/decide-standing.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'Query'], jobs: ['PutItem'] },
};

const operators = { entry: DECIDE, roles: ['operator'] } as const;
/** Appeals are decided by reviewers too. */
const deciding = { entry: DECIDE, roles: ['operator', 'reviewer'] } as const;
const id = z.string().max(100).describe('The id of an account.');
const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/,
    'it must be a moment in UTC, such as 2026-12-08T21:03:17Z',
  )
  .refine(isMoment, 'it must be a moment that there is')
  // As it is compared and sorted.
  .transform(text => new Date(text).toISOString());
const share = z.number().gt(0).max(1).default(1);

const names = <Name extends string>(all: readonly [Name, ...Name[]]) =>
  z.array(z.enum(all)).max(all.length).default([]);

const restriction = z
  .strictObject({
    functions: names(Object.keys(FUNCTIONS) as [VideoFunction, ...VideoFunction[]]).describe(
      'Functions that may not be used.',
    ),
    models: names(MODELS.map(({ name }) => name) as [string, ...string[]]).describe('Models that may not be used.'),
    quota_share: share.describe("What is left of the plan's videos a day, as a part of 1; all where left out."),
    concurrency_share: share.describe("What is left of the plan's videos at once, likewise."),
    uploads_refused: z.boolean().default(false).describe('Whether nothing may be uploaded.'),
  })
  .refine(
    given =>
      given.uploads_refused ||
      given.functions.length + given.models.length > 0 ||
      Math.min(given.quota_share, given.concurrency_share) < 1,
    'it must take something away',
  );

const ID = APPEAL_EXAMPLE.account_id;

export const operatorStanding = standingObject
  .extend({
    status: z
      .enum(['done', 'awaiting_second_person'])
      .describe('`awaiting_second_person` where another person has to send the same call before it counts.'),
  })
  .meta({ id: 'DecidedStanding', description: 'The standing of an account after a decision.' });

export const inspectStanding = {
  ...deciding,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/standing',
  summary: 'Reads the standing of an account; each view is recorded.',
  input: z.strictObject({ id }),
  output: standingObject,
  example: { path: { id: ID }, answer: STANDING_EXAMPLE },
} as const;

export const decideStanding = {
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/standing',
  summary:
    'Warns, restricts, suspends or terminates an account, or takes that back, with a reason that its owner is told. The same call again is the same decision.',
  input: z.strictObject({
    id,
    action: z
      .enum(STANDING_ACTION_NAMES)
      .describe(
        `${STANDING_ACTION_NAMES.map(name => `\`${name}\` ${STANDING_ACTIONS[name].description}`).join(', ')}.`,
      ),
    reason: reason.describe('Why, in words that the account is told.'),
    restriction: restriction.optional().describe('What `restrict` takes away.'),
    until: moment.optional().describe('When it ends, UTC: required of `restrict`; until it is lifted where left out.'),
    rectify_by: moment
      .optional()
      .describe(
        'By when it is to be mended, UTC: if `rectified` does not come by then, the next step follows by itself.',
      ),
    subject: findingId.optional().describe('The violation or the measure that `lift` or `rectified` is about.'),
    urgent: z.boolean().optional().describe('True where a step is skipped because it cannot wait.'),
  }),
  output: operatorStanding,
  example: {
    path: { id: ID },
    body: {
      action: 'warn',
      reason: 'A key of the account was found on a public page.',
      rectify_by: '2026-12-08T21:03:17.000Z',
    },
    answer: { ...STANDING_EXAMPLE, status: 'done' },
  },
} as const;

export const listOpenAppeals = {
  ...deciding,
  method: 'GET',
  path: '/v1/operators/appeals',
  summary: 'Lists the appeals of all accounts that nobody has decided, the oldest first.',
  input: z.strictObject({ limit: pageLimit, after: afterPlace }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(appealObject).describe('The appeals on this page.'),
    ...pagePlaces,
  }),
  example: {
    query: { limit: 20 },
    answer: { object: 'list', data: [APPEAL_EXAMPLE], first_id: null, last_id: null, has_more: false },
  },
} as const;

export const decideAppeal = {
  ...deciding,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/appeals/{subject}',
  summary:
    'Decides an appeal, with a reason that its owner is told: upheld, exactly what was taken is given back. Whoever decided what it is against does not decide it.',
  input: z.strictObject({
    id,
    subject: findingId.describe('The violation or the measure that it is against.'),
    decision: z.enum(['uphold', 'reject']).describe('`uphold` or `reject`.'),
    reason: reason.describe('Why, in words that the account is told.'),
  }),
  output: appealObject,
  example: {
    path: { id: ID, subject: APPEAL_EXAMPLE.id },
    body: { decision: 'uphold', reason: 'The key on that page was revoked before.' },
    answer: {
      ...APPEAL_EXAMPLE,
      state: 'upheld',
      reason: 'The key on that page was revoked before.',
      decided_at: '2026-12-02T11:00:00.000Z',
    },
  },
} as const;

export const ENFORCEMENT: Family = {
  name: 'Enforcement',
  about: 'For staff: the standing of accounts, what is decided about it, and appeals.',
  dialect: 'platform',
  routes: { inspectStanding, decideStanding, listOpenAppeals, decideAppeal },
  refuses: ['not_found', 'wrong_state', 'busy'],
};
