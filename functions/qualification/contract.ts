/** How an account shows that it may use the service: documents, their submission, and what was decided. */
import * as z from 'zod';
import { declaredUse, shownUse } from '../accounts/fields-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const QUALIFICATION: Entry = {
  source: 'functions/qualification/qualification.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'Query'], documents: ['GetObject', 'PutObject'] },
  // A document of 10 MB is read as bytes and as text.
  memory: 1024,
};

export const DOCUMENT_KINDS = ['identity', 'company_registration', 'authorisation', 'other'] as const;
export const DOCUMENT_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;
export const DOCUMENT_MAX_BYTES = 10 * 1024 * 1024;
/** Of one submission. */
export const MOST_DOCUMENTS = 10;

const own = { roles: ['developer'] } as const;
const documentId = z.string().regex(/^doc_[0-9A-Za-z]{1,60}$/, 'it must be the id of a document');

export const documentMembers = {
  id: z.string(),
  object: z.literal('qualification.document'),
  kind: z.enum(DOCUMENT_KINDS),
  content_type: z.enum(DOCUMENT_TYPES),
  bytes: z.int(),
  sha256: z.string(),
  file_name: z.string().nullable(),
  state: z.enum(['announced', 'submitted']),
  created_at: z.string(),
};
const documentObject = z.object(documentMembers);

export const addDocument = {
  entry: QUALIFICATION,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/qualification/documents',
  summary: 'Announces a document, and answers where to PUT its bytes within minutes.',
  input: z.strictObject({
    kind: z.enum(DOCUMENT_KINDS),
    content_type: z.enum(DOCUMENT_TYPES),
    bytes: z.int().min(1).max(DOCUMENT_MAX_BYTES),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'it must be the SHA-256 of the file as 64 hex digits in small letters'),
    file_name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}/\\]*$/u, 'it must be a name without a folder')
      .optional(),
  }),
  output: documentObject.extend({
    upload: z.object({
      method: z.literal('PUT'),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      expires_at: z.string(),
    }),
  }),
  success: { status: 201, contentType: 'application/json' },
} as const;

export const listDocuments = {
  entry: QUALIFICATION,
  ...own,
  capability: 'read',
  method: 'GET',
  path: '/v1/account/qualification/documents',
  summary: 'Lists the documents of the account, newest first.',
  input: z.strictObject({}),
  output: z.object({ object: z.literal('list'), data: z.array(documentObject) }),
} as const;

export const submissionMembers = {
  version: z.int(),
  submitted_at: z.string(),
  documents: z.array(z.string()),
  declared_use: shownUse,
  commercial_authorisation: z.boolean(),
  statement: z.string(),
  decision: z
    .object({
      outcome: z.enum(['approve', 'ask_for_more', 'refuse']),
      reason: z.string(),
      commercial_authorisation: z.boolean(),
      decided_at: z.string(),
    })
    .nullable(),
};
const qualification = z.object({
  object: z.literal('qualification'),
  status: z.string(),
  next_step: z.string().nullable(),
  submissions: z.array(z.object(submissionMembers)),
});

export const readQualification = {
  entry: QUALIFICATION,
  ...own,
  capability: 'read',
  method: 'GET',
  path: '/v1/account/qualification',
  summary: 'Reads what was submitted and what was decided, newest first.',
  input: z.strictObject({}),
  output: qualification,
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
      .refine(ids => new Set(ids).size === ids.length, 'it must name each document once'),
    declared_use: declaredUse,
    commercial_authorisation: z.boolean(),
    statement: z.string().trim().min(1).max(2000),
  }),
  output: qualification,
} as const;

export const QUALIFICATIONS: Family = {
  name: 'Qualification',
  about: 'Show who you are and what you use the service for: documents, their submission, and what was decided.',
  dialect: 'platform',
  routes: { addDocument, listDocuments, submitQualification, readQualification },
  refuses: ['account_not_active', 'wrong_state', 'busy'],
};
