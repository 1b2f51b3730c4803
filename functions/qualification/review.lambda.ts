import { describeMembers } from '../accounts/account-object.ts';
import { knownAccount } from '../accounts/accounts-store.ts';
import { cursorOf, placeOf } from '../accounts/listing.ts';
import { accountsByAge, applicationsOf } from '../accounts/listing-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { putAuditEvent } from '../audit/audit-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeDocument } from './document.ts';
import { documentLink, documentsOf } from './documents-store.ts';
import { inspectAccount, listAccounts, listApplications } from './operators-contract.ts';
import { describeSubmission } from './qualification.ts';
import { submissionsOf } from './submissions-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const MEDIA_BUCKET = setting('MEDIA_BUCKET');
const LIMIT = 20;

const pageOf = ({ limit = LIMIT, cursor }: { limit?: number | undefined; cursor?: string | undefined }) => ({
  limit,
  after: cursor === undefined ? undefined : placeOf(cursor),
});

export const handler = restHandler(
  route(listApplications, async ({ input: { status = 'submitted', ...page } }) => {
    const at = now();
    const { rows, next } = await applicationsOf(TABLES.core, status, pageOf(page));
    const data = rows.map(({ accountId, name, kind = null, country = null, statusSince }) => ({
      ...{ id: accountId, object: 'application' as const, name, kind, country, status },
      status_since: statusSince,
      age_seconds: Math.max(0, Math.floor((at - Date.parse(statusSince)) / 1000)),
    }));
    return { body: { object: 'list' as const, data, next_cursor: next ? cursorOf(next) : null } };
  }),

  route(listAccounts, async ({ input }) => {
    const { rows, next } = await accountsByAge(TABLES.core, pageOf(input));
    const data = rows.map(({ accountId, name, kind = null, country = null, status, plan, createdAt }) => ({
      ...{ id: accountId, object: 'account.summary' as const, name, kind, country, status, plan },
      created_at: createdAt,
    }));
    return { body: { object: 'list' as const, data, next_cursor: next ? cursorOf(next) : null } };
  }),

  route(inspectAccount, async ({ caller, input: { id } }) => {
    const account = await knownAccount(TABLES.core, id);
    // First the record, then the view: what cannot be recorded is not shown.
    const told = { accountId: id, action: 'account.viewed', subject: id } as const;
    await putAuditEvent(TABLES.audit, auditEvent(actorOf(caller), told, { now: now(), random }));
    const [submissions, documents] = await Promise.all([submissionsOf(TABLES.core, id), documentsOf(TABLES.core, id)]);
    const shown = documents.map(async document => ({
      ...describeDocument(document),
      // What was only announced was not looked at.
      url: document.state === 'submitted' ? await documentLink(MEDIA_BUCKET, id, document.documentId) : null,
    }));
    const body = {
      ...{ ...describeMembers(account), status_reason: account.statusReason ?? null },
      ...{ submissions: submissions.map(describeSubmission), documents: await Promise.all(shown) },
    };
    return { body };
  }),
);
