/** The standing of an account as its own people read it, and appeal. */
import * as z from 'zod';
import { reason } from '../accounts/fields-contract.ts';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { APPEAL_EXAMPLE, appealObject, STANDING_EXAMPLE, standingObject } from './standing-objects-contract.ts';

const STANDING: Entry = {
  source: 'functions/enforcement/standing.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'Query'], jobs: ['PutItem'] },
};

/** Whatever the standing: who is suspended may read why, and appeal. */
const own = { entry: STANDING, roles: ['developer'], capability: 'read' } as const;

export const findingId = z.string().max(100);

export const readStanding = {
  ...own,
  method: 'GET',
  path: '/v1/account/standing',
  summary: 'Reads the standing of the account: points, what is taken away, and what comes next.',
  input: z.strictObject({}),
  output: standingObject,
  example: { answer: STANDING_EXAMPLE },
} as const;

export const appealStanding = {
  ...own,
  method: 'POST',
  path: '/v1/account/appeals',
  summary: 'Appeals against a violation or a measure; the same call again is the same appeal.',
  input: z.strictObject({
    subject: findingId.describe('The id of the violation or the measure.'),
    text: reason.describe('Why another decision is asked for.'),
  }),
  output: appealObject,
  success: { status: 201, contentType: 'application/json' },
  example: {
    body: { subject: APPEAL_EXAMPLE.id, text: APPEAL_EXAMPLE.text },
    answer: APPEAL_EXAMPLE,
  },
} as const;

export const listAppeals = {
  ...own,
  method: 'GET',
  path: '/v1/account/appeals',
  summary: 'Lists the appeals of the account, those against the newest first.',
  input: z.strictObject({
    limit: pageLimit,
    after: z
      .string()
      .regex(/^(?:viol|meas)_[0-9A-Za-z]{1,60}$/, 'it must be the id of an appeal')
      .optional()
      .describe(afterId),
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(appealObject).describe('The appeals on this page.'),
    ...pageEnds,
  }),
  example: {
    query: { limit: 20 },
    answer: {
      object: 'list',
      data: [APPEAL_EXAMPLE],
      first_id: APPEAL_EXAMPLE.id,
      last_id: APPEAL_EXAMPLE.id,
      has_more: false,
    },
  },
} as const;

export const STANDINGS: Family = {
  name: 'Standing',
  about:
    'How an account has used the service: points of violations, what follows from them, and appeals. While it is not good, every answer carries it in the header `mutoscope-standing`.',
  dialect: 'platform',
  routes: { readStanding, appealStanding, listAppeals },
  refuses: ['account_not_active', 'not_found', 'wrong_state', 'busy'],
};
