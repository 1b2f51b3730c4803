/**
 * DynamoDB and its streams, on SQLite. What holds:
 * - a write, its index entries and its stream record are one transaction, and so is all of a TransactWriteItems;
 * - numbers are exact to 38 digits; keys sort as DynamoDB sorts them; a query reads only the rows of its range;
 * - nothing but the catalog of tables is kept in memory, so a start after `kill -9` finds all that was answered;
 * - what is not supported is refused by its name.
 */
import type { CloudContext, Engine, Ports } from '../service.ts';
import type { Stores } from './operations/operation.ts';
import { dynamoDbService } from './protocol.ts';
import { tableResources } from './resource-types.ts';
import { ItemStore } from './storage/item-store.ts';
import { Statements } from './storage/schema.ts';
import { TableCatalog } from './storage/table-catalog.ts';
import { streamPort } from './streams/read-stream.ts';
import { StreamStore } from './streams/stream-store.ts';
import { startSweeping } from './time-to-live.ts';

/** The engine of DynamoDB; it also fills `context.ports.readStream`. */
export function createDynamoDb(context: CloudContext): Engine {
  const sql = new Statements(context.database);
  const items = new ItemStore(sql);
  const catalog = new TableCatalog(sql, items, context);
  const stores: Stores = { context, sql, items, catalog, streams: new StreamStore(sql, context) };
  (context.ports as { readStream: Ports['readStream'] }).readStream = streamPort(stores);
  let stopSweeping = (): void => {};
  return {
    services: [dynamoDbService(stores)],
    resources: tableResources(stores),
    start() {
      stopSweeping = startSweeping(stores);
    },
    async stop() {
      stopSweeping();
    },
  };
}
