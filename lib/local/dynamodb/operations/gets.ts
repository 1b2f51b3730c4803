import { flagIn, type Input, invalid, isRecord, recordIn, recordsIn, textIn } from '../input.ts';
import { refuse } from '../values/refusal.ts';
import { CapacityMeter } from './capacity.ts';
import { onlyMembers, refuseSameItem } from './members.ts';
import type { Call, Operation } from './operation.ts';
import { type Found, find, projectionIn, type Read, readOf } from './read.ts';

const MOST_BATCH_KEYS = 100;
const MOST_TRANSACT_ITEMS = 100;
const LARGEST_TRANSACTION_BYTES = 4 * 1024 * 1024;
/** What one BatchGetItem answers; the keys that are left over come back as UnprocessedKeys. */
const LARGEST_BATCH_BYTES = 16 * 1024 * 1024;
const GET = ['TableName', 'Key', 'ProjectionExpression', 'ExpressionAttributeNames'];
const BATCH = ['Keys', 'ConsistentRead', 'ProjectionExpression', 'ExpressionAttributeNames'];

export const getItem: Operation = {
  parameters: [...GET, 'ConsistentRead', 'ReturnConsumedCapacity'],
  run(call) {
    const { input, stores } = call;
    const meter = new CapacityMeter(input);
    const read = readGet(call, input);
    const { item, size } = find(stores, read);
    meter.read(read.table, size, flagIn(input, 'ConsistentRead'));
    return { ...(item && { Item: item }), ...meter.single() };
  },
};

export const transactGetItems: Operation = {
  parameters: ['TransactItems', 'ReturnConsumedCapacity'],
  run(call) {
    const { input, stores } = call;
    const meter = new CapacityMeter(input, 2);
    const wanted = recordsIn(input, 'TransactItems');
    if (wanted.length === 0 || wanted.length > MOST_TRANSACT_ITEMS) {
      const bound = wanted.length === 0 ? 'greater than or equal to 1' : 'less than or equal to 100';
      invalid('TransactItems', '[...]', `Member must have length ${bound}`);
    }
    const reads = wanted.map(element => {
      onlyMembers(element, 'TransactItems', ['Get']);
      const get = recordIn(element, 'Get');
      onlyMembers(get, 'Get', GET);
      return readGet(call, get);
    });
    refuseSameItem(reads, 'Transaction request cannot include multiple operations on one item');
    const found = reads.map(read => find(stores, read));
    if (found.reduce((sum, { size }) => sum + size, 0) > LARGEST_TRANSACTION_BYTES) {
      refuse('Transaction response size exceeded: the items of a transaction have at most 4 MB together');
    }
    for (const [i, { table }] of reads.entries()) meter.read(table, found[i]?.size ?? 0, true);
    return { Responses: found.map(({ item }) => (item ? { Item: item } : {})), ...meter.list() };
  },
};

export const batchGetItem: Operation = {
  parameters: ['RequestItems', 'ReturnConsumedCapacity'],
  run(call) {
    const { input, stores } = call;
    const meter = new CapacityMeter(input);
    const tables = Object.entries(recordIn(input, 'RequestItems')).map(([table, wanted]) =>
      readBatch(call, table, wanted),
    );
    const count = tables.reduce((sum, { reads }) => sum + reads.length, 0);
    if (count === 0) invalid('RequestItems', '{}', 'Member must have length greater than or equal to 1');
    if (count > MOST_BATCH_KEYS) refuse('Too many items requested for the BatchGetItem call');
    let room = LARGEST_BATCH_BYTES;
    const unprocessed: Record<string, unknown> = {};
    const responses = tables.map(({ name, wanted, reads }) => {
      const found: Found[] = [];
      for (const read of reads) {
        const one = room > 0 ? find(stores, read) : undefined;
        if (!one || one.size > room) break;
        room -= one.size;
        found.push(one);
        meter.read(read.table, one.size, flagIn(wanted, 'ConsistentRead'));
      }
      if (found.length < reads.length) {
        room = 0;
        unprocessed[name] = { ...wanted, Keys: recordsIn(wanted, 'Keys').slice(found.length) };
      }
      return [name, found.flatMap(({ item }) => (item ? [item] : []))];
    });
    return { Responses: Object.fromEntries(responses), UnprocessedKeys: unprocessed, ...meter.list() };
  },
};

function readGet(call: Call, get: Input): Read {
  return readOf(call, {
    action: 'GetItem',
    table: textIn(get, 'TableName'),
    key: recordIn(get, 'Key'),
    projection: projectionIn(get),
  });
}

function readBatch(call: Call, name: string, wanted: unknown): { name: string; wanted: Input; reads: readonly Read[] } {
  if (!isRecord(wanted)) return invalid('RequestItems', name, 'Member must be a map');
  onlyMembers(wanted, `RequestItems.${name}`, BATCH);
  const projection = projectionIn(wanted);
  const reads = recordsIn(wanted, 'Keys').map(key =>
    readOf(call, { action: 'BatchGetItem', table: name, key, projection }),
  );
  refuseSameItem(reads, 'Provided list of item keys contains duplicates');
  return { name, wanted, reads };
}
