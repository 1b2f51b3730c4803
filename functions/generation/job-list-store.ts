/** An account's videos by age, in pages. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { jobKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { sortable } from '../runtime/ids.ts';
import type { Job } from './job-item.ts';

export interface ListPage {
  readonly jobs: readonly Job[];
  /** Whether there is another after the last of these. */
  readonly more: boolean;
}

/** Items that one read looks at, and reads of one page: what a list costs is bounded whatever an account holds. */
const ITEMS_A_READ = 100;
const READS = 10;

/** The first and last keys that a job can have. */
const FIRST = `JOB#${sortable(0)}`;
const LAST = 'JOB#~';

/**
 * Up to `limit` jobs that are not deleted, beginning after the id `after`, which need not be a job's. Deleted ones are
 * passed over; only a thousand of them in a row cut a page short.
 */
export async function listJobs(
  table: string,
  accountId: string,
  { after, limit, ascending }: { after: number | undefined; limit: number; ascending: boolean },
): Promise<ListPage> {
  const jobs: Job[] = [];
  let start = after === undefined ? undefined : jobKey(accountId, after);
  for (let read = 0; read < READS && jobs.length <= limit; read++) {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        FilterExpression: '#state <> :deleted',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':pk': accountId, ':first': FIRST, ':last': LAST, ':deleted': 'deleted' },
        ScanIndexForward: ascending,
        ConsistentRead: true,
        // One more than is asked for tells whether there is another.
        Limit: read === 0 ? limit + 1 : ITEMS_A_READ,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    jobs.push(...(Items as Job[]));
    if (!LastEvaluatedKey) break;
    start = LastEvaluatedKey as typeof start;
  }
  return { jobs: jobs.slice(0, limit), more: jobs.length > limit };
}
