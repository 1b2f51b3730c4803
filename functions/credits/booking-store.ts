/**
 * Books an entry that a person made: the entry, what the account may spend and the trace in one transaction. What stands
 * under the entry's id already is answered instead, so that a call that is repeated books nothing.
 */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { balanceWrite } from './balance-store.ts';
import type { Entry } from './ledger.ts';
import { entryWrite } from './ledger-store.ts';

export interface BookingTables {
  readonly core: string;
  readonly ledger: string;
  readonly audit: string;
}

export type Booked =
  | { readonly kind: 'booked' }
  /** The entry, or the payment with this reference, is there already. */
  | { readonly kind: 'stands'; readonly item: Readonly<Record<string, unknown>> }
  | { readonly kind: 'no_account' }
  | { readonly kind: 'insufficient'; readonly available: number };

/** Other transactions of the account may be in the way for a moment. */
const RETRIES = 8;

/** `once` is a write whose refusal says that it was booked before. */
export async function bookEntry(
  tables: BookingTables,
  { accountId, entry, event, once }: { accountId: string; entry: Entry; event: AuditEvent; once?: TransactWrite },
  { now, pause }: { now: number; pause: (ms: number) => Promise<void> },
): Promise<Booked> {
  const { Put } = entryWrite(tables.ledger, accountId, entry, now);
  const writes: TransactWrite[] = [
    ...(once ? [once] : []),
    { Put: Put && { ...Put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
    balanceWrite(tables.core, accountId, [entry]),
    auditWrite(tables.audit, event),
  ];
  for (let tries = 1; ; tries++) {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: writes }));
      return { kind: 'booked' };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const refused = refusalOf(error, once ? 2 : 1);
      if (refused) return refused;
      if (tries > RETRIES) throw error;
      await pause(2 ** tries * 5);
    }
  }
}

/** What the refused conditions mean; undefined where another transaction was in the way. */
function refusalOf({ CancellationReasons = [] }: TransactionCanceledException, account: number): Booked | undefined {
  for (const [position, { Code, Item }] of CancellationReasons.entries()) {
    if (Code !== 'ConditionalCheckFailed') continue;
    if (position < account) return { kind: 'stands', item: Item ? unmarshall(Item) : {} };
    if (position === account) {
      return Item ? { kind: 'insufficient', available: Number(unmarshall(Item).available) } : { kind: 'no_account' };
    }
  }
  return undefined;
}
