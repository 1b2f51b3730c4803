/** The shapes that go to a function, come from it, and go to the queue of what was given up. Pure. */
import type { StreamPage } from '../../service.ts';

export interface EventRecord {
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    /** Epoch seconds. */
    readonly ApproximateCreationDateTime: number;
  };
}

/** A record of a stream as Lambda hands it on: with its stream, and with the words of `userIdentity` in lower case. */
export function eventRecord(record: StreamPage['records'][number], eventSourceARN: string): EventRecord {
  const { userIdentity, ...rest } = record;
  return {
    ...rest,
    ...(userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } }),
    eventSourceARN,
  };
}

/**
 * The index of the first record that a function has reported as failed; -1 for none; undefined where its report says that
 * all have failed, or nothing that is understood, which means the same.
 */
export function firstReported(payload: string, records: readonly EventRecord[]): number | undefined {
  const answer = JSON.parse(payload) as { batchItemFailures?: unknown } | null;
  const failures = typeof answer === 'object' ? (answer?.batchItemFailures ?? []) : undefined;
  if (!Array.isArray(failures)) return undefined;
  const indexes = failures.map(failure => {
    const identifier = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    return records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === identifier);
  });
  if (indexes.includes(-1)) return undefined;
  return indexes.length === 0 ? -1 : Math.min(...indexes);
}

/** Why records were given up, and which. */
export interface GivenUp {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly functionArn: string;
  readonly requestId: string;
  readonly invokeCount: number;
  readonly functionError: string | undefined;
  readonly shardId: string;
  readonly records: readonly EventRecord[];
}

/** The message to the queue: it names the records, which stay in the stream, and does not hold them. */
export function failureMessage(given: GivenUp, now: number): string {
  const { records, condition, functionError } = given;
  const [first, last] = [records[0], records.at(-1)];
  const arrival = (record: EventRecord | undefined): string =>
    new Date((record?.dynamodb.ApproximateCreationDateTime ?? 0) * 1000).toISOString();
  return JSON.stringify({
    requestContext: {
      requestId: given.requestId,
      functionArn: given.functionArn,
      condition,
      approximateInvokeCount: given.invokeCount,
    },
    ...(functionError && { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError } }),
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId: given.shardId,
      startSequenceNumber: first?.dynamodb.SequenceNumber,
      endSequenceNumber: last?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: first?.eventSourceARN,
    },
  });
}
