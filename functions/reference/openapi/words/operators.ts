/** What members mean in calls about qualifications, and in those of operators. */

import { APPLYING } from '../../../catalogue/account-status.ts';
import { list } from '../../../catalogue/models.ts';
import { DOCUMENT_KINDS, DOCUMENT_TYPES, MOST_DOCUMENTS } from '../../../qualification/contract.ts';
import type { Words } from '../words.ts';
import { ACCOUNT, of } from './accounts.ts';

export const OPERATORS_ASKED: Words = {
  'addDocument.kind': `One of ${list(DOCUMENT_KINDS)}.`,
  'addDocument.content_type': `One of ${list(DOCUMENT_TYPES)}.`,
  'addDocument.bytes': 'How large the file is, at most 10 MB.',
  'addDocument.sha256': 'The SHA-256 of the file as 64 hex digits: the upload takes no other file.',
  'addDocument.file_name': 'What it is called, for the reviewer.',
  'submitQualification.documents': `The ids of up to ${MOST_DOCUMENTS} uploaded documents; a person sends one of kind identity, a company one of kind company_registration.`,
  'submitQualification.commercial_authorisation': 'Whether you ask to use your videos for commercial ends.',
  'submitQualification.statement': 'What you tell the reviewer.',
  'listApplications.status': `One of ${list(APPLYING)}; submitted where left out.`,
  ...of(['listApplications', 'listAccounts'], {
    limit: 'How many on a page, at most 100; 20 where left out.',
    cursor: 'The `next_cursor` of the page before.',
  }),
  ...of(['inspectAccount', 'decideQualification', 'changeAccountStatus'], { id: 'The id of an account.' }),
  'decideQualification.submission': 'The version of the submission that you read: another one is not decided unseen.',
  'decideQualification.decision': '`approve`, `ask_for_more` or `refuse`.',
  'decideQualification.commercial_authorisation': 'Whether commercial use is authorised; it is not where left out.',
  ...of(['decideQualification', 'changeAccountStatus'], { reason: 'Why, in words that the account is told.' }),
  'changeAccountStatus.action': '`freeze` stops all use, `unfreeze` undoes that, `close` is for good.',
};

const DOCUMENT: Words = {
  kind: 'What it shows.',
  content_type: 'What its bytes are.',
  bytes: 'How large it is.',
  sha256: 'Of its bytes.',
  file_name: 'What it is called.',
  state: '`announced`, or `submitted` once a submission named it.',
};
const SUBMISSION: Words = {
  submissions: 'What was submitted, newest first.',
  version: 'Which submission: 1, 2, ….',
  submitted_at: 'When, UTC.',
  statement: 'What the reviewer was told.',
  commercial_authorisation: 'Whether commercial use was asked for; in a decision, whether it was authorised.',
  decision: 'What was decided; null while it waits.',
  outcome: '`approve`, `ask_for_more` or `refuse`.',
  reason: 'Why.',
};

export const OPERATORS_ANSWERED: Words = {
  ...of(
    [
      ...['addDocument', 'listDocuments', 'readQualification', 'submitQualification', 'listApplications'],
      ...['listAccounts', 'inspectAccount', 'decideQualification', 'changeAccountStatus'],
    ],
    ACCOUNT,
  ),
  ...of(['addDocument', 'listDocuments'], {
    ...DOCUMENT,
    id: 'The document.',
    created_at: 'When it was announced, UTC.',
    data: 'The documents, newest first.',
    upload: 'How its bytes are sent.',
    method: 'Of the request.',
    url: 'Where to; it lives for ten minutes.',
    headers: 'Send these exactly: the signature covers them.',
    expires_at: 'When the place closes, UTC.',
  }),
  ...of(['readQualification', 'submitQualification'], { ...SUBMISSION, documents: 'The ids of its documents.' }),
  ...of(['listApplications', 'listAccounts'], {
    data: 'Those on this page.',
    age_seconds: 'How long it has had this status.',
    next_cursor: 'For the next page; null on the last.',
  }),
  ...of(['inspectAccount'], {
    ...{ ...DOCUMENT, ...SUBMISSION },
    id: 'The account, or the document.',
    kind: 'Of the account: `person` or `company`; of a document: what it shows.',
    created_at: 'When it was registered or announced, UTC.',
    status_reason: 'Why it has its status, where a person decided that.',
    documents: 'All documents of the account; in a submission, their ids.',
    url: 'A link to a submitted document that lives for five minutes; null for one that was not.',
  }),
};
