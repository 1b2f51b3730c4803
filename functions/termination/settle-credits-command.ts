/**
 * What an account has left when its service ends: what was paid and not used goes back, lot by lot, to the cent that is not
 * earned; gifts end. Each lot is booked once, by its id; a person of finance pays the money back, from the list of exceptions.
 */

import { findAccount } from '../accounts/accounts-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import { type BookedEntry, balanceWrite, entryWrite } from '../credits/ledger-store.ts';
import { keptLots, movedOn } from '../credits/lots-store.ts';
import { dayPlus, utcDay } from '../data/day-shard.ts';
import { RETRY, transact } from '../data/transaction.ts';
import { documentIdOf } from '../invoices/document.ts';
import { findInvoice } from '../invoices/invoices-store.ts';
import { exceptionWrite } from '../payments/payment-exceptions-store.ts';
import type { Random } from '../runtime/ids.ts';
import { rowsOf } from './rows-store.ts';
import { settlementOf } from './settlement.ts';
import type { Termination } from './termination.ts';

export interface SettleDependencies {
  readonly tables: { readonly core: string; readonly ledger: string; readonly audit: string };
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

/** Of a transaction's hundred, with three writes for each. */
const LOTS_AT_ONCE = 20;

/** Whether nothing is left. Throws where the ledger's index has not come to what the account has: it is tried again. */
export function settleCredits(
  { tables, now, random }: SettleDependencies,
  { accountId, terminationId }: Termination,
): Promise<boolean> {
  return transact<boolean>(async () => {
    const account = await findAccount(tables.core, accountId);
    if (!account) return { result: true };
    const at = now();
    const today = utcDay(at);
    const kept = await keptLots(tables.core, accountId, today);
    // Clocks differ: an entry of this moment may be of tomorrow.
    const lots = await movedOn(tables.ledger, accountId, kept, dayPlus(today, 2));
    if (lots.available !== account.available || lots.held !== account.held) {
      throw new Error(`the entries of ${accountId} are not all in the index yet`);
    }
    const some = lots.open.slice(0, LOTS_AT_ONCE);
    if (some.length === 0) return { result: true };
    const entries = some.map(lot => settlementOf(terminationId, lot));
    const actor = { kind: 'platform', id: 'termination' } as const;
    const writes = entries.flatMap(entry => {
      const details = {
        accountId,
        action: entry.kind === 'refund' ? 'credits.refunded' : 'credits.expired',
        subject: entry.id,
      } as const;
      const about = { kind: 'refund_due', subject: entry.id, at: new Date(at).toISOString(), accountId } as const;
      const why = `service has ended: pay back ${-(entry.money?.amount ?? 0)} ${entry.money?.currency} of ${entry.corrects?.entryId}`;
      return [
        [`entry ${entry.id}`, entryWrite(tables.ledger, accountId, entry, at)] as const,
        [`event ${entry.id}`, auditWrite(tables.audit, auditEvent(actor, details, { now: at, random }))] as const,
        ...(entry.kind === 'refund'
          ? [[`due ${entry.id}`, exceptionWrite(tables.core, { ...about, why })] as const]
          : []),
      ];
    });
    return {
      result: some.length === lots.open.length,
      writes: {
        ...Object.fromEntries(writes),
        account: balanceWrite(tables.core, accountId, entries, account.available),
      },
      refused: () => RETRY,
    };
  });
}

/** Whether each refund of the settlement has its credit note: those are made of the account, which goes after that. */
export async function areDocumented(
  { tables }: SettleDependencies,
  { accountId, terminationId }: Termination,
): Promise<boolean> {
  const query = { table: tables.ledger, by: ['pk', accountId] as const, prefix: `refund#${terminationId}:` };
  let after: string | undefined;
  do {
    const { rows, more } = await rowsOf({ ...query, after });
    for (const entry of rows as unknown as BookedEntry[]) {
      const document = await findInvoice(tables.core, accountId, documentIdOf(accountId, entry));
      if (!document?.pdf) return false;
    }
    after = more ? rows.at(-1)?.sk : undefined;
  } while (after !== undefined);
  return true;
}
