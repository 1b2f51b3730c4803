/** Reads the books of a month, and closes them. */
import type { z } from 'zod';
import { firstAccountAt } from '../accounts/accounts-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { utcDay } from '../data/day-shard.ts';
import type { Caller } from '../http/caller.ts';
import type { Random } from '../runtime/ids.ts';
import type { ExportRequest } from './exports-client.ts';
import {
  type ClosedMonth,
  type DayRecord,
  deferredAfter,
  describeMonth,
  filesOfMonth,
  hashOf,
  manifestKey,
  manifestOf,
  mayStillRun,
  monthBefore,
  monthOf,
  neededDays,
  type OpenMonth,
  unexportedDays,
  whyNotExplained,
  whyNotYet,
} from './month.ts';
import type * as contract from './months-contract.ts';
import { daysOfMonth, findClosed, findDay, putClosed } from './months-store.ts';
import { changedFiles, LINK_SECONDS, mintLink, putText, readText } from './reports-store.ts';

export interface MonthDependencies {
  readonly coreTable: string;
  readonly auditTable: string;
  readonly reportsBucket: string;
  /** Starts an export, and does not wait for it. */
  readonly startExport: (request: ExportRequest) => Promise<void>;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

/** With where the API is that is called: months link to its files. */
type Called = MonthDependencies & { readonly baseUrl: string };
type MonthObject = z.output<typeof contract.readMonth.output>;

/** Changes of the platform's own books are under this name in the audit trail. */
const BOOKS = 'platform';

export async function readMonth(dependencies: Called, month: string): Promise<MonthObject> {
  const { coreTable, now } = dependencies;
  const [closed, open] = await Promise.all([findClosed(coreTable, month), openMonth(dependencies, month)]);
  const changed = closed ? await changedSince(dependencies, closed, open.days) : [];
  const blocked = closed ? undefined : whyNot(open, utcDay(now()), null);
  return described(dependencies, open, { closed, changed, blocked });
}

function described(
  { baseUrl }: Called,
  open: OpenMonth,
  state: { closed?: ClosedMonth | undefined; changed?: readonly string[]; blocked?: string | undefined },
): MonthObject {
  const { closed, changed = [], blocked } = state;
  return describeMonth(open.month, open.days, {
    needed: neededDays(open),
    closed,
    changed,
    blocked: blocked ?? null,
    baseUrl,
    deferredBefore: closed?.deferredBefore ?? open.before.deferred,
  });
}

async function openMonth({ coreTable }: MonthDependencies, month: string): Promise<OpenMonth> {
  const previous = monthBefore(month);
  const [days, first, closedBefore, daysBefore] = await Promise.all([
    daysOfMonth(coreTable, month),
    firstAccountAt(coreTable),
    findClosed(coreTable, previous),
    daysOfMonth(coreTable, previous),
  ]);
  const before = {
    isClosed: closedBefore !== undefined,
    isExported: daysBefore.length > 0,
    deferred: closedBefore || daysBefore.length === 0 ? deferredAfter(closedBefore, daysBefore) : null,
  };
  return { month, days, firstDay: first?.slice(0, 10), before };
}

/** Why it is not closed now; days that are not exported are no reason, for the close exports them. */
function whyNot(open: OpenMonth, today: string, reason: string | null): string | undefined {
  return whyNotYet(open, today) ?? whyNotExplained(open.days, reason);
}

export interface ClosingResult {
  readonly month: MonthObject;
  /** Whether it is closed; where not, its exports take longer than the call. */
  readonly isClosed: boolean;
}

/** Of the 29 seconds that API Gateway waits; looking at the files and closing need the rest. */
const LONGEST_WAIT_MS = 16_000;
const LOOK_MS = 400;
/** Exports that one close has under way: each reads a day of all tables. */
const AT_ONCE = 4;

/** Exports what is to be exported, waits for it as long as a call may, and closes the month. */
export async function closeMonth(
  dependencies: Called,
  caller: Caller,
  input: z.output<typeof contract.closeMonth.input>,
): Promise<ClosingResult> {
  const { coreTable, reportsBucket, now, pause } = dependencies;
  const { month, reason = null } = input;
  if (await findClosed(coreTable, month)) throw new Refusal('wrong_state', `${month} is closed already`);
  const exports = new Exports(dependencies);
  for (const until = now() + LONGEST_WAIT_MS; ; await pause(LOOK_MS)) {
    const open = await openMonth(dependencies, month);
    const why = whyNotYet(open, utcDay(now()));
    if (why) throw new Refusal('wrong_state', `${month} cannot be closed: ${why}`);
    const missing = unexportedDays(open);
    const changed =
      missing.length > 0 ? [] : daysOfFiles(open, await changedFiles(reportsBucket, filesOfMonth(open.days)));
    const left = [...missing, ...changed];
    if (left.length === 0) return { month: await closed(dependencies, caller, open, reason), isClosed: true };
    await exports.start(left, open.days);
    if (now() >= until) return { month: described(dependencies, open, { blocked: waitingFor(left) }), isClosed: false };
  }
}

function waitingFor(days: readonly string[]): string {
  return `${days.join(', ')} being exported: send the same call again in half a minute`;
}

/** The days whose files are not stored as they were exported. */
function daysOfFiles({ days }: OpenMonth, keys: readonly string[]): string[] {
  const changed = new Set(keys);
  return days.filter(day => filesOfMonth([day]).some(({ key }) => changed.has(key))).map(({ day }) => day);
}

/** The exports that a close has started: each once, and a few at a time. */
class Exports {
  readonly #dependencies: MonthDependencies;
  /** By day: the run before it. */
  readonly #started = new Map<string, number>();

  constructor(dependencies: MonthDependencies) {
    this.#dependencies = dependencies;
  }

  async start(left: readonly string[], days: readonly DayRecord[]): Promise<void> {
    const { startExport, now } = this.#dependencies;
    const at = new Date(now()).toISOString();
    const byDay = new Map(days.map(record => [record.day, record]));
    const isRunning = (day: string): boolean => {
      const record = byDay.get(day);
      return record !== undefined && mayStillRun(record, at);
    };
    const isAwaited = (day: string): boolean => this.#started.get(day) === (byDay.get(day)?.run ?? 0);
    const busy = left.filter(day => isRunning(day) || isAwaited(day)).length;
    const startable = left.filter(day => !isRunning(day) && !this.#started.has(day));
    for (const day of startable.slice(0, Math.max(0, AT_ONCE - busy))) {
      this.#started.set(day, byDay.get(day)?.run ?? 0);
      await startExport({ day });
    }
  }
}

/** The month as it is closed with these days, all of which are exported. */
async function closed(
  dependencies: Called,
  caller: Caller,
  open: OpenMonth,
  reason: string | null,
): Promise<MonthObject> {
  const { coreTable, auditTable, reportsBucket, now, random } = dependencies;
  const { month, days } = open;
  const deferredBefore = open.before.deferred ?? {};
  const why = whyNotExplained(days, reason);
  if (why) throw new Refusal('wrong_state', `${month} cannot be closed: ${why}`);
  const previousHash = (await findClosed(coreTable, monthBefore(month)))?.hash ?? null;
  const manifest = manifestOf(month, days, { previousHash, reason, deferredBefore });
  const hash = hashOf(manifest);
  // Before the month is closed, so that a closed month always has its manifest; nobody reads one of a month that is not.
  await putText(reportsBucket, manifestKey(month, hash), manifest, 'application/json');
  const at = now();
  const made: ClosedMonth = {
    month,
    hash,
    previousHash,
    reason,
    closedBy: caller.id,
    closedAt: new Date(at).toISOString(),
    deferredBefore,
  };
  const details = { accountId: BOOKS, action: 'report.closed', subject: month, detail: { hash } } as const;
  const event = auditEvent(actorOf(caller), { ...details, ...(reason && { reason }) }, { now: at, random });
  if (!(await putClosed(coreTable, made, days, auditWrite(auditTable, event)))) {
    throw new Refusal('wrong_state', `${month} was exported or closed at this moment; look at it and try again`);
  }
  return described(dependencies, open, { closed: made });
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

/** A link to a file of an exported day; throws a Refusal where it is not exported. */
export async function linkReportFile(
  { coreTable, reportsBucket, now }: MonthDependencies,
  { day, dataset, form = 'csv' }: z.output<typeof contract.linkReportFile.input>,
): Promise<z.output<typeof contract.linkReportFile.output>> {
  const record = await findDay(coreTable, day);
  const stored = record?.state === 'reconciled' ? record.datasets?.[dataset] : undefined;
  if (!stored) {
    throw new Refusal(
      'wrong_state',
      `there is no ${dataset} of ${day}: the day is not exported, see GET /v1/reports/months/${monthOf(day)}`,
      'day',
    );
  }
  const { key, sha256 } = stored[form];
  return {
    object: 'report_file',
    sha256,
    url: await mintLink(reportsBucket, key, `${dataset}-${day}.${form}`),
    expires_at: new Date(now() + LINK_SECONDS * 1000).toISOString(),
  };
}
