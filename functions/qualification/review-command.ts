/** What an operator sees of an account under review. */
import type { z } from 'zod';
import { describeFields } from '../accounts/account.ts';
import type { AccountDependencies } from '../accounts/account-changes-store.ts';
import { knownAccount } from '../accounts/accounts-store.ts';
import { recordView } from '../audit/record-view-command.ts';
import type { Caller } from '../http/caller.ts';
import { describeDocument } from './document.ts';
import { documentLink, documentsOf } from './documents-store.ts';
import type { reviewedAccount } from './operators-contract.ts';
import { describeSubmission } from './qualification.ts';
import { submissionsOf } from './submissions-store.ts';

export interface ReviewDependencies extends AccountDependencies {
  readonly documentsBucket: string;
}

/** The account with its submissions and documents. */
export async function inspectAccount(
  dependencies: ReviewDependencies,
  caller: Caller,
  accountId: string,
): Promise<z.output<typeof reviewedAccount>> {
  const { tables, now, random } = dependencies;
  const account = await knownAccount(tables.core, accountId);
  await recordView({ auditTable: tables.audit, now, random }, caller, { accountId });
  const [submissions, documents] = await Promise.all([
    submissionsOf(tables.core, accountId),
    documentsOf(tables.core, accountId),
  ]);
  const linked = documents.map(async document => ({
    ...describeDocument(document),
    // What was only announced was not inspected.
    url:
      document.state === 'submitted'
        ? await documentLink(dependencies.documentsBucket, accountId, document.documentId)
        : null,
  }));
  return {
    ...describeFields(account),
    status_reason: account.statusReason ?? null,
    was_terminated: account.wasTerminated === true,
    submissions: submissions.map(describeSubmission),
    documents: await Promise.all(linked),
  };
}
