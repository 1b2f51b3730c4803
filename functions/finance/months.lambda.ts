import { restHandler } from '../audit/api-handlers.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { utcDay } from '../data/day-shard.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import {
  type ClosedMonth,
  type DayRecord,
  describeMonth,
  filesOfMonth,
  hashOf,
  manifestKey,
  manifestOf,
  monthBefore,
  whyNotClosed,
} from './month.ts';
import { daysOfMonth, findClosed, putClosed } from './months-store.ts';
import { closeMonth, readMonth } from './report-contract.ts';
import { changedFiles, putText, readText } from './reports-store.ts';

const CORE_TABLE = setting('CORE_TABLE');
const AUDIT_TABLE = setting('AUDIT_TABLE');
const REPORTS_BUCKET = setting('REPORTS_BUCKET');
/** Changes of the platform's own books are under this name in the audit trail. */
const BOOKS = 'platform';

export const handler = restHandler(
  route(readMonth, async ({ input: { month } }) => {
    const [closed, days] = await Promise.all([findClosed(CORE_TABLE, month), daysOfMonth(CORE_TABLE, month)]);
    const changed = closed ? await changedSince(closed, days) : [];
    const blocked = closed ? null : ((await whyNot(month, days, null)) ?? null);
    return { body: describeMonth(month, days, { closed, changed, blocked }) };
  }),
  route(closeMonth, async ({ caller, input: { month, reason = null } }) => {
    if (await findClosed(CORE_TABLE, month)) throw new Refusal('wrong_state', `${month} is closed already`);
    const days = await daysOfMonth(CORE_TABLE, month);
    const why = await whyNot(month, days, reason);
    if (why) throw new Refusal('wrong_state', `${month} cannot be closed: ${why}`);
    const changed = await changedFiles(REPORTS_BUCKET, filesOfMonth(days));
    if (changed.length > 0) {
      const wrong = `${changed.join(', ')} not stored as exported: invoke the export for the day again`;
      throw new Refusal('wrong_state', `${month} cannot be closed: ${wrong}`);
    }
    const previousHash = (await findClosed(CORE_TABLE, monthBefore(month)))?.hash ?? null;
    const manifest = manifestOf(month, days, { previousHash, reason });
    const hash = hashOf(manifest);
    // Before the month is closed, so that a closed month always has its manifest; nobody looks at one that is not.
    await putText(REPORTS_BUCKET, manifestKey(month, hash), manifest, 'application/json');
    const at = now();
    const closed = { month, hash, previousHash, reason, closedBy: caller.id, closedAt: new Date(at).toISOString() };
    const { id, address, client } = caller;
    const told = auditEvent(
      { kind: 'person', id, address, client },
      { accountId: BOOKS, action: 'report.closed', subject: month, detail: { hash }, ...(reason && { reason }) },
      { now: at, random },
    );
    if (!(await putClosed(CORE_TABLE, closed, days, auditWrite(AUDIT_TABLE, told)))) {
      throw new Refusal('wrong_state', `${month} was exported or closed at this moment; look at it and try again`);
    }
    return { body: describeMonth(month, days, { closed, changed: [], blocked: null }) };
  }),
);

/** A month is chained to the one before, which therefore comes first, where it has been exported at all. */
async function whyNot(month: string, days: readonly DayRecord[], reason: string | null): Promise<string | undefined> {
  const before = monthBefore(month);
  if (!(await findClosed(CORE_TABLE, before)) && (await daysOfMonth(CORE_TABLE, before)).length > 0) {
    return `${before} is exported and not closed`;
  }
  return whyNotClosed(month, days, { today: utcDay(now()), reason });
}

/** What is stored otherwise than it was closed: the manifest, where the records do not give it byte for byte, and files. */
async function changedSince(closed: ClosedMonth, days: readonly DayRecord[]): Promise<string[]> {
  const again = manifestOf(closed.month, days, closed);
  const key = manifestKey(closed.month, closed.hash);
  const [stored, files] = await Promise.all([
    readText(REPORTS_BUCKET, key),
    changedFiles(REPORTS_BUCKET, filesOfMonth(days)),
  ]);
  return stored === again && hashOf(again) === closed.hash ? files : [key, ...files];
}
