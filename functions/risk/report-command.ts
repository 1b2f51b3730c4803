/** Reports to an authority: prepared once from a case and the audit trail, kept byte for byte, and logged. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { knownAccount } from '../accounts/accounts-store.ts';
import { auditWrite, eventsOfAccount } from '../audit/audit-store.ts';
import { actorOf, auditEvent, describeEvent } from '../audit/event.ts';
import { keyDigest } from '../data/item-keys.ts';
import { transact } from '../data/transaction.ts';
import type { EnforcementDependencies } from '../enforcement/decision-store.ts';
import type { Caller } from '../http/caller.ts';
import { describeCase, type RiskReport } from './case.ts';
import { findCase, findReport, reportWrite } from './cases-store.ts';
import { noSuchCase } from './decide-case-command.ts';
import type { reportObject } from './operators-contract.ts';

export interface ReportRequest {
  readonly id: string;
  readonly authority: string;
  readonly statement: string;
}

/** Of each kind; some half a kilobyte each, so that a report stays well below the 400 KB of an item. */
const MOST_EVENTS = 200;

/** The report of this case to this authority with this statement: the same where it was prepared before. */
export function prepareCaseReport(
  { tables, now, random }: EnforcementDependencies,
  caller: Caller,
  { id, authority, statement }: ReportRequest,
): Promise<RiskReport> {
  const digest = keyDigest(JSON.stringify([id, authority, statement])).replace(/[-_]/g, '0');
  const reportId = `rep_${digest.slice(0, 26)}`;
  return transact<RiskReport>(async () => {
    const found = await findCase(tables.core, id);
    if (!found) throw noSuchCase();
    const before = await findReport(tables.core, id, reportId);
    if (before) return { result: before };
    const { accountId, keyId, from, to } = found;
    const range = { from: Date.parse(from), to: Date.parse(to) };
    const filter = { ...range, ...(keyId !== undefined && { actor: { id: keyId } }) };
    const [account, changes, calls] = await Promise.all([
      knownAccount(tables.core, accountId),
      eventsOfAccount(tables.audit, accountId, { limit: MOST_EVENTS, filter }),
      eventsOfAccount(tables.audit, accountId, { limit: MOST_EVENTS, areCalls: true, filter }),
    ]);
    const at = now();
    const preparedAt = new Date(at).toISOString();
    const events = [...changes.events, ...calls.events];
    const bundle: z.output<typeof reportObject> = {
      id: reportId,
      object: 'case.report',
      authority,
      statement,
      prepared_at: preparedAt,
      prepared_by: caller.id,
      case: describeCase(found),
      account: {
        id: accountId,
        name: account.name,
        kind: account.kind ?? null,
        email: account.email ?? null,
        country: account.country ?? null,
        created_at: account.createdAt,
      },
      events: events.toSorted((one, other) => (one.eventId < other.eventId ? 1 : -1)).map(describeEvent),
      events_complete: changes.next === undefined && calls.next === undefined,
    };
    const text = JSON.stringify(bundle);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const report = { reportId, caseId: id, authority, preparedBy: caller.id, preparedAt, text, sha256 };
    const event = auditEvent(
      actorOf(caller),
      { accountId, action: 'case.report_prepared', subject: id, reason: authority, detail: { reportId, sha256 } },
      { now: at, random },
    );
    return {
      result: report,
      writes: { report: reportWrite(tables.core, report), audit: auditWrite(tables.audit, event) },
    };
  });
}
