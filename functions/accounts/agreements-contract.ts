/** What an account agrees to: versions of the terms, and uses of its content that need a consent. */

import * as z from 'zod';
import { wholeList } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const AGREEMENTS: Entry = {
  source: 'functions/accounts/agreements.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'Query'] },
};

export const CONSENT_NAMES = ['promotion', 'improvement'] as const;

/** What is consented to, in the words of this version. */
export const CONSENT_WORDING = {
  version: '2026-11-01',
  promotion:
    'The platform may show videos of this account to others, with the name of the account, to promote the service.',
  improvement:
    'The platform may use prompts, uploads and videos of this account to improve its models and its screening.',
} as const;

const own = { roles: ['developer'], capability: 'read' } as const;
const acceptance = z
  .object({
    object: z.literal('terms.acceptance').describe('What this is.'),
    version: z.string().describe('The version of the terms.'),
    accepted_at: z.string().describe('When it was accepted, UTC.'),
    accepted_by: z.string().describe('The person, or the key that went on using the API.'),
    how: z
      .string()
      .describe('`registration`, `accepted` by a call, or `continued_use` of the API after it came into effect.'),
  })
  .meta({ id: 'TermsAcceptance', description: 'A version of the terms that was accepted.' });
const termsList = z
  .object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(acceptance).describe('What was accepted, newest version first.'),
    has_more: wholeList,
  })
  .meta({ id: 'TermsAcceptances', description: 'The versions of the terms that were accepted for the account.' });
const ACCEPTANCES = {
  object: 'list',
  data: [
    {
      object: 'terms.acceptance',
      version: '2026-11-01',
      accepted_at: '2026-11-24T09:12:44.000Z',
      accepted_by: 'user_5b1c2f0e',
      how: 'registration',
    },
  ],
  has_more: false,
};

export const acceptTerms = {
  entry: AGREEMENTS,
  ...own,
  method: 'POST',
  path: '/v1/account/terms',
  summary: 'Accepts a version of the terms; which there are is read at /v1/terms.',
  input: z.strictObject({
    version: z.string().max(20).describe('The version in effect, or one that is announced.'),
  }),
  output: termsList,
  example: { body: { version: '2026-11-01' }, answer: ACCEPTANCES },
} as const;

export const listAcceptances = {
  entry: AGREEMENTS,
  ...own,
  method: 'GET',
  path: '/v1/account/terms',
  summary: 'Lists the versions of the terms that were accepted for the account, newest first.',
  input: z.strictObject({}),
  output: termsList,
  example: { answer: ACCEPTANCES },
} as const;

const consent = z
  .object({
    given: z.boolean().describe('Whether you consent; you do not until you say so.'),
    wording: z.string().describe('What you consent to.'),
    wording_version: z.string().describe('The version of that wording.'),
    changed_at: z.string().nullable().describe('When it was given or withdrawn last, UTC.'),
    changed_by: z.string().nullable().describe('The person who gave or withdrew it.'),
  })
  .meta({ id: 'Consent', description: 'A consent to a use of your content.' });
const consents = z
  .object({
    object: z.literal('consents').describe('What this is.'),
    promotion: consent.describe('Showing your videos to promote the service.'),
    improvement: consent.describe('Using your content to improve the service.'),
  })
  .meta({ id: 'Consents', description: 'The consents of the account.' });

const WITHHELD = { given: false, wording_version: CONSENT_WORDING.version, changed_at: null, changed_by: null };
const CONSENTS = {
  object: 'consents',
  promotion: { ...WITHHELD, wording: CONSENT_WORDING.promotion },
  improvement: { ...WITHHELD, wording: CONSENT_WORDING.improvement },
};
const GIVEN = {
  ...CONSENTS.promotion,
  given: true,
  changed_at: '2026-11-26T10:00:00.000Z',
  changed_by: 'user_5b1c2f0e',
};

export const readConsents = {
  entry: AGREEMENTS,
  ...own,
  method: 'GET',
  path: '/v1/account/consents',
  summary: 'Reads what the account consented to: nothing, until it says so.',
  input: z.strictObject({}),
  output: consents,
  example: { answer: CONSENTS },
} as const;

export const changeConsents = {
  entry: AGREEMENTS,
  ...own,
  method: 'PUT',
  path: '/v1/account/consents',
  summary: 'Gives or withdraws consents; what is left out stays.',
  input: z.strictObject({
    promotion: z.boolean().optional().describe('Whether your videos may be shown to promote the service.'),
    improvement: z.boolean().optional().describe('Whether your content may be used to improve the service.'),
    wording_version: z.string().max(20).describe('The version of the wording that you read with `GET`.'),
  }),
  output: consents,
  example: {
    body: { promotion: true, wording_version: CONSENT_WORDING.version },
    answer: { ...CONSENTS, promotion: GIVEN },
  },
} as const;

export const AGREED: Family = {
  name: 'Agreements',
  about: 'Versions of the terms that were accepted, and consents to uses of your content.',
  dialect: 'platform',
  routes: { acceptTerms, listAcceptances, readConsents, changeConsents },
  refuses: ['account_not_active', 'wrong_state', 'busy'],
};
