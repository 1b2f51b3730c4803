/** Records of the jobs table's stream as events of the outbox. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { EventType } from '../data/outbox.ts';

export interface OutboxEvent {
  readonly accountId: string;
  readonly type: EventType;
  readonly jobId: number;
  /** ISO 8601. */
  readonly at: string;
}

export function outboxEvents(records: readonly DynamoDBRecord[]): OutboxEvent[] {
  return records.flatMap(({ dynamodb }) => {
    if (!dynamodb?.NewImage) return [];
    const { pk, sk, type, jobId, at } = unmarshall(dynamodb.NewImage as Record<string, AttributeValue>);
    return String(sk).startsWith('EVENT#') ? [{ accountId: pk, type, jobId, at }] : [];
  });
}
