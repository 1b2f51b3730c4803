/** Reads of items by their keys: GetItem, BatchGetItem and TransactGetItems. */
import { z } from 'zod';
import type { Path } from '../expressions/path.ts';
import { project, readProjection } from '../expressions/projection.ts';
import { checkKey } from '../storage/key-rules.ts';
import { ownEntryKey } from '../storage/keys.ts';
import type { Table } from '../storage/table-definition.ts';
import { readItem, type Wire } from '../values/read-value.ts';
import { refuse } from '../values/refusal.ts';
import { attributeOf, type Item } from '../values/value.ts';
import { CapacityMeter } from './capacity.ts';
import {
  CAPACITY,
  type Call,
  map,
  NAMES,
  openTable,
  operation,
  placeholdersIn,
  readPart,
  refuseSameItem,
  type Stores,
} from './operation.ts';

const MOST_BATCH_KEYS = 100;
const MOST_TRANSACT_ITEMS = 100;
const LARGEST_TRANSACTION_BYTES = 4 * 1024 * 1024;
/** What one BatchGetItem answers; the keys that are left over come back as UnprocessedKeys. */
const LARGEST_BATCH_BYTES = 16 * 1024 * 1024;
const consistent = z.boolean().default(false);
const PROJECTION = { ...NAMES, ProjectionExpression: z.string().optional() };
const GET = { TableName: z.string(), Key: map, ...PROJECTION };
const Get = z.strictObject(GET);
const Batch = z.strictObject({ Keys: z.array(map), ConsistentRead: consistent, ...PROJECTION });

interface Read {
  readonly table: Table;
  readonly key: Item;
  readonly projection: readonly Path[] | undefined;
}

interface Found {
  /** Undefined where there is no item with this key. */
  readonly item: Item | undefined;
  /** Bytes of the whole item, which is what a read costs. */
  readonly size: number;
}

export const READS = {
  GetItem: operation({ ...GET, ...CAPACITY, ConsistentRead: consistent }, 'itself', (input, call) => {
    const meter = new CapacityMeter(input);
    const read = readGet(call, input);
    call.state.contention.beforeRead(call.request.principal, read.table);
    const { item, size } = find(call.state, read);
    meter.read(read.table, size, input.ConsistentRead);
    return { ...(item && { Item: item }), ...meter.single() };
  }),

  TransactGetItems: operation(
    { TransactItems: z.array(z.strictObject({ Get })).min(1).max(MOST_TRANSACT_ITEMS), ...CAPACITY },
    'itself',
    (input, call) => {
      const meter = new CapacityMeter(input, 2);
      const reads = input.TransactItems.map(({ Get }) => readGet(call, Get));
      refuseSameItem(reads, 'Transaction request cannot include multiple operations on one item');
      const tables = reads.map(({ table }) => table);
      call.state.contention.beforeTransaction(call.request.principal, tables);
      const found = reads.map(read => find(call.state, read));
      if (found.reduce((sum, { size }) => sum + size, 0) > LARGEST_TRANSACTION_BYTES) {
        refuse('Transaction response size exceeded: the items of a transaction have at most 4 MB together');
      }
      for (const [i, { table }] of reads.entries()) meter.read(table, found[i]?.size ?? 0, true);
      return { Responses: found.map(({ item }) => (item ? { Item: item } : {})), ...meter.list() };
    },
  ),

  BatchGetItem: operation({ RequestItems: map, ...CAPACITY }, 'itself', (input, call) => {
    const meter = new CapacityMeter(input);
    const tables = Object.entries(input.RequestItems).map(([table, wanted]) => readBatch(call, table, wanted));
    const count = tables.reduce((sum, { reads }) => sum + reads.length, 0);
    if (count === 0) refuse('RequestItems: Member must have length greater than or equal to 1');
    if (count > MOST_BATCH_KEYS) refuse('Too many items requested for the BatchGetItem call');
    const [first] = tables.flatMap(({ reads }) => reads);
    if (first) call.state.contention.beforeRead(call.request.principal, first.table);
    let room = LARGEST_BATCH_BYTES;
    const unprocessed: Record<string, unknown> = {};
    const responses = tables.map(({ name, wanted, reads }) => {
      const found: Found[] = [];
      for (const read of reads) {
        const one = room > 0 ? find(call.state, read) : undefined;
        if (!one || one.size > room) break;
        room -= one.size;
        found.push(one);
        meter.read(read.table, one.size, wanted.ConsistentRead);
      }
      if (found.length < reads.length) {
        room = 0;
        unprocessed[name] = { ...wanted, Keys: wanted.Keys.slice(found.length) };
      }
      return [name, found.flatMap(({ item }) => (item ? [item] : []))];
    });
    return { Responses: Object.fromEntries(responses), UnprocessedKeys: unprocessed, ...meter.list() };
  }),
};

function readGet(call: Call, get: z.output<typeof Get>): Read {
  return readOf(call, { action: 'GetItem', table: get.TableName, key: get.Key, projection: projectionIn(get) });
}

function readBatch(
  call: Call,
  name: string,
  given: unknown,
): { name: string; wanted: z.output<typeof Batch>; reads: readonly Read[] } {
  const wanted = readPart(Batch, given, `RequestItems.${name}`);
  const projection = projectionIn(wanted);
  const reads = wanted.Keys.map(key => readOf(call, { action: 'BatchGetItem', table: name, key, projection }));
  refuseSameItem(reads, 'Provided list of item keys contains duplicates');
  return { name, wanted, reads };
}

/** Reads which item is wanted; `key` is as on the wire. */
function readOf(
  call: Call,
  wanted: { action: string; table: string; key: Wire; projection: readonly Path[] | undefined },
): Read {
  const key = readItem(wanted.key);
  const table = openTable(call, wanted.action, wanted.table, {
    partition: ({ partition }) => attributeOf(key, partition.name),
  });
  checkKey(table, key);
  return { table, key, projection: wanted.projection };
}

/** The paths of a ProjectionExpression; undefined where there is none. */
function projectionIn(input: z.output<z.ZodObject<typeof PROJECTION>>): readonly Path[] | undefined {
  const placeholders = placeholdersIn(input, ['ProjectionExpression']);
  const { ProjectionExpression: expression } = input;
  const paths = expression === undefined ? undefined : readProjection(expression, placeholders);
  placeholders.finish();
  return paths;
}

function find({ items }: Stores, { table, key, projection }: Read): Found {
  const found = items.get(table.collection, ownEntryKey(table, key));
  if (!found) return { item: undefined, size: 0 };
  return { item: projection ? project(found.item, projection) : found.item, size: found.size };
}
