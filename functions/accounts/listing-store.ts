/** Accounts as operators list them, by two indexes; what a page costs does not depend on how many accounts there are. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountStatus } from '../catalogue/account-status.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import type { Account } from './account.ts';
import { LISTED, type Place } from './listing.ts';

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins, where there is one. */
  readonly next?: Place;
}

interface Wanted {
  readonly limit: number;
  readonly after?: Place | undefined;
}

export type Application = Pick<Account, 'accountId' | 'name' | 'kind' | 'country'> & { readonly statusSince: string };
export type Summary = Pick<Account, 'accountId' | 'name' | 'kind' | 'country' | 'status' | 'plan' | 'createdAt'>;

/** Accounts that have had this status longest, first. */
export function applicationsOf(table: string, status: AccountStatus, wanted: Wanted): Promise<Page<Application>> {
  return pageOf({ table, index: 'applications', by: ['applicationStatus', status], sort: 'statusSince' }, wanted);
}

/** All accounts, newest first. */
export function accountsByAge(table: string, wanted: Wanted): Promise<Page<Summary>> {
  return pageOf({ table, index: 'accounts', by: ['listed', LISTED], sort: 'createdAt', isNewestFirst: true }, wanted);
}

interface Index {
  readonly table: string;
  readonly index: string;
  readonly by: readonly [string, string];
  readonly sort: string;
  readonly isNewestFirst?: boolean;
}

async function pageOf<Row extends { accountId: string }>(
  { table, index, by: [partition, value], sort, isNewestFirst = false }: Index,
  { limit, after }: Wanted,
): Promise<Page<Row>> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#partition = :value',
      ExpressionAttributeNames: { '#partition': partition },
      ExpressionAttributeValues: { ':value': value },
      ScanIndexForward: !isNewestFirst,
      Limit: limit,
      ...(after && { ExclusiveStartKey: { ...accountKey(after.accountId), [partition]: value, [sort]: after.at } }),
    }),
  );
  const last = LastEvaluatedKey && Items.at(-1);
  return {
    rows: Items as Row[],
    ...(last && { next: { accountId: String(last.accountId), at: String(last[sort]) } }),
  };
}
