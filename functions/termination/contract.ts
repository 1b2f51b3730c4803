/** The end of service to an account, as its people ask for it and operators decide and order it, and legal holds. */
import * as z from 'zod';
import { list } from '../catalogue/models.ts';
import { FRESH_SIGN_IN_MINUTES } from '../catalogue/refusal.ts';
import { CAUSES, TERMINATION_CAUSES, TERMINATION_STATES } from '../catalogue/terminations.ts';
import { afterPlace, pageLimit, pagePlaces } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { ACCOUNT, id, moment, nullable, operators, reason } from './fields-contract.ts';
import { liftHold, listHolds, placeHold } from './holds-contract.ts';
import { endService, readServiceEnd } from './service-end-contract.ts';

const OWN: Entry = {
  source: 'functions/termination/terminate-account.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
    mail: ['send'],
    usagePlans: ['join'],
  },
};

const DECIDE: Entry = {
  source: 'functions/termination/decide-terminations.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query terminations'],
    mail: ['send'],
  },
};

const own = { roles: ['developer'], capability: 'read' } as const;

export const terminationObject = z
  .object({
    id: z.string().describe('The id of the termination.'),
    object: z.literal('account.termination').describe('What this is.'),
    account_id: z.string().describe('The account that ends.'),
    cause: z
      .enum(CAUSES)
      .describe(CAUSES.map(cause => `\`${cause}\`: ${TERMINATION_CAUSES[cause].description}`).join('; ')),
    state: z.enum(TERMINATION_STATES).describe(`One of ${list(TERMINATION_STATES)}.`),
    reason: nullable.describe('Why, in words; null once the account is erased.'),
    next_step: z.string().describe('Where it stands and what comes next.'),
    requested_at: z.string().describe('When it was asked for or ordered, UTC.'),
    closes_at: nullable.describe('When calls end, or have ended.'),
    export_until: nullable.describe('Until when its people may sign in and export.'),
    purge_started_at: nullable.describe('When deletion began.'),
    last_pass_at: nullable.describe('When it is looked a last time for what came late.'),
    certified_at: nullable.describe('When it was over.'),
    certificate_id: nullable.describe('The certificate, which anybody can read by this id once it is over.'),
  })
  .meta({ id: 'Termination', description: 'How service to an account ends.' });

const REQUESTED = {
  id: 'term_019f2a6a0c00Ab3dEfGh5JkLmN',
  object: 'account.termination',
  account_id: ACCOUNT,
  cause: 'user_request',
  state: 'requested',
  reason: 'we have moved to a house of our own',
  next_step: 'It was asked for; an operator approves or refuses it.',
  requested_at: '2026-12-01T09:12:44.000Z',
  closes_at: null,
  export_until: null,
  purge_started_at: null,
  last_pass_at: null,
  certified_at: null,
  certificate_id: null,
};
const CLOSING = {
  ...REQUESTED,
  state: 'closing',
  next_step: 'It has begun: calls are refused, and what runs is cancelled and refunded.',
  closes_at: '2026-12-02T08:30:11.000Z',
  export_until: '2027-01-01T08:30:11.000Z',
};

export const requestTermination = {
  entry: OWN,
  ...own,
  method: 'POST',
  path: '/v1/account/termination',
  summary: `Asks for the end of the account: with a token of a sign-in of the last ${FRESH_SIGN_IN_MINUTES} minutes.`,
  input: z.strictObject({ reason: reason.optional().describe('Why, in your words, if you like.') }),
  output: terminationObject,
  example: { body: { reason: REQUESTED.reason }, answer: REQUESTED },
} as const;

export const readTermination = {
  entry: OWN,
  ...own,
  method: 'GET',
  path: '/v1/account/termination',
  summary: 'Where the end of the account stands, when what happens, and what comes next.',
  input: z.strictObject({}),
  output: terminationObject,
  example: { answer: CLOSING },
} as const;

export const withdrawTermination = {
  entry: OWN,
  ...own,
  method: 'DELETE',
  path: '/v1/account/termination',
  summary:
    'Takes it back where the account itself asked for it, until deletion begins. The account is what it was before.',
  input: z.strictObject({}),
  output: terminationObject,
  example: {
    answer: { ...REQUESTED, state: 'withdrawn', next_step: 'It was withdrawn; the account is as it was.' },
  },
} as const;

export const listTerminations = {
  entry: DECIDE,
  ...operators,
  method: 'GET',
  path: '/v1/operators/terminations',
  summary: 'Lists terminations in a state, those first that are due first.',
  input: z.strictObject({
    state: z
      .enum(TERMINATION_STATES)
      .optional()
      .describe(`One of ${list(TERMINATION_STATES)}; requested where left out.`),
    limit: pageLimit,
    after: afterPlace,
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(terminationObject).describe('The terminations on this page.'),
    ...pagePlaces,
  }),
  example: {
    query: { state: 'requested', limit: 20 },
    answer: {
      object: 'list',
      data: [REQUESTED],
      first_id: 'eyJhY2NvdW50SWQiOiJhY2N0XzAxOWYyYTZhMGMwMEFiM2RFZkdoNUprTG1OIn0',
      last_id: 'eyJhY2NvdW50SWQiOiJhY2N0XzAxOWYyYTZhMGMwMEFiM2RFZkdoNUprTG1OIn0',
      has_more: false,
    },
  },
} as const;

export const decideTermination = {
  entry: DECIDE,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/termination/decision',
  summary: 'Approves or refuses the end that an account asked for, with a reason that its owner is told.',
  input: z.strictObject({
    id,
    decision: z.enum(['approve', 'refuse']).describe('`approve` ends calls at once; `refuse` changes nothing.'),
    reason: reason.describe('Why, in words that the account is told.'),
  }),
  output: terminationObject,
  example: {
    path: { id: ACCOUNT },
    body: { decision: 'approve', reason: 'as you asked' },
    answer: CLOSING,
  },
} as const;

export const orderTermination = {
  entry: DECIDE,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/termination',
  summary: 'Orders the end of an account. It begins once a second operator orders the same, for the same reason.',
  input: z.strictObject({
    id,
    cause: z
      .enum(['violation', 'service_end'])
      .describe('`violation` ends calls at once, `service_end` after its notice.'),
    reason: reason.describe('Why, in words that the account is told.'),
    closes_at: moment
      .optional()
      .describe('When calls end, UTC; the earliest that the notice allows where left out or too early.'),
  }),
  output: terminationObject,
  example: {
    path: { id: ACCOUNT },
    body: { cause: 'violation', reason: 'three warnings, and the same again' },
    answer: {
      ...REQUESTED,
      cause: 'violation',
      state: 'proposed',
      reason: 'three warnings, and the same again',
      next_step: 'It was ordered by one operator; a second one has to order the same.',
    },
  },
} as const;

export const TERMINATION: Family = {
  name: 'End of an account',
  about: 'How service to an account ends, what is kept meanwhile, and what a legal hold keeps.',
  dialect: 'platform',
  routes: {
    requestTermination,
    readTermination,
    withdrawTermination,
    listTerminations,
    decideTermination,
    orderTermination,
    endService,
    readServiceEnd,
    placeHold,
    liftHold,
    listHolds,
  },
  refuses: ['fresh_sign_in', 'not_found', 'wrong_state', 'busy'],
};
