/** What the operations share: how their inputs are read, and how a table is opened. */
import { z } from 'zod';
import {
  type Call as AnyCall,
  type InputProblem,
  operationsOn,
  readInput,
  wordsFor,
} from '../../protocols/operation.ts';
import { AwsError, type CloudContext } from '../../service.ts';
import type { Contention } from '../contention.ts';
import { Placeholders } from '../expressions/placeholders.ts';
import type { ItemStore, Statements } from '../storage/item-store.ts';
import { ownEntryKey } from '../storage/keys.ts';
import type { TableCatalog } from '../storage/table-catalog.ts';
import type { KeySchema, Table } from '../storage/table-definition.ts';
import type { StreamStore } from '../streams/stream-store.ts';
import { isRecord, readValue, type Wire } from '../values/read-value.ts';
import { refuse } from '../values/refusal.ts';
import { type Item, scalarOf, type Value } from '../values/value.ts';

export interface Stores {
  readonly context: CloudContext;
  readonly sql: Statements;
  readonly items: ItemStore;
  readonly streams: StreamStore;
  readonly catalog: TableCatalog;
  readonly contention: Contention;
}

export type Call = Pick<AnyCall<Stores>, 'state' | 'authorize'>;

export const operation = operationsOn<Stores>();

/** A map as it came: its values are read later, as an item's or an expression's. */
export const map: z.ZodType<Wire> = z.unknown().check(({ value, issues }) => {
  if (!isRecord(value)) issues.push({ code: 'invalid_type', expected: 'record', input: value });
}) as z.ZodType<unknown> as z.ZodType<Wire>;

export const NAMES = { ExpressionAttributeNames: map.optional() };
export const PLACEHOLDERS = { ...NAMES, ExpressionAttributeValues: map.optional() };
export const CAPACITY = { ReturnConsumedCapacity: z.enum(['NONE', 'TOTAL', 'INDEXES']).default('NONE') };
/** Tables here have no local indexes, so there are no collections to tell of. */
export const COLLECTION_METRICS = { ReturnItemCollectionMetrics: z.enum(['NONE', 'SIZE']).optional() };

/** What took the place of each parameter from before expressions. */
const LEGACY: Readonly<Record<string, string>> = {
  Expected: 'ConditionExpression',
  ConditionalOperator: 'ConditionExpression or FilterExpression',
  AttributeUpdates: 'UpdateExpression',
  AttributesToGet: 'ProjectionExpression',
  KeyConditions: 'KeyConditionExpression',
  QueryFilter: 'FilterExpression',
  ScanFilter: 'FilterExpression',
};

/** The error for an input that its shape does not allow. */
export function invalidInput(problem: InputProblem): AwsError {
  const { kind, of, path, expected } = problem;
  const name = path.at(-1) ?? of;
  if (kind === 'type') return new AwsError('SerializationException', `${name} is not ${expected}`);
  if (kind !== 'unknown') {
    const member = path.map(part => part.charAt(0).toLowerCase() + part.slice(1));
    return new AwsError('ValidationException', wordsFor({ ...problem, path: member }));
  }
  const where = path.slice(0, -1).findLast(part => !/^\d+$/.test(part)) ?? of;
  const instead = Object.hasOwn(LEGACY, name) ? `; use ${LEGACY[name]} instead of this legacy parameter` : '';
  return new AwsError('ValidationException', `${name} is not supported in ${where}${instead}`);
}

/** Reads a part of an input; `where` says which. */
export function readPart<Output>(schema: z.ZodType<Output>, given: unknown, where: string): Output {
  return readInput(schema, given, where, invalidInput);
}

/**
 * The table of that name or ARN, once the caller is authorized for the action on it, or on one of its indexes. Where
 * `partition` tells the key's value, policies can decide by it (`dynamodb:LeadingKeys`).
 */
export function openTable(
  { state: stores, authorize }: Call,
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

/** The table that an operation declares as its resource. */
export function arnOfTable({ TableName }: { TableName: string }, { state }: Call): string {
  return state.catalog.arnOf(tableName(TableName));
}

interface ExpressionInput {
  readonly ExpressionAttributeNames?: Wire | undefined;
  readonly ExpressionAttributeValues?: Wire | undefined;
  readonly [member: string]: unknown;
}

/** The placeholders of a request; refused where it has none of the expressions that could use them. */
export function placeholdersIn(input: ExpressionInput, expressions: readonly string[]): Placeholders {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  if (expressions.every(name => input[name] === undefined)) {
    const [given] = [names && 'ExpressionAttributeNames', values && 'ExpressionAttributeValues'].filter(Boolean);
    if (given) refuse(`${given} can only be specified when using expressions: ${expressions.join(' and ')} is null`);
  }
  return new Placeholders(
    names &&
      mapped(names, name => {
        if (name === '') refuse('ExpressionAttributeNames contains invalid value: an attribute name must not be empty');
        return typeof name === 'string' ? name : refuse('An attribute name is a string');
      }),
    values && mapped(values, value => readValue(isRecord(value) ? value : {})),
  );
}

function mapped<T>(record: Wire, read: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, read(value)]));
}

/** Refuses two operations on one item. */
export function refuseSameItem(operations: readonly { table: Table; key: Item }[], message: string): void {
  const items = operations.map(({ table, key }) => {
    const { hash, position } = ownEntryKey(table, key);
    return `${table.id} ${hash.toString('hex')} ${position.toString('hex')}`;
  });
  if (new Set(items).size < items.length) refuse(message);
}
