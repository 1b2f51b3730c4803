/** Reads the books of a month, and closes them. */
import type { z } from 'zod';
import { auditWrite } from '../audit/audit-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { utcDay } from '../data/day-shard.ts';
import type { Caller } from '../http/caller.ts';
import type { Random } from '../runtime/ids.ts';
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
import type * as contract from './months-contract.ts';
import { daysOfMonth, findClosed, putClosed } from './months-store.ts';
import { changedFiles, putText, readText } from './reports-store.ts';

export interface MonthDependencies {
  readonly coreTable: string;
  readonly auditTable: string;
  readonly reportsBucket: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

type MonthObject = z.output<typeof contract.readMonth.output>;

/** Changes of the platform's own books are under this name in the audit trail. */
const BOOKS = 'platform';

export async function readMonth(dependencies: MonthDependencies, month: string): Promise<MonthObject> {
  const { coreTable } = dependencies;
  const [closed, days] = await Promise.all([findClosed(coreTable, month), daysOfMonth(coreTable, month)]);
  const changed = closed ? await changedSince(dependencies, closed, days) : [];
  const blocked = closed ? null : ((await whyNot(dependencies, month, days, null)) ?? null);
  return describeMonth(month, days, { closed, changed, blocked });
}

export async function closeMonth(
  dependencies: MonthDependencies,
  caller: Caller,
  input: z.output<typeof contract.closeMonth.input>,
): Promise<MonthObject> {
  const { coreTable, auditTable, reportsBucket, now, random } = dependencies;
  const { month, reason = null } = input;
  if (await findClosed(coreTable, month)) throw new Refusal('wrong_state', `${month} is closed already`);
  const days = await daysOfMonth(coreTable, month);
  const why = await whyNot(dependencies, month, days, reason);
  if (why) throw new Refusal('wrong_state', `${month} cannot be closed: ${why}`);
  const changed = await changedFiles(reportsBucket, filesOfMonth(days));
  if (changed.length > 0) {
    const wrong = `${changed.join(', ')} not stored as exported: invoke the export for the day again`;
    throw new Refusal('wrong_state', `${month} cannot be closed: ${wrong}`);
  }
  const previousHash = (await findClosed(coreTable, monthBefore(month)))?.hash ?? null;
  const manifest = manifestOf(month, days, { previousHash, reason });
  const hash = hashOf(manifest);
  // Before the month is closed, so that a closed month always has its manifest; nobody reads one of a month that is not.
  await putText(reportsBucket, manifestKey(month, hash), manifest, 'application/json');
  const at = now();
  const closed = { month, hash, previousHash, reason, closedBy: caller.id, closedAt: new Date(at).toISOString() };
  const details = { accountId: BOOKS, action: 'report.closed', subject: month, detail: { hash } } as const;
  const event = auditEvent(actorOf(caller), { ...details, ...(reason && { reason }) }, { now: at, random });
  if (!(await putClosed(coreTable, closed, days, auditWrite(auditTable, event)))) {
    throw new Refusal('wrong_state', `${month} was exported or closed at this moment; look at it and try again`);
  }
  return describeMonth(month, days, { closed, changed: [], blocked: null });
}

/** A month is chained to the one before, which therefore comes first, where it has been exported at all. */
async function whyNot(
  { coreTable, now }: MonthDependencies,
  month: string,
  days: readonly DayRecord[],
  reason: string | null,
): Promise<string | undefined> {
  const before = monthBefore(month);
  if (!(await findClosed(coreTable, before)) && (await daysOfMonth(coreTable, before)).length > 0) {
    return `${before} is exported and not closed`;
  }
  return whyNotClosed(month, days, { today: utcDay(now()), reason });
}

/** What is stored otherwise than it was closed: the manifest, where the records do not give it byte for byte, and files. */
async function changedSince(
  { reportsBucket }: MonthDependencies,
  closed: ClosedMonth,
  days: readonly DayRecord[],
): Promise<string[]> {
  const again = manifestOf(closed.month, days, closed);
  const key = manifestKey(closed.month, closed.hash);
  const [stored, files] = await Promise.all([
    readText(reportsBucket, key),
    changedFiles(reportsBucket, filesOfMonth(days)),
  ]);
  return stored === again && hashOf(again) === closed.hash ? files : [key, ...files];
}
