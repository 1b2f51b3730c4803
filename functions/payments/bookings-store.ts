/** Books an entry that a person made: the entry, what the account may spend and the audit event in one transaction. */
import { auditWrite } from '../audit/audit-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { Entry } from '../credits/ledger.ts';
import { balanceWrite, entryWrite } from '../credits/ledger-store.ts';
import type { TransactWrite } from '../data/table.ts';
import { commit } from '../data/transaction.ts';
import type { Booked, RecordedPayment } from './booking.ts';

export interface BookingTables {
  readonly core: string;
  readonly ledger: string;
  readonly audit: string;
}

export interface Booking {
  readonly accountId: string;
  readonly entry: Entry;
  readonly event: AuditEvent;
  readonly payment?: RecordedPayment | undefined;
}

/** Returns what exists already under the entry's id or the payment's reference: a repeated call books nothing. */
export async function bookEntry(
  tables: BookingTables,
  { accountId, entry, event, payment }: Booking,
  now: number,
): Promise<Booked> {
  const refused = await commit({
    ...(payment && { payment: paymentWrite(tables.core, payment) }),
    entry: entryWrite(tables.ledger, accountId, entry, now),
    account: balanceWrite(tables.core, accountId, [entry]),
    event: auditWrite(tables.audit, event),
  });
  if (!refused) return { kind: 'booked' };
  const existing = refused.payment ?? refused.entry;
  if (existing) return { kind: 'exists', item: existing };
  const { account } = refused;
  if (account === undefined) throw new Error(`the audit event of the entry ${entry.id} exists already`);
  return account ? { kind: 'insufficient', available: Number(account.available) } : { kind: 'no_account' };
}

function paymentWrite(table: string, payment: RecordedPayment): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { pk: `PAYMENT#${payment.reference}`, sk: 'PAYMENT', ...payment },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}
