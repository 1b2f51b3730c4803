/** The end of the whole service in the core table: one item. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';

export interface ServiceEnd {
  /** `proposed` by one operator; `running` through the accounts, wave by wave; `ordered` for all of them. */
  readonly state: 'proposed' | 'running' | 'ordered';
  readonly reason: string;
  /** When calls end, ISO 8601. */
  readonly closesAt: string;
  /** Accounts a minute. */
  readonly wave: number;
  readonly proposedBy: string;
  readonly decidedBy?: string;
  /** How many accounts it has come to. */
  readonly ended: number;
  /** Where the next wave begins. */
  readonly cursor?: string;
  readonly revision: number;
}

const KEY = { pk: 'SERVICE_END', sk: 'SERVICE_END' };

export async function findServiceEnd(table: string): Promise<ServiceEnd | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }));
  return Item as ServiceEnd | undefined;
}

/** Refused where it is not as it was read. */
export function serviceEndWrite(table: string, end: ServiceEnd, before: ServiceEnd | undefined): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...KEY, ...end },
      ...(before
        ? { ConditionExpression: 'revision = :before', ExpressionAttributeValues: { ':before': before.revision } }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}
