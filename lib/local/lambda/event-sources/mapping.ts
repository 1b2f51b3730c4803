/**
 * `AWS::Lambda::EventSourceMapping` as the engine runs it: a function fed from the stream of a table. Another source, or a
 * property that nothing here carries out, is refused by name.
 */
import { Properties } from '../../properties.ts';
import type { Resource } from '../../service.ts';

export interface Mapping {
  readonly id: string;
  readonly logicalId: string;
  readonly streamArn: string;
  /** A name or ARN. */
  readonly functionName: string;
  readonly enabled: boolean;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  readonly batchSize: number;
  readonly windowMs: number;
  /** Any of them lets a record through; with none of them every record passes. */
  readonly filters: readonly Filter[];
  /** Attempts after the first; Infinity for no end. */
  readonly retries: number;
  /** Infinity where a record never is too old. */
  readonly oldestMs: number;
  readonly bisects: boolean;
  readonly reportsItemFailures: boolean;
  /** The ARN of the queue that hears of what was given up. */
  readonly onFailure: string | undefined;
}

const KNOWN = [
  'EventSourceArn',
  'FunctionName',
  'Enabled',
  'StartingPosition',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'FilterCriteria',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'FunctionResponseTypes',
  'DestinationConfig',
  'ParallelizationFactor',
  'Tags',
];
const STREAM = /^arn:aws:dynamodb:[^:]+:[^:]+:table\/[^/]+\/stream\/.+$/;
const QUEUE = /^arn:aws:sqs:[^:]+:[^:]+:[^:]+$/;

export function readMapping(resource: Resource): Mapping {
  const properties = Properties.of(resource, KNOWN);
  const streamArn = properties.string('EventSourceArn');
  if (!STREAM.test(streamArn)) properties.refuse('EventSourceArn', `should be the stream of a table, not ${streamArn}`);
  const startingPosition = properties.string('StartingPosition');
  if (startingPosition !== 'TRIM_HORIZON' && startingPosition !== 'LATEST') {
    return properties.refuse(
      'StartingPosition',
      `the local cloud knows TRIM_HORIZON and LATEST, not ${startingPosition}`,
    );
  }
  within(properties, 'ParallelizationFactor', 1, 1, 1);
  const age = properties.number('MaximumRecordAgeInSeconds', -1);
  const retries = within(properties, 'MaximumRetryAttempts', -1, -1, 10_000);
  return {
    id: resource.ref,
    logicalId: resource.logicalId,
    streamArn,
    functionName: properties.string('FunctionName'),
    enabled: properties.boolean('Enabled', true),
    startingPosition,
    batchSize: within(properties, 'BatchSize', 100, 1, 10_000),
    windowMs: within(properties, 'MaximumBatchingWindowInSeconds', 0, 0, 300) * 1000,
    filters: filtersOf(properties),
    retries: retries === -1 ? Number.POSITIVE_INFINITY : retries,
    oldestMs:
      age === -1 ? Number.POSITIVE_INFINITY : within(properties, 'MaximumRecordAgeInSeconds', -1, 60, 604_800) * 1000,
    bisects: properties.boolean('BisectBatchOnFunctionError', false),
    reportsItemFailures: reportsItemFailures(properties),
    onFailure: onFailureOf(properties),
  };
}

function filtersOf(properties: Properties): readonly Filter[] {
  const filters = properties.nested('FilterCriteria', ['Filters'])?.items('Filters', ['Pattern']) ?? [];
  return filters.map(filter => {
    try {
      return readFilter(filter.string('Pattern'));
    } catch (error) {
      return filter.refuse('Pattern', error instanceof Error ? error.message : String(error));
    }
  });
}

function reportsItemFailures(properties: Properties): boolean {
  const types = properties.strings('FunctionResponseTypes');
  const other = types.find(type => type !== 'ReportBatchItemFailures');
  if (other !== undefined)
    properties.refuse('FunctionResponseTypes', `should be ReportBatchItemFailures, not ${other}`);
  return types.length > 0;
}

function onFailureOf(properties: Properties): string | undefined {
  const onFailure = properties.nested('DestinationConfig', ['OnFailure'])?.nested('OnFailure', ['Destination']);
  const arn = onFailure?.string('Destination');
  if (arn !== undefined && !QUEUE.test(arn)) onFailure?.refuse('Destination', `should be an SQS queue, not ${arn}`);
  return arn;
}

function within(properties: Properties, name: string, fallback: number, least: number, most: number): number {
  const value = properties.number(name, fallback);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  return properties.refuse(name, `should be ${least === most ? least : `${least} to ${most}`}, not ${value}`);
}

// Event patterns, as far as filters of streams need them: a tree of names whose leaves list what a value may be. A value is
// matched by itself, `prefix`, `exists` or `anything-but`; another word is refused by name. Pure.

type Filter = (record: unknown) => boolean;

type Test = (value: unknown) => boolean;

/** Reads a pattern's JSON; throws for what is no pattern, or has a word that is not known. */
function readFilter(pattern: string): Filter {
  let tree: unknown;
  try {
    tree = JSON.parse(pattern);
  } catch {
    throw new Error('should be the JSON of an event pattern');
  }
  return branch(tree, []);
}

/** Every name of the branch holds. */
function branch(tree: unknown, path: readonly string[]): Test {
  if (!isObject(tree) || Object.keys(tree).length === 0) {
    throw new Error(`${path.join('.') || 'the pattern'} should be an object, or a list of what the value may be`);
  }
  const tests = Object.entries(tree).map(([name, below]) => {
    const here = [...path, name];
    if (name.startsWith('$')) throw new Error(`the local cloud does not know ${here.join('.')}`);
    const test = Array.isArray(below) ? leaf(below, here.join('.')) : branch(below, here);
    return { name, test };
  });
  return value => tests.every(({ name, test }) => test(isObject(value) ? value[name] : undefined));
}

/** Any of the list holds; of a value that is a list itself, for any of its elements. */
function leaf(list: readonly unknown[], path: string): Test {
  if (list.length === 0) throw new Error(`${path} should list what the value may be`);
  const tests = list.map(item => (isObject(item) ? word(item, path) : exactly(item, path)));
  return value => tests.some(test => (Array.isArray(value) ? value.some(test) : test(value)));
}

function exactly(wanted: unknown, path: string): Test {
  if (Array.isArray(wanted)) throw new Error(`${path} should list texts, numbers, truth values or null`);
  return value => value === wanted;
}

function word(item: Readonly<Record<string, unknown>>, path: string): Test {
  const [[name, argument] = ['', undefined], ...more] = Object.entries(item);
  if (more.length === 0 && name === 'exists' && typeof argument === 'boolean') {
    // Only a leaf exists: an object in its place is none.
    return value => (value !== undefined && !isObject(value)) === argument;
  }
  if (more.length === 0 && name === 'prefix' && typeof argument === 'string') return prefix(argument);
  if (more.length === 0 && name === 'anything-but') {
    const tests = [argument].flat().map(other => {
      if (isObject(other)) return typeof other.prefix === 'string' ? prefix(other.prefix) : unknownWord(other, path);
      return exactly(other, path);
    });
    return value => value !== undefined && !tests.some(test => test(value));
  }
  return unknownWord(item, path);
}

function prefix(begin: string): Test {
  return value => typeof value === 'string' && value.startsWith(begin);
}

function unknownWord(item: object, path: string): never {
  throw new Error(
    `${path}: the local cloud knows prefix, exists and anything-but (or anything-but a prefix), not ${JSON.stringify(item)}`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
