import { batchWriteItem } from './batch-write.ts';
import { batchGetItem, getItem, transactGetItems } from './gets.ts';
import type { Operation } from './operation.ts';
import { query, scan } from './queries.ts';
import { deleteItem, putItem, updateItem } from './single-writes.ts';
import {
  createTable,
  deleteTable,
  describeContinuousBackups,
  describeTable,
  describeTimeToLive,
  listTables,
  listTagsOfResource,
  updateTimeToLive,
} from './tables.ts';
import { transactWriteItems } from './transact-write.ts';

/** The operations that this engine answers; any other is refused by name. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  PutItem: putItem,
  GetItem: getItem,
  UpdateItem: updateItem,
  DeleteItem: deleteItem,
  Query: query,
  Scan: scan,
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  TransactWriteItems: transactWriteItems,
  TransactGetItems: transactGetItems,
  DescribeTable: describeTable,
  ListTables: listTables,
  CreateTable: createTable,
  DeleteTable: deleteTable,
  DescribeTimeToLive: describeTimeToLive,
  UpdateTimeToLive: updateTimeToLive,
  DescribeContinuousBackups: describeContinuousBackups,
  ListTagsOfResource: listTagsOfResource,
};
