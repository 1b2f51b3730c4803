/** How an account shows that it may use the service: documents, their submission, and what was decided. */

import * as z from 'zod';
import { accountObject, profileInput, VERIFIED_EXAMPLE } from '../accounts/contract.ts';
import { accountFields, DECLARED_USE_EXAMPLE, declaredUse, nextStep, shownUse } from '../accounts/fields-contract.ts';
import { list } from '../catalogue/models.ts';
import { wholeList } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const QUALIFICATION: Entry = {
  source: 'functions/qualification/qualification.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'Query'],
    documents: ['GetObject', 'PutObject', 'PutObjectTagging'],
  },
  // A document of 10 MB is read as bytes and as text.
  memory: 1024,
};

const DOCUMENT_KINDS = ['identity', 'company_registration', 'authorisation', 'other'] as const;
const DOCUMENT_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;
const DOCUMENT_MAX_BYTES = 10 * 1024 * 1024;
/** Of one submission. */
const MOST_DOCUMENTS = 10;

const own = { roles: ['developer'] } as const;
const documentId = z.string().regex(/^doc_[0-9A-Za-z]{1,60}$/, 'it must be the id of a document');

const documentFields = {
  id: z.string().describe('The id of the document.'),
  object: z.literal('qualification.document').describe('What this is.'),
  kind: z.enum(DOCUMENT_KINDS).describe('What the document shows.'),
  content_type: z.enum(DOCUMENT_TYPES).describe('What its bytes are.'),
  bytes: z.int().describe('How large it is, in bytes.'),
  sha256: z.string().describe('The SHA-256 of its bytes, as 64 hex digits.'),
  file_name: z.string().nullable().describe('The name of the file.'),
  state: z.enum(['announced', 'submitted']).describe('`announced`, or `submitted` once a submission named it.'),
  created_at: z.string().describe('When it was announced, UTC.'),
};
export const documentObject = z
  .object({
    ...documentFields,
    url: z
      .string()
      .nullable()
      .optional()
      .describe('For reviewers: a link to it, valid for five minutes; null where it was not submitted.'),
  })
  .meta({ id: 'QualificationDocument', description: 'A document of a qualification.' });
export const DOCUMENT_EXAMPLE = {
  id: 'doc_019f2a6a4e10Zx9cVbNm3QwErT',
  object: 'qualification.document',
  kind: 'company_registration',
  content_type: 'application/pdf',
  bytes: 184220,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  file_name: 'register.pdf',
  state: 'submitted',
  created_at: '2026-11-24T09:20:10.000Z',
};
/** What follows the sign is the signature. */
export const DOCUMENT_LINK_EXAMPLE =
  'https://documents.example/accounts/acct_019f2a6a0c00Ab3dEfGh5JkLmN/doc_019f2a6a4e10Zx9cVbNm3QwErT?X-Amz-Signature=0f3a';

export const addDocument = {
  entry: QUALIFICATION,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/qualification/documents',
  summary: 'Announces a document, and returns where to PUT its bytes within minutes.',
  input: z.strictObject({
    kind: z.enum(DOCUMENT_KINDS).describe(`One of ${list(DOCUMENT_KINDS)}.`),
    content_type: z.enum(DOCUMENT_TYPES).describe(`One of ${list(DOCUMENT_TYPES)}.`),
    bytes: z.int().min(1).max(DOCUMENT_MAX_BYTES).describe('How large the file is, at most 10 MB.'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'it must be the SHA-256 of the file as 64 hex digits in small letters')
      .describe('The SHA-256 of the file as 64 hex digits: the upload takes no other file.'),
    file_name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}/\\]*$/u, 'it must be a name without a folder')
      .optional()
      .describe('The name of the file, for the reviewer.'),
  }),
  output: z.object({
    ...documentFields,
    upload: z
      .object({
        method: z.literal('PUT').describe('The method of the request.'),
        url: z.string().describe('Where to send the bytes; valid for ten minutes.'),
        headers: z.record(z.string(), z.string()).describe('Send these exactly: the signature covers them.'),
        expires_at: z.string().describe('When the URL expires, UTC.'),
      })
      .describe('How its bytes are sent.'),
  }),
  success: { status: 201, contentType: 'application/json' },
  example: {
    body: {
      kind: 'company_registration',
      content_type: 'application/pdf',
      bytes: 184220,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      file_name: 'register.pdf',
    },
    answer: {
      ...DOCUMENT_EXAMPLE,
      state: 'announced',
      upload: {
        method: 'PUT',
        url: DOCUMENT_LINK_EXAMPLE,
        headers: {
          'content-type': 'application/pdf',
          'content-length': '184220',
          'x-amz-checksum-sha256': 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=',
          'x-amz-tagging': 'retention=account',
        },
        expires_at: '2026-11-24T09:30:10.000Z',
      },
    },
  },
} as const;

export const listDocuments = {
  entry: QUALIFICATION,
  ...own,
  capability: 'read',
  method: 'GET',
  path: '/v1/account/qualification/documents',
  summary: 'Lists the documents of the account, newest first.',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(documentObject).describe('The documents, newest first.'),
    has_more: wholeList,
  }),
  example: { answer: { object: 'list', data: [DOCUMENT_EXAMPLE], has_more: false } },
} as const;

export const submissionObject = z
  .object({
    version: z.int().describe('The number of the submission: 1, 2, ….'),
    submitted_at: z.string().describe('When it was submitted, UTC.'),
    documents: z.array(z.string()).describe('The ids of its documents.'),
    name: accountFields.name.optional(),
    company: accountFields.company.optional(),
    declared_use: shownUse.describe('What was declared with it.'),
    commercial_authorisation: z.boolean().describe('Whether commercial use was requested.'),
    statement: z.string().describe('What the account told the reviewer.'),
    decision: z
      .object({
        outcome: z.enum(['approve', 'ask_for_more', 'refuse']).describe('`approve`, `ask_for_more` or `refuse`.'),
        reason: z.string().describe('Why.'),
        commercial_authorisation: z.boolean().describe('Whether commercial use was authorised.'),
        decided_at: z.string().describe('When it was decided, UTC.'),
      })
      .nullable()
      .describe('What was decided; null while it waits.'),
  })
  .meta({ id: 'Submission', description: 'A submission of a qualification.' });
const qualification = z
  .object({
    object: z.literal('qualification').describe('What this is.'),
    status: z.string().describe('The status of the account.'),
    next_step: nextStep,
    submissions: z.array(submissionObject).describe('What was submitted, newest first.'),
  })
  .meta({ id: 'Qualification', description: 'The qualification of an account.' });

export const SUBMISSION_EXAMPLE = {
  version: 1,
  submitted_at: '2026-11-24T09:24:31.000Z',
  documents: ['doc_019f2a6a4e10Zx9cVbNm3QwErT'],
  declared_use: DECLARED_USE_EXAMPLE,
  commercial_authorisation: true,
  statement: 'We teach Spanish to children; the videos are shown in class.',
  decision: null,
};
const QUALIFICATION_EXAMPLE = {
  object: 'qualification',
  status: 'submitted',
  next_step: 'wait: a reviewer has your documents',
  submissions: [SUBMISSION_EXAMPLE],
};

export const readQualification = {
  entry: QUALIFICATION,
  ...own,
  capability: 'read',
  method: 'GET',
  path: '/v1/account/qualification',
  summary: 'Reads what was submitted and what was decided, newest first.',
  input: z.strictObject({}),
  output: qualification,
  example: { answer: QUALIFICATION_EXAMPLE },
} as const;

export const submitQualification = {
  entry: QUALIFICATION,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/qualification',
  summary: 'Submits documents and the declared use to a reviewer.',
  input: z.strictObject({
    documents: z
      .array(documentId)
      .min(1)
      .max(MOST_DOCUMENTS)
      .refine(ids => new Set(ids).size === ids.length, 'it must name each document once')
      .describe(
        `The ids of up to ${MOST_DOCUMENTS} uploaded documents; a person sends one of kind identity, a company one of kind company_registration.`,
      ),
    declared_use: declaredUse.describe('What you make videos for.'),
    commercial_authorisation: z.boolean().describe('Whether you request to use your videos for commercial ends.'),
    statement: z.string().trim().min(1).max(2000).describe('What you tell the reviewer.'),
  }),
  output: qualification,
  example: {
    body: {
      documents: ['doc_019f2a6a4e10Zx9cVbNm3QwErT'],
      declared_use: DECLARED_USE_EXAMPLE,
      commercial_authorisation: true,
      statement: 'We teach Spanish to children; the videos are shown in class.',
    },
    answer: QUALIFICATION_EXAMPLE,
  },
} as const;

export const changeAccount = {
  entry: QUALIFICATION,
  ...own,
  capability: 'apply',
  method: 'PATCH',
  path: '/v1/account',
  summary:
    'Changes what the account says of itself; of an approved account, name, company and use once that is approved too.',
  input: profileInput,
  output: accountObject,
  example: { body: { phone: '+34 911 234 567' }, answer: VERIFIED_EXAMPLE },
} as const;

export const QUALIFICATIONS: Family = {
  name: 'Qualification',
  about: 'Show who you are and what you use the service for: documents, their submission, and what was decided.',
  dialect: 'platform',
  routes: { addDocument, listDocuments, submitQualification, readQualification, changeAccount },
  refuses: ['account_not_active', 'wrong_state', 'busy'],
};
