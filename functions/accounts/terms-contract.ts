/** The terms of use for a reader, who may not have an account yet. */
import * as z from 'zod';
import { wholeList } from '../http/page-contract.ts';
import type { OpenRoute } from '../http/route.ts';

const terms = z.object({
  version: z.string().describe('The version: the date on which it was written.'),
  title: z.string().describe('What the document is called.'),
  effective_at: z.string().describe('From when it is in effect, UTC.'),
  clauses: z.array(z.string()).describe('Its clauses, in plain text.'),
});

export const readTerms = {
  method: 'GET',
  path: '/v1/terms',
  summary: 'Reads the terms of use: every version, and which is in effect.',
  input: z.strictObject({}),
  answers: {
    200: {
      description: 'Done.',
      contentType: 'application/json',
      output: z.object({
        object: z.literal('list').describe('What this is.'),
        current: z.string().describe('The version in effect.'),
        data: z.array(terms).describe('All versions, oldest first.'),
        has_more: wholeList,
      }),
    },
  },
  example: {
    answer: {
      object: 'list',
      current: '2026-11-01',
      data: [
        {
          version: '2026-11-01',
          title: 'Terms of use of the video generation API',
          effective_at: '2026-11-01T00:00:00Z',
          clauses: ['You answer for what is done with your account and its keys.'],
        },
      ],
      has_more: false,
    },
  },
} as const satisfies OpenRoute;
