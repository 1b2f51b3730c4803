/** How staff find the account of a customer who writes. */
import * as z from 'zod';
import { FOUND_BY_NAMES } from '../catalogue/found-by.ts';
import { hasMore } from '../http/page-contract.ts';
import type { Entry } from '../http/route.ts';

export const HELP: Entry = {
  source: 'functions/support/help.lambda.ts',
  uses: {
    core: ['GetItem', 'Query', 'Query keysByAccount'],
    jobs: ['GetItem', 'Query', 'Query byStart'],
    ledger: ['Query', 'Query byTime'],
    audit: ['GetItem', 'Query byActor', 'Query byRequest'],
  },
};

export const searchAccounts = {
  entry: HELP,
  roles: ['operator', 'finance'],
  method: 'POST',
  path: '/v1/operators/search',
  summary:
    'Finds accounts by what a customer writes: an address, a name, a company, or an id; each search is recorded.',
  input: z.strictObject({
    query: z
      .string()
      .trim()
      .min(3)
      .max(200)
      .describe(
        'How an e-mail address, a name, a company or the hint of a key begins; or the whole id of an account, a key, a video or a request.',
      ),
  }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z
      .array(
        z.object({
          object: z.literal('search.match').describe('What this is.'),
          by: z.enum(FOUND_BY_NAMES).describe('By what it was found.'),
          is_current: z.boolean().describe('Whether it is called so still, or written to there.'),
          key_id: z.string().nullable().describe('The key, where it was found by one.'),
          account: z
            .object({
              id: z.string().describe('The id of the account.'),
              name: z.string().describe('Who the account is of.'),
              company: z.string().nullable().describe('The company; null where it is of a person.'),
              status: z.string().describe('The status of the account.'),
              plan: z.string().describe('Its plan.'),
              created_at: z.string().describe('When it was registered, UTC.'),
            })
            .describe('The account, as it is now.'),
        }),
      )
      .describe('At most 20; narrow the query where there are more.'),
    has_more: hasMore,
  }),
  example: {
    body: { query: 'ana@faro' },
    answer: {
      object: 'list',
      data: [
        {
          object: 'search.match',
          by: 'email',
          is_current: true,
          key_id: null,
          account: {
            id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN',
            name: 'Ana Faro',
            company: 'Faro Cursos S.L.',
            status: 'active',
            plan: 'essential',
            created_at: '2026-11-24T09:12:44.000Z',
          },
        },
      ],
      has_more: false,
    },
  },
} as const;
