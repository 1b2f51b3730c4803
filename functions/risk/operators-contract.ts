/** Cases as staff read and decide them, and reports about them to an authority. */
import * as z from 'zod';
import { line, reason } from '../accounts/fields-contract.ts';
import { auditEventObject } from '../audit/contract.ts';
import { RISK_ACTS } from '../catalogue/risk-rules.ts';
import { afterPlace, pageLimit, pagePlaces } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const CASES: Entry = {
  source: 'functions/risk/cases.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'Query keysByAccount'],
    jobs: ['PutItem'],
    audit: ['PutItem', 'Query'],
  },
};

const operators = { entry: CASES, roles: ['operator'] } as const;
const id = z
  .string()
  .regex(/^case_[0-9A-Za-z]{1,60}$/, 'it must be the id of a case')
  .describe('The id of a case.');

export const caseObject = z.object({
  id: z.string().describe('The id of the case.'),
  object: z.literal('case').describe('What this is.'),
  account_id: z.string().describe('The account.'),
  key_id: z.string().nullable().describe('The key whose use it is; null: of the account.'),
  rule: z.string().describe('The rule that was met.'),
  clause: z.string().describe('Its clause of the platform terms.'),
  seen: z.string().describe('What was seen.'),
  why: z.string().describe('Why the rule has its numbers.'),
  did: z.array(z.enum(RISK_ACTS)).describe('What was done about it by itself.'),
  declared_use: z.array(z.string()).describe('What the account said that it is for.'),
  violation_id: z.string().nullable().describe('The violation that was recorded with it.'),
  from: z.string().describe('Within which it was seen, UTC.'),
  to: z.string().describe('Until when.'),
  created_at: z.string().describe('When, UTC.'),
  state: z
    .enum(['open', 'dismissed', 'confirmed', 'acknowledged'])
    .describe('`acknowledged` by the people of the account, who made the key active again.'),
  reason: z.string().nullable().describe('Why it was decided so.'),
  decided_at: z.string().nullable().describe('When it was decided, UTC.'),
});

const CASE_EXAMPLE = {
  id: 'case_4fKdX7Qa9sLpA2Rt0bNmKj8HgF',
  object: 'case',
  account_id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN',
  key_id: 'key_019f2a6a0c00Tq5vWxYz7AbCdE',
  rule: 'id_probing',
  clause: '2.4',
  seen: '40 different ids tried within an hour that are not of the account, from 2026-11-30 09:00 UTC',
  why: 'Forty different ids that it never had are no slip of one program.',
  did: ['suspend_key', 'warn'],
  declared_use: ['education'],
  violation_id: 'viol_019f2a6b2d00Hc8Jk2LmN4pQrS',
  from: '2026-11-30T09:00:00.000Z',
  to: '2026-11-30T10:00:00.000Z',
  created_at: '2026-11-30T09:14:07.000Z',
  state: 'open',
  reason: null,
  decided_at: null,
};

export const listCases = {
  ...operators,
  method: 'GET',
  path: '/v1/operators/cases',
  summary: 'Lists the cases that nobody has decided, the oldest first.',
  input: z.strictObject({ limit: pageLimit, after: afterPlace }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(caseObject).describe('The cases on this page.'),
    ...pagePlaces,
  }),
  example: {
    query: { limit: 20 },
    answer: { object: 'list', data: [CASE_EXAMPLE], first_id: null, last_id: null, has_more: false },
  },
} as const;

export const readCase = {
  ...operators,
  method: 'GET',
  path: '/v1/operators/cases/{id}',
  summary: 'Reads a case; each view is recorded.',
  input: z.strictObject({ id }),
  output: caseObject,
  example: { path: { id: CASE_EXAMPLE.id }, answer: CASE_EXAMPLE },
} as const;

export const decideCase = {
  ...operators,
  method: 'POST',
  path: '/v1/operators/cases/{id}',
  summary:
    'Decides a case: dismissed, its key is active again, its violation is lifted, and the owner is told why. The same call again is the same decision.',
  input: z.strictObject({
    id,
    decision: z.enum(['dismiss', 'confirm']).describe('`confirm` leaves what was done as it is.'),
    reason: reason.describe('Why, in words that the account is told.'),
  }),
  output: caseObject,
  example: {
    path: { id: CASE_EXAMPLE.id },
    body: { decision: 'dismiss', reason: 'A fault of their program, which they have mended.' },
    answer: {
      ...CASE_EXAMPLE,
      state: 'dismissed',
      reason: 'A fault of their program, which they have mended.',
      decided_at: '2026-11-30T11:00:00.000Z',
    },
  },
} as const;

const preparedReport = z.object({
  id: z.string().describe('The id of the report.'),
  object: z.literal('case.report').describe('What this is.'),
  case_id: z.string().describe('The case.'),
  authority: z.string().describe('For whom it was prepared.'),
  prepared_at: z.string().describe('When, UTC.'),
  sha256: z.string().describe('SHA-256 of its bytes, in hex.'),
  bytes: z.int().describe('How many.'),
});

const REPORT_ID = 'rep_9sLpA2Rt0bNmKj8HgF4fKdX7Qa';
const PREPARED = {
  id: REPORT_ID,
  object: 'case.report',
  case_id: CASE_EXAMPLE.id,
  authority: 'Police of the canton, cybercrime',
  prepared_at: '2026-11-30T11:05:00.000Z',
} as const;

export const prepareCaseReport = {
  ...operators,
  method: 'POST',
  path: '/v1/operators/cases/{id}/reports',
  summary:
    'Prepares a report about a case to an authority, and records that it was. The same call again is the same report.',
  input: z.strictObject({
    id,
    authority: line(200).describe('The authority that it is for.'),
    statement: reason.describe('What is stated to it.'),
  }),
  output: preparedReport,
  success: { status: 201, contentType: 'application/json' },
  example: {
    path: { id: CASE_EXAMPLE.id },
    body: { authority: PREPARED.authority, statement: 'Ids of others were tried with this key.' },
    answer: {
      ...PREPARED,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      bytes: 4_812,
    },
  },
} as const;

export const reportObject = z.object({
  id: z.string().describe('The id of the report.'),
  object: z.literal('case.report').describe('What this is.'),
  authority: z.string().describe('For whom it was prepared.'),
  statement: z.string().describe('What is stated.'),
  prepared_at: z.string().describe('When, UTC.'),
  prepared_by: z.string().describe('Who of staff prepared it.'),
  case: caseObject.describe('The case as it was then.'),
  account: z
    .object({
      id: z.string().describe('Its id.'),
      name: z.string().describe('What it is called.'),
      kind: z.string().nullable().describe('`person` or `company`.'),
      email: z.string().nullable().describe('Where it is written to.'),
      country: z.string().nullable().describe('Where it is.'),
      created_at: z.string().describe('Since when.'),
    })
    .describe('The account.'),
  events: z.array(auditEventObject).describe('What the audit trail has of it, newest first.'),
  events_complete: z.boolean().describe('Whether these are all; if not, they are the latest.'),
});

export const readCaseReport = {
  ...operators,
  method: 'GET',
  path: '/v1/operators/cases/{id}/reports/{report}',
  summary: 'Reads a report as it was prepared, byte for byte; each view is recorded.',
  input: z.strictObject({
    id,
    report: z
      .string()
      .regex(/^rep_[0-9A-Za-z]{1,60}$/, 'it must be the id of a report')
      .describe('The id of a report of the case.'),
  }),
  output: reportObject,
  example: {
    path: { id: CASE_EXAMPLE.id, report: REPORT_ID },
    answer: {
      id: PREPARED.id,
      object: PREPARED.object,
      authority: PREPARED.authority,
      statement: 'Ids of others were tried with this key.',
      prepared_at: PREPARED.prepared_at,
      prepared_by: 'staff_5b1c2f0e',
      case: CASE_EXAMPLE,
      account: {
        id: CASE_EXAMPLE.account_id,
        name: 'Example Studio',
        kind: 'company',
        email: 'studio@example.com',
        country: 'CH',
        created_at: '2026-10-01T08:00:00.000Z',
      },
      events: [],
      events_complete: true,
    },
  },
} as const;

export const RISK_CASES: Family = {
  name: 'Cases',
  about: 'For staff: use that met a rule, what is decided about it, and reports to an authority.',
  dialect: 'platform',
  routes: { listCases, readCase, decideCase, prepareCaseReport, readCaseReport },
  refuses: ['not_found', 'wrong_state', 'busy'],
};
