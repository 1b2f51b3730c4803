/** Records of the jobs table's stream as what was started, by account. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';

export interface Started {
  readonly accountId: string;
  readonly jobIds: ReadonlySet<number>;
  /** UTC days on which they were started. */
  readonly days: ReadonlySet<string>;
}

export function startedByAccount(records: readonly DynamoDBRecord[]): Started[] {
  const started = new Map<string, { jobIds: Set<number>; days: Set<string> }>();
  for (const { dynamodb } of records) {
    if (!dynamodb?.NewImage) continue;
    const { pk, type, jobId, at } = unmarshall(dynamodb.NewImage as Record<string, AttributeValue>);
    if (type !== 'video.queued') continue;
    const known = started.get(pk) ?? { jobIds: new Set(), days: new Set() };
    known.jobIds.add(jobId);
    known.days.add(String(at).slice(0, 10));
    started.set(pk, known);
  }
  return [...started].map(([accountId, known]) => ({ accountId, ...known }));
}
