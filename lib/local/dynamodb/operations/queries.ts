/**
 * Query and Scan. A page ends at the limit or at 1 MB of items read, before the filter; the last key read is where the
 * next page begins.
 */
import { z } from 'zod';
import { type Condition, holds, pathsOf, readCondition } from '../expressions/condition.ts';
import { readKeyCondition } from '../expressions/key-condition.ts';
import type { Path } from '../expressions/path.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import { project, readProjection } from '../expressions/projection.ts';
import type { StoredItem } from '../storage/item-store.ts';
import {
  BEYOND_ALL,
  type EntryKey,
  earlier,
  hashOf,
  indexEntryKey,
  later,
  onlyAttributes,
  ownEntryKey,
  successor,
} from '../storage/keys.ts';
import {
  type Index,
  type KeySchema,
  keyAttributes,
  projectedNames,
  projectedTo,
  type Table,
} from '../storage/table-definition.ts';
import { readItem, type Wire } from '../values/read-value.ts';
import { refuse } from '../values/refusal.ts';
import { attributeOf, type Item, itemSize, kindOf, type Value } from '../values/value.ts';
import { CapacityMeter } from './capacity.ts';
import { CAPACITY, type Call, map, openTable, operation, PLACEHOLDERS, placeholdersIn } from './operation.ts';

const PAGE_BYTES = 1024 * 1024;
const MOST_SEGMENTS = 1_000_000;
const PAGE = {
  TableName: z.string(),
  IndexName: z.string().optional(),
  Select: z.enum(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT']).optional(),
  Limit: z.int().min(1).default(Number.MAX_SAFE_INTEGER),
  ConsistentRead: z.boolean().default(false),
  ExclusiveStartKey: map.optional(),
  FilterExpression: z.string().optional(),
  ProjectionExpression: z.string().optional(),
  ...PLACEHOLDERS,
  ...CAPACITY,
};
const SCAN = {
  ...PAGE,
  Segment: z
    .int()
    .min(0)
    .max(MOST_SEGMENTS - 1)
    .optional(),
  TotalSegments: z.int().min(1).max(MOST_SEGMENTS).optional(),
};
type PageInput = z.output<z.ZodObject<typeof PAGE>>;

export const QUERIES = {
  Query: operation(
    { ...PAGE, KeyConditionExpression: z.string(), ScanIndexForward: z.boolean().default(true) },
    'itself',
    (input, call) => {
      const meter = new CapacityMeter(input);
      const placeholders = placeholdersIn(input, [
        'KeyConditionExpression',
        'FilterExpression',
        'ProjectionExpression',
      ]);
      const { KeyConditionExpression: expression, ScanIndexForward: forward } = input;
      const target = openTarget(
        call,
        input,
        'Query',
        keys => readKeyCondition(expression, keys, placeholders).partition,
      );
      const { keys, collection } = target.index ?? target.table;
      const range = readKeyCondition(expression, keys, placeholders);
      const page = readPage(input, target, placeholders);
      placeholders.finish();
      refuseKeyFilter(
        page.filter,
        keyAttributes(keys).map(({ name }) => name),
      );
      const hash = hashOf(range.partition);
      const start = startIn(input, target);
      if (start && !start.hash.equals(hash)) {
        refuse('The provided starting key is outside query boundaries based on provided conditions');
      }
      const low = start && forward ? later(range.bounds.low, successor(start.position)) : range.bounds.low;
      const high = start && !forward ? earlier(range.bounds.high, start.position) : range.bounds.high;
      call.state.contention.beforeRead(call.request.principal, target.table);
      return takePage(page, call.state.items.inPartition(collection, hash, { low, high }, forward), meter);
    },
  ),

  Scan: operation(SCAN, 'itself', (input, call) => {
    const meter = new CapacityMeter(input);
    const placeholders = placeholdersIn(input, ['FilterExpression', 'ProjectionExpression']);
    const target = openTarget(call, input, 'Scan');
    const page = readPage(input, target, placeholders);
    placeholders.finish();
    const segment = segmentOf(input);
    const start = startIn(input, target) ?? { hash: segment.first, position: Buffer.alloc(0) };
    if (Buffer.compare(start.hash, segment.first) < 0 || Buffer.compare(start.hash, segment.end) >= 0) {
      refuse('The provided starting key is outside of the segment');
    }
    const { collection } = target.index ?? target.table;
    call.state.contention.beforeRead(call.request.principal, target.table);
    return takePage(page, call.state.items.inOrder(collection, start, segment.end), meter);
  }),
};

interface Target {
  readonly table: Table;
  readonly index: Index | undefined;
}

interface PageRequest {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly limit: number;
  readonly consistent: boolean;
  readonly counts: boolean;
  readonly filter: Condition | undefined;
  readonly projection: readonly Path[] | undefined;
}

function openTarget(
  call: Call,
  { TableName, IndexName: name }: PageInput,
  action: 'Query' | 'Scan',
  partition = (_: KeySchema): Value | undefined => undefined,
): Target {
  const table = openTable(call, action, TableName, { index: name, partition });
  if (name === undefined) return { table, index: undefined };
  const index = table.indexes.find(candidate => candidate.name === name);
  if (!index) refuse(`The table does not have the specified index: ${name}`);
  return { table, index };
}

/** Reads the shared parameters; refuses what the index cannot give. */
function readPage(
  input: PageInput,
  { table, index }: { table: Table; index: Index | undefined },
  placeholders: Placeholders,
): PageRequest {
  const { ConsistentRead: consistent, FilterExpression: filter, ProjectionExpression: expression } = input;
  if (consistent && index) refuse('Consistent reads are not supported on global secondary indexes');
  const projection = expression === undefined ? undefined : readProjection(expression, placeholders);
  const select = selectIn(input.Select, index, projection !== undefined);
  if (index) refuseNotProjected(table, index, projection ?? []);
  return {
    table,
    index,
    limit: input.Limit,
    consistent,
    counts: select === 'COUNT',
    filter: filter === undefined ? undefined : readCondition(filter, 'FilterExpression', placeholders),
    projection,
  };
}

/** Refuses a filter on the attributes by which a query is already bound. */
function refuseKeyFilter(filter: Condition | undefined, names: readonly string[]): void {
  const found = filter && pathsOf(filter).find(([name]) => names.includes(name));
  if (found)
    refuse(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${found[0]}`);
}

/** Takes one page from the items, which are read only as far as it goes. */
function takePage(request: PageRequest, found: Iterable<StoredItem>, meter: CapacityMeter): Record<string, unknown> {
  const { table, index } = request;
  const items: Item[] = [];
  let [bytes, scanned] = [0, 0];
  let last: Item | undefined;
  let cut = false;
  for (const stored of found) {
    const item = index ? projectedTo(table, index, stored.item) : stored.item;
    const size = index && index.projection !== 'ALL' ? itemSize(item) : stored.size;
    if (scanned > 0 && bytes + size > PAGE_BYTES) {
      cut = true;
      break;
    }
    bytes += size;
    scanned++;
    last = stored.item;
    if (!request.filter || holds(request.filter, item)) items.push(item);
    if (scanned === request.limit) {
      cut = true;
      break;
    }
  }
  meter.read(table, bytes, request.consistent, index);
  const { projection } = request;
  return {
    ...(!request.counts && { Items: projection ? items.map(item => project(item, projection)) : items }),
    Count: items.length,
    ScannedCount: scanned,
    ...(cut && last && { LastEvaluatedKey: onlyAttributes(last, pageKey(table, index)) }),
    ...meter.single(),
  };
}

/** The attributes of a page's start key: the index's, if it is one, and the table's. */
function pageKey(table: Table, index: Index | undefined): ReturnType<typeof keyAttributes> {
  const own = keyAttributes(table.keys);
  const ofIndex = index ? keyAttributes(index.keys) : [];
  return [...own, ...ofIndex.filter(({ name }) => !own.some(key => key.name === name))];
}

/** Where the page begins, after this entry; it need not exist any more. */
function startIn(
  { ExclusiveStartKey: given }: { ExclusiveStartKey?: Wire | undefined },
  { table, index }: Target,
): EntryKey | undefined {
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
function segmentOf({ TotalSegments: total, Segment: segment }: z.output<z.ZodObject<typeof SCAN>>): {
  first: Buffer;
  end: Buffer;
} {
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

function selectIn(select: PageInput['Select'], index: Index | undefined, projects: boolean): string {
  if (select === undefined) return '';
  if (projects && select !== 'SPECIFIC_ATTRIBUTES') {
    refuse(`Cannot specify the ProjectionExpression when choosing to get ${select}`);
  }
  if (select === 'SPECIFIC_ATTRIBUTES' && !projects) {
    refuse('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES');
  }
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && !index) {
    refuse('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (select === 'ALL_ATTRIBUTES' && index && index.projection !== 'ALL') {
    refuse(
      'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary ' +
        `index ${index.name} because its projection type is not ALL`,
    );
  }
  return select;
}

function refuseNotProjected(table: Table, index: Index, paths: readonly Path[]): void {
  const names = projectedNames(table, index);
  const missing = names ? paths.filter(([name]) => !names.has(name)) : [];
  if (missing.length > 0) {
    refuse(
      'One or more parameter values were invalid: Global secondary index ' +
        `${index.name} does not project [${missing.map(([name]) => name).join(', ')}]`,
    );
  }
}
