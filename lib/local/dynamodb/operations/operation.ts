/** What an operation is, and what it may use. */
import type { AwsRequest, CloudContext } from '../../service.ts';
import { Placeholders } from '../expressions/placeholders.ts';
import { type Input, isRecord, optionalRecordIn } from '../input.ts';
import type { ItemStore } from '../storage/item-store.ts';
import type { Statements } from '../storage/schema.ts';
import type { TableCatalog } from '../storage/table-catalog.ts';
import type { KeySchema, Table } from '../storage/table-definition.ts';
import type { StreamStore } from '../streams/stream-store.ts';
import { readValue } from '../values/read-value.ts';
import { refuse } from '../values/refusal.ts';
import { scalarOf, type Value } from '../values/value.ts';

export interface Stores {
  readonly context: CloudContext;
  readonly sql: Statements;
  readonly items: ItemStore;
  readonly streams: StreamStore;
  readonly catalog: TableCatalog;
}

export interface Call {
  readonly input: Input;
  readonly stores: Stores;
  readonly authorize: AwsRequest['authorize'];
}

export interface Operation {
  /** The parameters that it takes; any other is refused by name. */
  readonly parameters: readonly string[];
  run(call: Call): Readonly<Record<string, unknown>>;
}

/**
 * The table of that name or ARN, once the caller is authorized for the action on it, or on one of its indexes. Where
 * `partition` tells the key's value, policies can decide by it (`dynamodb:LeadingKeys`).
 */
export function openTable(
  { stores, authorize }: Pick<Call, 'stores' | 'authorize'>,
  action: string,
  nameOrArn: string,
  on: { index?: string | undefined; partition?: (keys: KeySchema) => Value | undefined } = {},
): Table {
  const name = tableName(nameOrArn);
  const table = stores.catalog.find(name);
  const arn = stores.catalog.arnOf(name) + (on.index === undefined ? '' : `/index/${on.index}`);
  const index = table?.indexes.find(candidate => candidate.name === on.index);
  const keys = (on.index === undefined ? table : index)?.keys;
  const leading = keys && on.partition?.(keys);
  const text = leading && scalarOf(leading);
  authorize(`dynamodb:${action}`, arn, text === undefined ? {} : { 'dynamodb:LeadingKeys': text });
  return stores.catalog.named(name);
}

/** The name in a TableName, which may be an ARN. */
export function tableName(nameOrArn: string): string {
  return /^arn:[^:]+:dynamodb:[^:]*:[^:]*:table\/([^/]+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

/** The placeholders of a request; refused where it has none of the expressions that could use them. */
export function placeholdersIn(input: Input, expressions: readonly string[]): Placeholders {
  const names = optionalRecordIn(input, 'ExpressionAttributeNames');
  const values = optionalRecordIn(input, 'ExpressionAttributeValues');
  if (expressions.every(name => input[name] === undefined)) {
    const [given] = [names && 'ExpressionAttributeNames', values && 'ExpressionAttributeValues'].filter(Boolean);
    if (given) refuse(`${given} can only be specified when using expressions: ${expressions.join(' and ')} is null`);
  }
  return new Placeholders(
    names && mapped(names, name => (typeof name === 'string' ? name : refuse('An attribute name is a string'))),
    values && mapped(values, value => readValue(isRecord(value) ? value : {})),
  );
}

function mapped<T>(record: Input, read: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, read(value)]));
}
