/** Calls about qualifications, and calls of operators. */
import type { Example } from '../../../http/route.ts';
import { ACCOUNT_EXAMPLE, DECLARED_USE } from './accounts.ts';

const ID = 'acct_019f2a6a0c00Ab3dEfGh5JkLmN';
const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const DOCUMENT = {
  ...{ id: 'doc_019f2a6a4e10Zx9cVbNm3QwErT', object: 'qualification.document', kind: 'company_registration' },
  ...{ content_type: 'application/pdf', bytes: 184220, sha256: SHA256, file_name: 'register.pdf' },
  ...{ state: 'submitted', created_at: '2026-11-24T09:20:10.000Z' },
};
const STATEMENT = 'We teach Spanish to children; the films are shown in class.';
const SUBMISSION = {
  ...{ version: 1, submitted_at: '2026-11-24T09:24:31.000Z', documents: [DOCUMENT.id], declared_use: DECLARED_USE },
  ...{ commercial_authorisation: true, statement: STATEMENT, decision: null },
};
const SUBMITTED = { ...ACCOUNT_EXAMPLE, status: 'submitted', status_since: '2026-11-24T09:24:31.000Z' };
const QUALIFICATION = {
  ...{ object: 'qualification', status: 'submitted', next_step: 'wait: a reviewer has your documents' },
  submissions: [SUBMISSION],
};
const APPROVED = {
  ...{ ...SUBMITTED, status: 'active', status_since: '2026-11-25T08:30:11.000Z' },
  commercial_use: { authorised: true, decided_at: '2026-11-25T08:30:11.000Z' },
};
const SUMMARY = { id: ID, name: 'Ana Faro', kind: 'company', country: 'ES' };
/** As it looks; what follows the sign is the signature. */
const LINK = `https://media.example/accounts/${ID}/qualification/${DOCUMENT.id}?X-Amz-Signature=0f3a`;

export const OPERATORS: Readonly<Record<string, Example>> = {
  addDocument: {
    body: {
      ...{ kind: 'company_registration', content_type: 'application/pdf', bytes: 184220, sha256: SHA256 },
      file_name: 'register.pdf',
    },
    answer: {
      ...{ ...DOCUMENT, state: 'announced' },
      upload: {
        ...{ method: 'PUT', url: LINK, expires_at: '2026-11-24T09:30:10.000Z' },
        headers: {
          ...{ 'content-type': 'application/pdf', 'content-length': '184220' },
          'x-amz-checksum-sha256': 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=',
        },
      },
    },
  },
  listDocuments: { answer: { object: 'list', data: [DOCUMENT] } },
  readQualification: { answer: QUALIFICATION },
  submitQualification: {
    body: {
      ...{ documents: [DOCUMENT.id], declared_use: DECLARED_USE, commercial_authorisation: true },
      statement: STATEMENT,
    },
    answer: QUALIFICATION,
  },
  listApplications: {
    query: { status: 'submitted', limit: 20 },
    answer: {
      object: 'list',
      data: [
        {
          ...{ ...SUMMARY, object: 'application', status: 'submitted' },
          ...{ status_since: SUBMITTED.status_since, age_seconds: 83140 },
        },
      ],
      next_cursor: null,
    },
  },
  listAccounts: {
    query: { limit: 1 },
    answer: {
      object: 'list',
      data: [
        {
          ...{ ...SUMMARY, object: 'account.summary', status: 'submitted', plan: 'trial' },
          created_at: SUBMITTED.created_at,
        },
      ],
      next_cursor: 'MjAyNi0xMS0yNFQwOToxMjo0NC4wMDBaIGFjY3RfMDE5ZjJhNmEwYzAwQWIzZEVmR2g1SmtMbU4',
    },
  },
  inspectAccount: {
    path: { id: ID },
    answer: {
      ...{ ...SUBMITTED, status_reason: null, submissions: [SUBMISSION] },
      documents: [{ ...DOCUMENT, url: LINK }],
    },
  },
  decideQualification: {
    path: { id: ID },
    body: {
      ...{ submission: 1, decision: 'approve', commercial_authorisation: true },
      reason: 'The company is in the register, and the use is allowed.',
    },
    answer: APPROVED,
  },
  changeAccountStatus: {
    path: { id: ID },
    body: { action: 'freeze', reason: 'Keys of the account were found on a public page.' },
    answer: { ...APPROVED, status: 'frozen', status_since: '2026-12-01T21:03:17.000Z' },
  },
};
