/** What an account agrees to: versions of the terms, and uses of its content that need a consent. */
import * as z from 'zod';

export const CONSENT_NAMES = ['promotion', 'improvement'] as const;

const own = { roles: ['developer'], act: 'read' } as const;
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
  ...own,
  method: 'POST',
  path: '/v1/account/terms',
  summary: 'Accepts a version of the terms; which there are is read at /v1/terms.',
  input: z.strictObject({ version: z.string().max(20) }),
  output: termsList,
} as const;

export const listAcceptances = {
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
  ...own,
  method: 'GET',
  path: '/v1/account/consents',
  summary: 'Reads what the account consented to: nothing, until it says so.',
  input: z.strictObject({}),
  output: consents,
} as const;

export const changeConsents = {
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
