import type { Account } from '../accounts/account.ts';
import { ownAccount } from '../accounts/accounts-store.ts';
import { changeAccount } from '../accounts/change-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { actorOf } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import type { Caller } from '../http/request-context.ts';
import { prefixedId } from '../runtime/ids.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { addDocument, listDocuments, readQualification, submitQualification } from './contract.ts';
import { describeDocument, documentFault, MOST_ANNOUNCED, type QualificationDocument } from './document.ts';
import {
  documentBytes,
  documentsOf,
  documentWrite,
  findDocument,
  UPLOAD_SECONDS,
  uploadOf,
} from './documents-store.ts';
import { describeQualification, isRepeated, refuseDocuments, refuseSubmission } from './qualification.ts';
import { findSubmission, putSubmission, submissionsOf } from './submissions-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const MEDIA_BUCKET = setting('MEDIA_BUCKET');

const toolsFor = (caller: Caller) => ({ tables: TABLES, actor: actorOf(caller), now: now(), random });

/** The documents of these ids, each looked at; throws one Refusal that names each that is missing or wrong. */
async function checkedDocuments({ accountId }: Account, ids: readonly string[]): Promise<QualificationDocument[]> {
  const checked: QualificationDocument[] = [];
  const faults: string[] = [];
  // One after the other: ten of them at once would fill the memory.
  for (const id of ids) {
    const document = await findDocument(TABLES.core, accountId, id);
    const bytes = document && (await documentBytes(MEDIA_BUCKET, accountId, document));
    const fault =
      document && bytes
        ? documentFault(document, bytes)
        : document
          ? 'it was announced, but its bytes were not uploaded'
          : 'there is no such document';
    if (fault !== undefined) faults.push(`${id}: ${fault}`);
    else if (document) checked.push(document);
  }
  if (faults.length > 0)
    throw new Refusal('invalid_parameter', `documents are refused: ${faults.join('; ')}`, 'documents');
  return checked;
}

const qualificationOf = async (account: Account) => ({
  body: describeQualification(account, await submissionsOf(TABLES.core, account.accountId)),
});

export const handler = restHandler(
  route(addDocument, async ({ caller, input }) => {
    const { accountId } = await ownAccount(TABLES.core, caller.accountId);
    const tools = toolsFor(caller);
    const { kind, content_type: contentType, bytes, sha256, file_name: fileName } = input;
    const document: QualificationDocument = {
      ...{ documentId: prefixedId('doc', tools.now, random), kind, contentType, bytes, sha256, state: 'announced' },
      ...(fileName !== undefined && { fileName }),
      createdAt: new Date(tools.now).toISOString(),
    };
    const change = { add: { documents: 1 }, where: {}, below: { documents: MOST_ANNOUNCED } };
    const told = { action: 'qualification.document_added', subject: document.documentId, detail: { kind } } as const;
    const isDone = await changeAccount(tools, accountId, change, told, {
      document: documentWrite(TABLES.core, accountId, document),
    });
    if (!isDone) {
      throw new Refusal('wrong_state', `${MOST_ANNOUNCED} documents were announced for this account; write to support`);
    }
    const { url, headers } = await uploadOf(MEDIA_BUCKET, accountId, document);
    const expires_at = new Date(tools.now + UPLOAD_SECONDS * 1000).toISOString();
    const upload = { method: 'PUT' as const, url, headers, expires_at };
    return { status: 201, body: { ...describeDocument(document), upload } };
  }),

  route(listDocuments, async ({ caller }) => {
    const { accountId } = await ownAccount(TABLES.core, caller.accountId);
    const found = await documentsOf(TABLES.core, accountId);
    return { body: { object: 'list' as const, data: found.map(describeDocument) } };
  }),

  route(submitQualification, async ({ caller, input }) => {
    const account = await ownAccount(TABLES.core, caller.accountId);
    const { accountId, submissions = 0 } = account;
    if (account.status === 'submitted') {
      const last = await findSubmission(TABLES.core, accountId, submissions);
      if (isRepeated(last, input)) return qualificationOf(account);
    }
    const refusal = refuseSubmission(account);
    if (refusal) throw refusal;
    const documents = await checkedDocuments(account, input.documents);
    const lacking = refuseDocuments(account, documents);
    if (lacking) throw lacking;
    const tools = toolsFor(caller);
    const { declared_use: declaredUse, commercial_authorisation: commercialAuthorisation, statement } = input;
    const isDone = await putSubmission(tools, account, {
      ...{ version: submissions + 1, submittedAt: new Date(tools.now).toISOString(), submittedBy: caller.keyId },
      ...{ documents: input.documents, declaredUse, commercialAuthorisation, statement },
    });
    if (!isDone)
      throw new Refusal('wrong_state', 'the account was changed at this moment; read GET /v1/account/qualification');
    return qualificationOf(await ownAccount(TABLES.core, accountId));
  }),

  route(readQualification, async ({ caller }) => qualificationOf(await ownAccount(TABLES.core, caller.accountId))),
);
