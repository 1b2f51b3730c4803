/** What is to be rectified by a date: one list of all accounts in the order of dates, and each is in it until it is done. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';

export interface Rectification {
  readonly accountId: string;
  /** The violation or the measure. */
  readonly subject: string;
  /** ISO 8601. */
  readonly by: string;
}

const LIST = 'RECTIFY_DUE';
export const rectificationKey = ({ by, accountId, subject }: Rectification) => ({
  pk: LIST,
  sk: `${by}#${accountId}#${subject}`,
});

export function rectificationWrite(table: string, due: Rectification): TransactWrite {
  return { Put: { TableName: table, Item: { ...rectificationKey(due), ...due } } };
}

const KEPT_SECONDS = 400 * 24 * 3600;

/** Takes it off the list, in the transaction of what ends it. `now` is epoch ms. */
export function rectificationEnd(table: string, due: Rectification, now: number): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: rectificationKey(due),
      UpdateExpression: 'SET doneAt = :at, expiresAt = :expires',
      ExpressionAttributeValues: {
        ':at': new Date(now).toISOString(),
        ':expires': Math.floor(now / 1000) + KEPT_SECONDS,
      },
    },
  };
}

/** What was due before `now` (ISO 8601), the oldest first, page by page. */
export async function* rectificationsDue(table: string, now: string): AsyncGenerator<Rectification[]> {
  let start: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :list AND sk < :now',
        ExpressionAttributeValues: { ':list': LIST, ':now': now },
        FilterExpression: 'attribute_not_exists(doneAt)',
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    yield Items as Rectification[];
    start = LastEvaluatedKey;
  } while (start);
}
