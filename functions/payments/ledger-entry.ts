/** A ledger entry as finance reads it. Pure. */
import type { z } from 'zod';
import { availableBy, type Entry, type Posting } from '../credits/ledger.ts';
import type { ledgerEntry } from './finance-contract.ts';

export type LedgerEntry = z.output<typeof ledgerEntry>;

export function describeEntry(accountId: string, entry: Entry): LedgerEntry {
  const { id, kind, money } = entry;
  return {
    ...{ id, object: 'ledger_entry', account_id: accountId, kind: kind as LedgerEntry['kind'] },
    ...{ credits: availableBy(entry), money: money ? { ...money } : null },
  };
}

/** Whether what stands under the entry's id moves the same credits. */
export function isSameEntry(entry: Entry, stands: Readonly<Record<string, unknown>>): boolean {
  return availableBy(entry) === availableBy({ postings: (stands.postings ?? []) as Posting[] });
}
