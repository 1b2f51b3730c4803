/** What an operator sees of an account under review. */
import type { z } from 'zod';
import { describeFields } from '../accounts/account.ts';
import { type AccountDependencies, changeBy } from '../accounts/account-changes-store.ts';
import { knownAccount } from '../accounts/accounts-store.ts';
import { putAuditEvent } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import type { Caller } from '../http/caller.ts';
import { describeDocument } from './document.ts';
import { documentLink, documentsOf } from './documents-store.ts';
import type { reviewedAccount } from './operators-contract.ts';
import { describeSubmission } from './qualification.ts';
import { submissionsOf } from './submissions-store.ts';

export interface ReviewDependencies extends AccountDependencies {
  readonly documentsBucket: string;
}

/** The account with its submissions and documents. The view is recorded first: what cannot be recorded is not shown. */
export async function inspectAccount(
  dependencies: ReviewDependencies,
  caller: Caller,
  accountId: string,
): Promise<z.output<typeof reviewedAccount>> {
  const { tables, actor, ...at } = changeBy(caller, dependencies);
  const account = await knownAccount(tables.core, accountId);
  const details = { accountId, action: 'account.viewed', subject: accountId } as const;
  await putAuditEvent(tables.audit, auditEvent(actor, details, at));
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
    submissions: submissions.map(describeSubmission),
    documents: await Promise.all(linked),
  };
}
