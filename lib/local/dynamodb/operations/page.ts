/**
 * What Query and Scan share: a page ends at the limit or at 1 MB of items read, before the filter; the last key read
 * is where the next page begins.
 */
import type { Condition } from '../expressions/condition.ts';
import { pathsOf } from '../expressions/condition.ts';
import { holds } from '../expressions/condition-holds.ts';
import { readCondition } from '../expressions/condition-reader.ts';
import type { Path } from '../expressions/path.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import { project, readProjection } from '../expressions/projection.ts';
import { choiceIn, flagIn, type Input, optionalIntegerIn, optionalTextIn } from '../input.ts';
import { projectedNames, projectedTo } from '../storage/index-projection.ts';
import type { StoredItem } from '../storage/item-store.ts';
import { onlyAttributes } from '../storage/keys.ts';
import { type Index, keyAttributes, type Table } from '../storage/table-definition.ts';
import { refuse } from '../values/refusal.ts';
import { itemSize } from '../values/size.ts';
import type { Item } from '../values/value.ts';
import type { CapacityMeter } from './capacity.ts';

const PAGE_BYTES = 1024 * 1024;

export const PAGE_PARAMETERS = [
  'TableName',
  'IndexName',
  'Select',
  'Limit',
  'ConsistentRead',
  'ExclusiveStartKey',
  'FilterExpression',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnConsumedCapacity',
];

export interface PageRequest {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly limit: number;
  readonly consistent: boolean;
  readonly counts: boolean;
  readonly filter: Condition | undefined;
  readonly projection: readonly Path[] | undefined;
}

/** Reads the shared parameters; refuses what the index cannot give. */
export function readPage(
  input: Input,
  { table, index }: { table: Table; index: Index | undefined },
  placeholders: Placeholders,
): PageRequest {
  const consistent = flagIn(input, 'ConsistentRead');
  if (consistent && index) refuse('Consistent reads are not supported on global secondary indexes');
  const filter = optionalTextIn(input, 'FilterExpression');
  const expression = optionalTextIn(input, 'ProjectionExpression');
  const projection = expression === undefined ? undefined : readProjection(expression, placeholders);
  const select = selectIn(input, index, projection !== undefined);
  if (index) refuseNotProjected(table, index, projection ?? []);
  return {
    table,
    index,
    limit: optionalIntegerIn(input, 'Limit', 1, Number.MAX_SAFE_INTEGER) ?? Number.MAX_SAFE_INTEGER,
    consistent,
    counts: select === 'COUNT',
    filter: filter === undefined ? undefined : readCondition(filter, 'FilterExpression', placeholders),
    projection,
  };
}

/** Refuses a filter on the attributes by which a query is already bound. */
export function refuseKeyFilter(filter: Condition | undefined, names: readonly string[]): void {
  const found = filter && pathsOf(filter).find(([name]) => names.includes(name));
  if (found)
    refuse(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${found[0]}`);
}

/** Takes one page from the items, which are read only as far as it goes. */
export function takePage(
  request: PageRequest,
  found: Iterable<StoredItem>,
  meter: CapacityMeter,
): Record<string, unknown> {
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
export function pageKey(table: Table, index: Index | undefined): ReturnType<typeof keyAttributes> {
  const own = keyAttributes(table.keys);
  const ofIndex = index ? keyAttributes(index.keys) : [];
  return [...own, ...ofIndex.filter(({ name }) => !own.some(key => key.name === name))];
}

function selectIn(input: Input, index: Index | undefined, projects: boolean): string {
  if (input.Select === undefined) return '';
  const kinds = ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'] as const;
  const select = choiceIn(input, 'Select', kinds);
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
