/** The end of service to an account, as its people ask for it and operators decide and order it, and legal holds. */
import * as z from 'zod';
import { list } from '../catalogue/models.ts';
import {
  CAUSES,
  FRESH_SIGN_IN_MS,
  HOLD_KINDS,
  TERMINATION_CAUSES,
  TERMINATION_STATES,
} from '../catalogue/terminations.ts';
import { afterPlace, pageEnds, pageLimit, pagePlaces, wholeList } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

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

const HOLD: Entry = {
  source: 'functions/termination/holds.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'Query'], jobs: ['GetItem'], holds: ['lock'] },
};

const own = { roles: ['developer'], capability: 'read' } as const;
const operators = { roles: ['operator'] } as const;
const id = z.string().max(100).describe('The id of an account.');
const reason = z.string().trim().min(3).max(2000);
const time = z.string().nullable();

export const terminationObject = z
  .object({
    id: z.string().describe('The id of the termination.'),
    object: z.literal('account.termination').describe('What this is.'),
    account_id: z.string().describe('The account that ends.'),
    cause: z
      .enum(CAUSES)
      .describe(CAUSES.map(cause => `\`${cause}\`: ${TERMINATION_CAUSES[cause].description}`).join('; ')),
    state: z.enum(TERMINATION_STATES).describe(`One of ${list(TERMINATION_STATES)}.`),
    reason: time.describe('Why, in words; null once the account is erased.'),
    next_step: z.string().describe('Where it stands and what comes next.'),
    requested_at: z.string().describe('When it was asked for or ordered, UTC.'),
    closes_at: time.describe('When calls end, or have ended.'),
    export_until: time.describe('Until when its people may sign in and export.'),
    purge_started_at: time.describe('When deletion began.'),
    last_pass_at: time.describe('When it is looked a last time for what came late.'),
    certified_at: time.describe('When it was over.'),
    certificate_id: time.describe('The certificate, which anybody can read by this id once it is over.'),
  })
  .meta({ id: 'Termination', description: 'How service to an account ends.' });

const ACCOUNT = 'acct_019f2a6a0c00Ab3dEfGh5JkLmN';
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
  summary: `Asks for the end of the account: with a token of a sign-in of the last ${FRESH_SIGN_IN_MS / 60_000} minutes.`,
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
    closes_at: z.iso
      .datetime()
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

export const holdObject = z
  .object({
    id: z.string().describe('The id of the hold.'),
    object: z.literal('account.hold').describe('What this is.'),
    account_id: z.string().describe('The account that it is on.'),
    kind: z.enum(HOLD_KINDS).describe('What it keeps: all of the account, its ledger, or one thing.'),
    target_id: time.describe('Which one, of one thing.'),
    reason: time.describe('Why it was placed; null once the account is erased.'),
    placed_at: z.string().describe('When it was placed, UTC.'),
    lifted_at: time.describe('When it was lifted, UTC; null while it keeps.'),
  })
  .meta({ id: 'Hold', description: 'A legal hold: what it names is not deleted.' });

const HELD = {
  id: 'hold_019f2a6a0c00Ab3dEfGh5JkLmN',
  object: 'account.hold',
  account_id: ACCOUNT,
  kind: 'video',
  target_id: '253402300799001',
  reason: 'complaint 2026-41 is open',
  placed_at: '2026-12-01T09:12:44.000Z',
  lifted_at: null,
};

export const placeHold = {
  entry: HOLD,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/holds',
  summary: 'Places a legal hold: what it names is deleted by nobody until it is lifted, and all else goes its way.',
  input: z
    .strictObject({
      id,
      kind: z.enum(HOLD_KINDS).describe('`account` for all of it, `ledger`, or the kind of one thing.'),
      target_id: z.string().min(1).max(60).optional().describe('The id of the video, image, media or document.'),
      reason: reason.describe('Why, for the audit trail.'),
    })
    .refine(({ kind, target_id: target }) => (kind === 'account' || kind === 'ledger') === (target === undefined), {
      path: ['target_id'],
      error: 'one thing is named by its id; all of the account, and its ledger, by none',
    })
    .refine(({ kind, target_id: target = '0' }) => kind === 'document' || /^\d{1,16}$/.test(target), {
      path: ['target_id'],
      error: 'the id of a video, an image or media is a number',
    }),
  output: holdObject,
  success: { status: 201, contentType: 'application/json' },
  example: {
    path: { id: ACCOUNT },
    body: { kind: 'video', target_id: HELD.target_id, reason: HELD.reason },
    answer: HELD,
  },
} as const;

export const liftHold = {
  entry: HOLD,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/holds/{hold_id}/lift',
  summary: 'Lifts a hold. A purge that waited for the last one goes on by itself.',
  input: z.strictObject({
    id,
    hold_id: z.string().max(100).describe('The id of the hold.'),
    reason: reason.describe('Why, for the audit trail.'),
  }),
  output: holdObject,
  example: {
    path: { id: ACCOUNT, hold_id: HELD.id },
    body: { reason: 'the complaint is settled' },
    answer: { ...HELD, lifted_at: '2026-12-20T10:00:00.000Z' },
  },
} as const;

export const listHolds = {
  entry: HOLD,
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/holds',
  summary: 'Lists the holds on an account, lifted ones too, the oldest first.',
  input: z.strictObject({ id }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(holdObject).describe('All of them.'),
    first_id: pageEnds.first_id,
    last_id: pageEnds.last_id,
    has_more: wholeList,
  }),
  example: {
    path: { id: ACCOUNT },
    answer: { object: 'list', data: [HELD], first_id: HELD.id, last_id: HELD.id, has_more: false },
  },
} as const;

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
  entry: DECIDE,
  ...operators,
  method: 'POST',
  path: '/v1/operators/service-end',
  summary:
    'Orders the end of the service for every account, in waves. It begins once a second operator sends the same.',
  input: z.strictObject({
    reason: reason.describe('Why, in words that accounts are told.'),
    closes_at: z.iso
      .datetime()
      .describe(`When calls end, UTC: ${TERMINATION_CAUSES.service_end.noticeDays} days from now or later.`),
    accounts_a_minute: z.int().min(1).max(100).describe('How many accounts are told in a minute.'),
  }),
  output: serviceEnd,
  example: {
    body: { reason: ENDING.reason, closes_at: ENDING.closes_at, accounts_a_minute: ENDING.accounts_a_minute },
    answer: ENDING,
  },
} as const;

export const readServiceEnd = {
  entry: DECIDE,
  ...operators,
  method: 'GET',
  path: '/v1/operators/service-end',
  summary: 'How far the end of the service has come.',
  input: z.strictObject({}),
  output: serviceEnd,
  example: { answer: { ...ENDING, state: 'running', accounts: 340 } },
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
  refuses: ['not_found', 'wrong_state', 'busy'],
};
