/** What an account agrees to: versions of the terms, and uses of its content that need a consent. */
import * as z from 'zod';
import type { Entry, Family } from '../http/route.ts';

const AGREEMENTS: Entry = {
  source: 'functions/accounts/agreements.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'Query'] },
};

export const CONSENT_NAMES = ['promotion', 'improvement'] as const;

const own = { roles: ['developer'], capability: 'read' } as const;
const termsList = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('terms.acceptance'),
      version: z.string(),
      accepted_at: z.string(),
      accepted_by: z.string(),
      how: z.string(),
    }),
  ),
});

export const acceptTerms = {
  entry: AGREEMENTS,
  ...own,
  method: 'POST',
  path: '/v1/account/terms',
  summary: 'Accepts a version of the terms; which there are is read at /v1/terms.',
  input: z.strictObject({ version: z.string().max(20) }),
  output: termsList,
} as const;

export const listAcceptances = {
  entry: AGREEMENTS,
  ...own,
  method: 'GET',
  path: '/v1/account/terms',
  summary: 'Lists the versions of the terms that were accepted for the account, newest first.',
  input: z.strictObject({}),
  output: termsList,
} as const;

const consent = z.object({
  given: z.boolean(),
  wording: z.string(),
  wording_version: z.string(),
  changed_at: z.string().nullable(),
  changed_by: z.string().nullable(),
});
const consents = z.object({ object: z.literal('consents'), promotion: consent, improvement: consent });

export const readConsents = {
  entry: AGREEMENTS,
  ...own,
  method: 'GET',
  path: '/v1/account/consents',
  summary: 'Reads what the account consented to: nothing, until it says so.',
  input: z.strictObject({}),
  output: consents,
} as const;

export const changeConsents = {
  entry: AGREEMENTS,
  ...own,
  method: 'PUT',
  path: '/v1/account/consents',
  summary: 'Gives or withdraws consents; what is left out stays.',
  input: z.strictObject({
    promotion: z.boolean().optional(),
    improvement: z.boolean().optional(),
    wording_version: z.string().max(20),
  }),
  output: consents,
} as const;

export const AGREED: Family = {
  name: 'Agreements',
  about: 'Versions of the terms that were accepted, and consents to uses of your content.',
  dialect: 'platform',
  routes: { acceptTerms, listAcceptances, readConsents, changeConsents },
  refuses: ['account_not_active', 'wrong_state', 'busy'],
};
