/** Audit events as writes of the transaction that they tell of, or alone where nothing was changed. */
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../platform/table.ts';
import type { AuditEvent } from './event.ts';

/** The event's write; it is refused where an event of this id stands already. */
export function auditWrite(table: string, event: AuditEvent): TransactWrite & { Put: object } {
  return {
    Put: {
      TableName: table,
      Item: { pk: event.accountId, sk: `EVENT#${event.eventId}`, ...event },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Stores an event that stands alone: a refused call, or a use that changed nothing. */
export async function putAuditEvent(table: string, event: AuditEvent): Promise<void> {
  await documents.send(new PutCommand(auditWrite(table, event).Put));
}
