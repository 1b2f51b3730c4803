/** Records of the audit table's stream as events: what is to be sealed, by account, in the order in which it was committed. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { eventOf } from './audit-store.ts';
import type { StreamedEvent } from './seal-store.ts';

export function eventsByAccount(records: readonly DynamoDBRecord[]): Map<string, StreamedEvent[]> {
  const events = new Map<string, StreamedEvent[]>();
  for (const { eventName, dynamodb } of records) {
    const { NewImage, SequenceNumber = '0' } = dynamodb ?? {};
    if (eventName !== 'INSERT' || !NewImage) continue;
    const item = unmarshall(NewImage as Record<string, AttributeValue>);
    // Seals come by the same stream; uses end by themselves.
    if (!String(item.sk).startsWith('EVENT#') || item.action === 'key.used') continue;
    const event = eventOf(item);
    const known = events.get(event.accountId) ?? [];
    events.set(event.accountId, [...known, { sequence: BigInt(SequenceNumber), event }]);
  }
  return events;
}
