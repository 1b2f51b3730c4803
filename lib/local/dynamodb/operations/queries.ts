import { readKeyCondition } from '../expressions/key-condition.ts';
import { flagIn, optionalIntegerIn, optionalRecordIn, optionalTextIn, textIn } from '../input.ts';
import { type EntryKey, hashOf, indexEntryKey, ownEntryKey } from '../storage/keys.ts';
import { BEYOND_ALL, earlier, later, successor } from '../storage/position.ts';
import { type Index, type KeySchema, keyAttributes, type Table } from '../storage/table-definition.ts';
import { readItem } from '../values/read-value.ts';
import { refuse } from '../values/refusal.ts';
import { attributeOf, kindOf, type Value } from '../values/value.ts';
import { CapacityMeter } from './capacity.ts';
import { type Call, type Operation, openTable, placeholdersIn } from './operation.ts';
import { PAGE_PARAMETERS, pageKey, readPage, refuseKeyFilter, takePage } from './page.ts';

const MOST_SEGMENTS = 1_000_000;

export const query: Operation = {
  parameters: [...PAGE_PARAMETERS, 'KeyConditionExpression', 'ScanIndexForward'],
  run(call) {
    const { input, stores } = call;
    const meter = new CapacityMeter(input);
    const placeholders = placeholdersIn(input, ['KeyConditionExpression', 'FilterExpression', 'ProjectionExpression']);
    const expression = textIn(input, 'KeyConditionExpression');
    const target = openTarget(call, 'Query', keys => readKeyCondition(expression, keys, placeholders).partition);
    const { keys, collection } = target.index ?? target.table;
    const range = readKeyCondition(expression, keys, placeholders);
    const page = readPage(input, target, placeholders);
    placeholders.finish();
    refuseKeyFilter(
      page.filter,
      keyAttributes(keys).map(({ name }) => name),
    );
    const forward = input.ScanIndexForward === undefined || flagIn(input, 'ScanIndexForward');
    const hash = hashOf(range.partition);
    const start = startIn(call, target);
    if (start && !start.hash.equals(hash)) {
      refuse('The provided starting key is outside query boundaries based on provided conditions');
    }
    const low = start && forward ? later(range.bounds.low, successor(start.position)) : range.bounds.low;
    const high = start && !forward ? earlier(range.bounds.high, start.position) : range.bounds.high;
    return takePage(page, stores.items.inPartition(collection, hash, { low, high }, forward), meter);
  },
};

export const scan: Operation = {
  parameters: [...PAGE_PARAMETERS, 'Segment', 'TotalSegments'],
  run(call) {
    const { input, stores } = call;
    const meter = new CapacityMeter(input);
    const placeholders = placeholdersIn(input, ['FilterExpression', 'ProjectionExpression']);
    const target = openTarget(call, 'Scan');
    const page = readPage(input, target, placeholders);
    placeholders.finish();
    const segment = segmentOf(call);
    const start = startIn(call, target) ?? { hash: segment.first, position: Buffer.alloc(0) };
    if (Buffer.compare(start.hash, segment.first) < 0 || Buffer.compare(start.hash, segment.end) >= 0) {
      refuse('The provided starting key is outside of the segment');
    }
    const { collection } = target.index ?? target.table;
    return takePage(page, stores.items.inOrder(collection, start, segment.end), meter);
  },
};

interface Target {
  readonly table: Table;
  readonly index: Index | undefined;
}

function openTarget(
  call: Call,
  action: 'Query' | 'Scan',
  partition = (_: KeySchema): Value | undefined => undefined,
): Target {
  const name = optionalTextIn(call.input, 'IndexName');
  const table = openTable(call, action, textIn(call.input, 'TableName'), { index: name, partition });
  if (name === undefined) return { table, index: undefined };
  const index = table.indexes.find(candidate => candidate.name === name);
  if (!index) refuse(`The table does not have the specified index: ${name}`);
  return { table, index };
}

/** Where the page begins, after this entry; it need not exist any more. */
function startIn({ input }: Call, { table, index }: Target): EntryKey | undefined {
  const given = optionalRecordIn(input, 'ExclusiveStartKey');
  if (!given) return undefined;
  const key = readItem(given);
  const schema = pageKey(table, index);
  const complete = schema.every(({ name, kind }) => {
    const value = attributeOf(key, name);
    return value !== undefined && kindOf(value) === kind;
  });
  const entry = complete && (index ? indexEntryKey(table, index, key) : ownEntryKey(table, key));
  if (!entry || Object.keys(key).length !== schema.length) {
    refuse('The provided starting key is invalid: The provided key element does not match the schema');
  }
  return entry;
}

/** The partitions of a segment: an equal share of the four bytes with which a partition begins. */
function segmentOf({ input }: Call): { first: Buffer; end: Buffer } {
  const total = optionalIntegerIn(input, 'TotalSegments', 1, MOST_SEGMENTS);
  const segment = optionalIntegerIn(input, 'Segment', 0, MOST_SEGMENTS - 1);
  if (total === undefined && segment === undefined) return { first: Buffer.alloc(0), end: BEYOND_ALL };
  if (total === undefined) {
    refuse(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (segment === undefined) {
    refuse(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (segment >= total) {
    refuse(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
  const boundary = (of: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(Math.ceil((of * 2 ** 32) / total));
    return bytes;
  };
  return { first: boundary(segment), end: segment + 1 === total ? BEYOND_ALL : boundary(segment + 1) };
}
