/** Accounts as operators list, review, freeze and close them. */
import * as z from 'zod';
import { accountMembers, cursor, reason } from '../accounts/fields-contract.ts';
import { APPLYING } from '../catalogue/account-status.ts';
import { pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { documentMembers, submissionMembers } from './contract.ts';

const REVIEW: Entry = {
  source: 'functions/qualification/review.lambda.ts',
  uses: { core: ['GetItem', 'Query', 'Query applications', 'Query accounts'], documents: ['GetObject'] },
};

const DECIDE: Entry = {
  source: 'functions/qualification/decide-account.lambda.ts',
  uses: { core: ['GetItem', 'UpdateItem'], ledger: ['PutItem'], mail: ['send'], usagePlans: ['join'] },
  settings: ['REFUSED_REGIONS'],
};

const operators = { roles: ['operator'] } as const;
const id = z.string().max(100);

export const listApplications = {
  entry: REVIEW,
  ...operators,
  method: 'GET',
  path: '/v1/operators/applications',
  summary: 'Lists accounts that are not approved by their status, those that wait longest first.',
  input: z.strictObject({ status: z.enum(APPLYING).optional(), limit: pageLimit, cursor }),
  output: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('application'),
        name: z.string(),
        kind: z.string().nullable(),
        country: z.string().nullable(),
        status: z.enum(APPLYING),
        status_since: z.string(),
        age_seconds: z.int(),
      }),
    ),
    next_cursor: z.string().nullable(),
  }),
} as const;

export const listAccounts = {
  entry: REVIEW,
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts',
  summary: 'Lists all accounts, newest first.',
  input: z.strictObject({ limit: pageLimit, cursor }),
  output: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('account.summary'),
        name: z.string(),
        kind: z.string().nullable(),
        country: z.string().nullable(),
        status: z.string(),
        plan: z.string(),
        created_at: z.string(),
      }),
    ),
    next_cursor: z.string().nullable(),
  }),
} as const;

export const reviewedAccount = z.object({
  ...accountMembers,
  status_reason: z.string().nullable(),
  submissions: z.array(z.object(submissionMembers)),
  documents: z.array(z.object({ ...documentMembers, url: z.string().nullable() })),
});

export const inspectAccount = {
  entry: REVIEW,
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts/{id}',
  summary: 'Reads an account with its submissions and documents; each reading is recorded.',
  input: z.strictObject({ id }),
  output: reviewedAccount,
} as const;

export const decideQualification = {
  entry: DECIDE,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/qualification',
  summary: 'Decides a submission: approves the account, asks for more, or refuses.',
  input: z.strictObject({
    id,
    submission: z.int().min(1),
    decision: z.enum(['approve', 'ask_for_more', 'refuse']),
    reason,
    commercial_authorisation: z.boolean().optional(),
  }),
  output: z.object(accountMembers),
} as const;

export const changeAccountStatus = {
  entry: DECIDE,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/status',
  summary: 'Freezes, unfreezes or closes an account, with a reason that its owner is told.',
  input: z.strictObject({ id, action: z.enum(['freeze', 'unfreeze', 'close']), reason }),
  output: z.object(accountMembers),
} as const;

export const OPERATORS: Family = {
  name: 'Operators',
  about: 'For staff: applications and accounts, decisions about qualifications, and statuses.',
  dialect: 'platform',
  routes: { listApplications, listAccounts, inspectAccount, decideQualification, changeAccountStatus },
  refuses: ['not_found', 'wrong_state', 'region_not_served', 'busy'],
};
