/** An account's own part in its qualification: announces documents, and submits them to a reviewer. */

import type { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { type AccountDependencies, changeAccount, changeBy } from '../accounts/account-changes-store.ts';
import { ownAccount } from '../accounts/accounts-store.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { SUPPORT } from '../catalogue/support.ts';
import type { Caller } from '../http/caller.ts';
import { prefixedId } from '../runtime/ids.ts';
import { documentFacts } from '../uploads/inspection-client.ts';
import type * as contract from './contract.ts';
import { isAnnounced, MOST_ANNOUNCED, type QualificationDocument } from './document.ts';
import { documentBytes, documentWrite, findDocument, type Upload, uploadOf } from './documents-store.ts';
import { isRepeated, refuseDocuments, refuseSubmission } from './qualification.ts';
import { findSubmission, putSubmission } from './submissions-store.ts';

export interface QualificationDependencies extends AccountDependencies {
  readonly documentsBucket: string;
}

/** Announces a document; its bytes are then uploaded as `upload` says. */
export async function addDocument(
  { documentsBucket, ...dependencies }: QualificationDependencies,
  caller: Caller,
  announced: z.output<typeof contract.addDocument.input>,
): Promise<{ document: QualificationDocument; upload: Upload }> {
  const context = changeBy(caller, dependencies);
  const { tables, now, random } = context;
  const { accountId } = await ownAccount(tables.core, caller.accountId);
  const { kind, content_type: contentType, bytes, sha256, file_name: fileName } = announced;
  const document: QualificationDocument = {
    documentId: prefixedId('doc', now, random),
    kind,
    contentType,
    bytes,
    sha256,
    state: 'announced',
    ...(fileName !== undefined && { fileName }),
    createdAt: new Date(now).toISOString(),
  };
  const change = { add: { documents: 1 }, where: {}, below: { documents: MOST_ANNOUNCED } };
  const details = { action: 'qualification.document_added', subject: document.documentId, detail: { kind } } as const;
  const isDone = await changeAccount(context, accountId, change, details, {
    document: documentWrite(tables.core, accountId, document),
  });
  if (!isDone) {
    throw new Refusal(
      'wrong_state',
      `${MOST_ANNOUNCED} documents were announced for this account; write to ${SUPPORT}`,
    );
  }
  return { document, upload: await uploadOf(documentsBucket, accountId, document, now) };
}

/** The account after it; submitting the same again while it waits changes nothing. */
export async function submitQualification(
  { documentsBucket, ...dependencies }: QualificationDependencies,
  caller: Caller,
  requested: z.output<typeof contract.submitQualification.input>,
): Promise<Account> {
  const { core } = dependencies.tables;
  const account = await ownAccount(core, caller.accountId);
  const { accountId, submissions = 0 } = account;
  if (account.status === 'submitted' && isRepeated(await findSubmission(core, accountId, submissions), requested)) {
    return account;
  }
  const refusal = refuseSubmission(account);
  if (refusal) throw refusal;
  const documents = await checkedDocuments(core, documentsBucket, accountId, requested.documents);
  const lacking = refuseDocuments(account, documents);
  if (lacking) throw lacking;
  const context = changeBy(caller, dependencies);
  const isDone = await putSubmission(context, account, {
    version: submissions + 1,
    submittedAt: new Date(context.now).toISOString(),
    submittedBy: caller.id,
    documents: requested.documents,
    name: account.name,
    ...(account.company && { company: account.company }),
    declaredUse: requested.declared_use,
    commercialAuthorisation: requested.commercial_authorisation,
    statement: requested.statement,
  });
  if (!isDone)
    throw new Refusal('wrong_state', 'the account was changed at this moment; read GET /v1/account/qualification');
  return ownAccount(core, accountId);
}

/** The documents of these ids, each inspected; throws one Refusal that names each that is missing or wrong. */
async function checkedDocuments(
  table: string,
  bucket: string,
  accountId: string,
  ids: readonly string[],
): Promise<QualificationDocument[]> {
  const checked: QualificationDocument[] = [];
  const faults: string[] = [];
  // One after the other: ten of them at once would fill the memory.
  for (const id of ids) {
    const document = await findDocument(table, accountId, id);
    const bytes = document && (await documentBytes(bucket, accountId, document));
    const fault = await documentFault(document, bytes);
    if (fault !== undefined) faults.push(`${id}: ${fault}`);
    else if (document) checked.push(document);
  }
  if (faults.length > 0)
    throw new Refusal('invalid_parameter', `documents are refused: ${faults.join('; ')}`, 'documents');
  return checked;
}

/** What is wrong with what was uploaded; undefined where it is what was announced, whole and harmless as far as can be seen. */
export async function documentFault(
  announced: QualificationDocument | undefined,
  bytes: Buffer | undefined,
): Promise<string | undefined> {
  if (!announced) return 'there is no such document';
  if (!bytes) return 'it was announced, but its bytes were not uploaded';
  if (!isAnnounced(announced, bytes)) return 'its bytes are not those that were announced';
  try {
    const { contentType } = await documentFacts(bytes, announced.contentType);
    if (contentType === announced.contentType) return undefined;
    return `its bytes are ${contentType}, not ${announced.contentType}`;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
