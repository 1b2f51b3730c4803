/**
 * DynamoDB and its streams, on SQLite. What holds:
 * - a write, its index entries and its stream record are one transaction, and so is all of a TransactWriteItems;
 * - numbers are exact to 38 digits; keys sort as DynamoDB sorts them; a query reads only the rows of its range;
 * - nothing but the catalog of tables is kept in memory, so a start after `kill -9` finds all that was answered;
 * - what is not supported is refused by its name.
 */
import { jsonService } from '../protocols/json.ts';
import type { CloudContext, Engine } from '../service.ts';
import { Contention, type ContentionCounts, type ContentionOptions } from './contention.ts';
import { invalidInput, type Stores } from './operations/operation.ts';
import { QUERIES } from './operations/queries.ts';
import { READS } from './operations/reads.ts';
import { TABLES } from './operations/tables.ts';
import { TRANSACTIONS } from './operations/transactions.ts';
import { WRITES } from './operations/writes.ts';
import { tableResources } from './resource-types.ts';
import { ItemStore, Statements } from './storage/item-store.ts';
import { TableCatalog } from './storage/table-catalog.ts';
import { STREAM_OPERATIONS, streamPort } from './streams/stream-operations.ts';
import { StreamStore } from './streams/stream-store.ts';
import { startSweeping } from './time-to-live.ts';

export interface DynamoDbEngine extends Engine {
  /** Lets calls meet contention from now on, by these options; without any, none. Answers its counts, which go on. */
  contention(options?: ContentionOptions): ContentionCounts;
}

export function createDynamoDb(context: CloudContext): DynamoDbEngine {
  const sql = new Statements(context.database);
  const items = new ItemStore(sql);
  const catalog = new TableCatalog(sql, items, context);
  const streams = new StreamStore(sql, context);
  const contention = new Contention();
  const stores: Stores = { context, sql, items, catalog, streams, contention };
  const service = jsonService({
    signingName: 'dynamodb',
    version: '1.0',
    targets: {
      DynamoDB_20120810: { ...READS, ...WRITES, ...QUERIES, ...TRANSACTIONS, ...TABLES },
      DynamoDBStreams_20120810: STREAM_OPERATIONS,
    },
    state: stores,
    invalidInput,
    errorType: code => `com.amazonaws.dynamodb.v20120810#${code}`,
    checksum: true,
  });
  let stopSweeping = (): void => {};
  return {
    services: [service],
    provides: { readStream: streamPort(stores) },
    resources: tableResources(stores),
    contention: options => contention.set(options),
    start() {
      stopSweeping = startSweeping(stores);
    },
    async stop() {
      stopSweeping();
    },
  };
}
