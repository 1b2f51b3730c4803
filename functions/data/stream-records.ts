/** Records of a table's stream as items: one decoding for every function that a stream calls. Pure. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';

export interface StreamedItem {
  readonly change: 'INSERT' | 'MODIFY';
  /** Grows along the stream of one item. */
  readonly sequence: bigint;
  /** As it stood after the change. */
  readonly item: Readonly<Record<string, unknown>>;
}

/** What was inserted or changed, in the order of the stream; a removal has no item. */
export function streamedItems(records: readonly DynamoDBRecord[]): StreamedItem[] {
  return records.flatMap(({ eventName, dynamodb: { NewImage, SequenceNumber = '0' } = {} }) => {
    if (!NewImage || (eventName !== 'INSERT' && eventName !== 'MODIFY')) return [];
    const item = unmarshall(NewImage as Record<string, AttributeValue>);
    return [{ change: eventName, sequence: BigInt(SequenceNumber), item }];
  });
}
