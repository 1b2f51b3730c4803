/** Accounts as operators list, review, freeze and close them. */
import * as z from 'zod';
import { ACCOUNT_EXAMPLE, accountFields, reason } from '../accounts/fields-contract.ts';
import { APPLYING, STATUS_ACTION_NAMES, STATUS_ACTIONS } from '../catalogue/account-status.ts';
import { list } from '../catalogue/models.ts';
import { afterPlace, pageLimit, pagePlaces } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import {
  DOCUMENT_EXAMPLE,
  DOCUMENT_LINK_EXAMPLE,
  documentObject,
  SUBMISSION_EXAMPLE,
  submissionObject,
} from './contract.ts';

const REVIEW: Entry = {
  source: 'functions/qualification/review.lambda.ts',
  uses: { core: ['GetItem', 'Query', 'Query applications', 'Query accounts'], documents: ['GetObject'] },
};

const DECIDE: Entry = {
  source: 'functions/qualification/decide-account.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], ledger: ['PutItem'], mail: ['send'], usagePlans: ['join'] },
  settings: ['REFUSED_REGIONS'],
};

const operators = { roles: ['operator'] } as const;
const id = z.string().max(100).describe('The id of an account.');
const accountObject = z
  .object(accountFields)
  .meta({ id: 'OperatorAccount', description: 'An account, as operators see it.' });

const ID = ACCOUNT_EXAMPLE.id;
const SUBMITTED = { ...ACCOUNT_EXAMPLE, status: 'submitted', status_since: '2026-11-24T09:24:31.000Z' };
const APPROVED = {
  ...ACCOUNT_EXAMPLE,
  commercial_use: { authorised: true, decided_at: '2026-11-25T08:30:11.000Z' },
  status: 'active',
  status_since: '2026-11-25T08:30:11.000Z',
};

const REASON = 'Why, in words that the account is told.';

/** What a list says of an account. */
const listed = {
  name: z.string().describe('Who the account is of: of a company, the person who answers for it.'),
  kind: z.string().nullable().describe('`person` or `company`.'),
  country: z.string().nullable().describe('Its country, two capital letters of ISO 3166-1.'),
};

export const listApplications = {
  entry: REVIEW,
  ...operators,
  method: 'GET',
  path: '/v1/operators/applications',
  summary: 'Lists accounts that are not approved, or whose change is not, by status, those that wait longest first.',
  input: z.strictObject({
    status: z
      .enum(APPLYING)
      .optional()
      .describe(`One of ${list(APPLYING)}; submitted where left out.`),
    limit: pageLimit,
    after: afterPlace,
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(
        z.object({
          id: accountFields.id,
          object: z.literal('application').describe('What this is.'),
          ...listed,
          status: z.enum(APPLYING).describe('The status of the account.'),
          status_since: z.string().describe('When it came to that status, UTC.'),
          age_seconds: z.int().describe('How long it has had this status, in seconds.'),
        }),
      )
      .describe('The accounts on this page.'),
    ...pagePlaces,
  }),
  example: {
    query: { status: 'submitted', limit: 20 },
    answer: {
      object: 'list',
      data: [
        {
          id: ID,
          object: 'application',
          name: 'Ana Faro',
          kind: 'company',
          country: 'ES',
          status: 'submitted',
          status_since: '2026-11-24T09:24:31.000Z',
          age_seconds: 83140,
        },
      ],
      first_id:
        'eyJhY2NvdW50SWQiOiJhY2N0XzAxOWYyYTZhMGMwMEFiM2RFZkdoNUprTG1OIiwiYXQiOiIyMDI2LTExLTI0VDA5OjI0OjMxLjAwMFoifQ',
      last_id:
        'eyJhY2NvdW50SWQiOiJhY2N0XzAxOWYyYTZhMGMwMEFiM2RFZkdoNUprTG1OIiwiYXQiOiIyMDI2LTExLTI0VDA5OjI0OjMxLjAwMFoifQ',
      has_more: false,
    },
  },
} as const;

export const listAccounts = {
  entry: REVIEW,
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts',
  summary: 'Lists all accounts, newest first.',
  input: z.strictObject({ limit: pageLimit, after: afterPlace }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(
        z.object({
          id: accountFields.id,
          object: z.literal('account.summary').describe('What this is.'),
          ...listed,
          status: accountFields.status,
          plan: accountFields.plan,
          created_at: accountFields.created_at,
        }),
      )
      .describe('The accounts on this page.'),
    ...pagePlaces,
  }),
  example: {
    query: { limit: 1 },
    answer: {
      object: 'list',
      data: [
        {
          id: ID,
          object: 'account.summary',
          name: 'Ana Faro',
          kind: 'company',
          country: 'ES',
          status: 'submitted',
          plan: 'trial',
          created_at: '2026-11-24T09:12:44.000Z',
        },
      ],
      first_id:
        'eyJhY2NvdW50SWQiOiJhY2N0XzAxOWYyYTZhMGMwMEFiM2RFZkdoNUprTG1OIiwiYXQiOiIyMDI2LTExLTI0VDA5OjEyOjQ0LjAwMFoifQ',
      last_id:
        'eyJhY2NvdW50SWQiOiJhY2N0XzAxOWYyYTZhMGMwMEFiM2RFZkdoNUprTG1OIiwiYXQiOiIyMDI2LTExLTI0VDA5OjEyOjQ0LjAwMFoifQ',
      has_more: true,
    },
  },
} as const;

export const reviewedAccount = z.object({
  ...accountFields,
  status_reason: z.string().nullable().describe('Why it has its status, where a person decided that.'),
  was_terminated: z
    .boolean()
    .describe('Whether another account with its e-mail address was terminated for a violation.'),
  submissions: z.array(submissionObject).describe('What was submitted, newest first.'),
  documents: z.array(documentObject).describe('All documents of the account, newest first.'),
});

export const inspectAccount = {
  entry: REVIEW,
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts/{id}',
  summary: 'Reads an account with its submissions and documents; each view is recorded.',
  input: z.strictObject({ id }),
  output: reviewedAccount,
  example: {
    path: { id: ID },
    answer: {
      ...SUBMITTED,
      status_reason: null,
      was_terminated: false,
      submissions: [SUBMISSION_EXAMPLE],
      documents: [{ ...DOCUMENT_EXAMPLE, url: DOCUMENT_LINK_EXAMPLE }],
    },
  },
} as const;

export const decideQualification = {
  entry: DECIDE,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/qualification',
  summary:
    'Decides a submission: approves the account or its change, asks for more, or refuses. Sent again it is the same decision, and with any other member 409.',
  input: z.strictObject({
    id,
    submission: z
      .int()
      .min(1)
      .describe('The version of the submission that you read: another one is not decided unseen.'),
    decision: z.enum(['approve', 'ask_for_more', 'refuse']).describe('`approve`, `ask_for_more` or `refuse`.'),
    reason: reason.describe(REASON),
    commercial_authorisation: z
      .boolean()
      .optional()
      .describe(
        'Whether commercial use is authorised: required to approve a submission that asks for it; of a change as before where left out.',
      ),
  }),
  output: accountObject,
  example: {
    path: { id: ID },
    body: {
      submission: 1,
      decision: 'approve',
      reason: 'The company is in the register, and the use is allowed.',
      commercial_authorisation: true,
    },
    answer: APPROVED,
  },
} as const;

export const changeAccountStatus = {
  entry: DECIDE,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/status',
  summary: 'Freezes, unfreezes or closes an account, with a reason that its owner is told.',
  input: z.strictObject({
    id,
    action: z
      .enum(STATUS_ACTION_NAMES)
      .describe(`${STATUS_ACTION_NAMES.map(name => `\`${name}\` ${STATUS_ACTIONS[name].description}`).join(', ')}.`),
    reason: reason.describe(REASON),
  }),
  output: accountObject,
  example: {
    path: { id: ID },
    body: { action: 'freeze', reason: 'Keys of the account were found on a public page.' },
    answer: { ...APPROVED, status: 'frozen', status_since: '2026-12-01T21:03:17.000Z' },
  },
} as const;

export const correctCommercialUse = {
  entry: DECIDE,
  ...operators,
  method: 'PUT',
  path: '/v1/operators/accounts/{id}/commercial-use',
  summary:
    'Corrects what was decided about commercial use of an approved account, with a reason that its owner is told.',
  input: z.strictObject({
    id,
    authorised: z.boolean().describe('Whether commercial use is authorised from now on.'),
    reason: reason.describe(REASON),
  }),
  output: accountObject,
  example: {
    path: { id: ID },
    body: { authorised: true, reason: 'It was requested with the application, and left out by mistake.' },
    answer: APPROVED,
  },
} as const;

export const OPERATORS: Family = {
  name: 'Operators',
  about: 'For staff: applications and accounts, decisions about qualifications, statuses and commercial use.',
  dialect: 'platform',
  routes: {
    listApplications,
    listAccounts,
    inspectAccount,
    decideQualification,
    changeAccountStatus,
    correctCommercialUse,
  },
  refuses: ['not_found', 'wrong_state', 'region_not_served', 'busy'],
};
