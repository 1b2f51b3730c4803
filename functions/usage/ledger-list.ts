/** The ledger as its account reads it: entries newest first, each with what it moved of the account's own credits. */
import type { z } from 'zod';
import { BEGINNING } from '../catalogue/ledger-kinds.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { balanceOf, type Entry, type EntryKind } from '../credits/ledger.ts';
import type { BookedEntry, Position } from '../credits/ledger-store.ts';
import { pageOfPlaces } from '../http/page.ts';
import { readEntryCursor, writeEntryCursor } from './entry-cursor.ts';
import type { ledgerMoney, listLedger } from './usage-contract.ts';

export interface LedgerList {
  /** ISO 8601, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  readonly kind?: EntryKind;
  readonly after?: Position;
}

/** After the last entry that there can be. */
const LAST_DAY = '9999-12-31';
const USUAL_LIMIT = 20;

/** The list that a query requests; throws a Refusal that names the member. */
export function readLedgerList(input: z.output<typeof listLedger.input>): LedgerList {
  const { from = BEGINNING, to = LAST_DAY, limit = USUAL_LIMIT, kind } = input;
  if (from > to) throw new Refusal('invalid_parameter', 'from must not be after to', 'from');
  const period = { from: `${from}T00:00:00.000Z`, to: `${to}T23:59:59.999Z` };
  const after = input.after === undefined ? undefined : readEntryCursor(input.after, period, 'after');
  return { ...period, limit, ...(kind && { kind }), ...(after && { after }) };
}

/** The page of what one read gave; `looked` is the last position that it looked at, where it did not come to the end. */
export function ledgerList(
  { limit }: LedgerList,
  entries: readonly BookedEntry[],
  looked: Position | undefined,
): z.output<typeof listLedger.output> {
  const shown = entries.slice(0, limit);
  const cut = entries.length > limit ? shown.at(-1) : looked;
  const [first, last] = [shown[0], cut ?? shown.at(-1)].map(place => place && writeEntryCursor(place));
  return pageOfPlaces(describeEntries(shown), { first, last, more: cut !== undefined });
}

/** Entries as their account reads them, and staff. */
export function describeEntries(entries: readonly BookedEntry[]) {
  return entries.map(describe);
}

function describe(entry: BookedEntry) {
  const { id, kind, bookedAt, jobId, keyId = null, plan = null, model, reason = null, reference = null } = entry;
  return {
    id,
    object: 'ledger_entry' as const,
    kind,
    booked_at: bookedAt,
    ...balanceOf([entry]),
    video_id: jobId === undefined ? null : `video_${jobId}`,
    function: entry.function ?? null,
    model: model || null,
    key_id: keyId,
    plan,
    money: describeMoney(entry.money),
    reason,
    reference,
    corrects: entry.corrects?.entryId ?? null,
  };
}

/** Money as the API shows it. */
export function describeMoney(money: Entry['money']): z.output<typeof ledgerMoney> | null {
  if (!money) return null;
  const { amount, currency, reference, valueDate } = money;
  return { amount, currency, reference, value_date: valueDate ?? null };
}
