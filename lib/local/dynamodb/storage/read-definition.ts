/** Table definitions as CloudFormation and CreateTable both write them. */
import { isRecord, type Wire } from '../values/read-value.ts';
import { refuse } from '../values/refusal.ts';
import {
  type IndexDefinition,
  type KeyAttribute,
  type KeySchema,
  keyAttributes,
  STREAM_VIEWS,
  type StreamView,
} from './table-definition.ts';

const INVALID = 'One or more parameter values were invalid:';
const MOST_INDEXES = 20;
/** Of all indexes of a table together. */
const MOST_INCLUDED = 100;

/** What of an index does not change what this engine answers: it never throttles. */
const IGNORED_OF_INDEX = [
  'ProvisionedThroughput',
  'OnDemandThroughput',
  'WarmThroughput',
  'ContributorInsightsSpecification',
  'ReadProvisionedThroughputSettings',
  'WriteProvisionedThroughputSettings',
  'ReadOnDemandThroughputSettings',
  'WriteOnDemandThroughputSettings',
];

/** The key schema and the indexes; refuses attributes that are not defined, or defined but no key. */
export function readKeys(properties: Wire): { keys: KeySchema; indexes: readonly IndexDefinition[] } {
  const definitions = listOf(properties.AttributeDefinitions);
  const kinds = new Map(definitions.map(each => [String(each.AttributeName), each.AttributeType]));
  if (kinds.size < definitions.length) refuse(`${INVALID} Duplicate AttributeName in AttributeDefinitions`);
  const keys = readSchema(properties.KeySchema, kinds);
  const indexes = listOf(properties.GlobalSecondaryIndexes).map(index => readIndex(index, kinds));
  const used = new Set([keys, ...indexes.map(index => index.keys)].flatMap(keyAttributes).map(({ name }) => name));
  const unused = [...kinds.keys()].filter(name => !used.has(name));
  if (unused.length > 0) {
    refuse(
      `${INVALID} Some AttributeDefinitions are not used. AttributeDefinitions: [${[...kinds.keys()].join(', ')}], keys used: [${[...used].join(', ')}]`,
    );
  }
  const twice = indexes.find(({ name }, i) => indexes.findIndex(other => other.name === name) < i);
  if (twice) refuse(`${INVALID} Duplicate index name: ${twice.name}`);
  if (indexes.length > MOST_INDEXES) {
    refuse(`${INVALID} GlobalSecondaryIndex count exceeds the per-table limit of ${MOST_INDEXES}`);
  }
  const included = indexes.reduce((sum, index) => sum + index.included.length, 0);
  if (included > MOST_INCLUDED) {
    refuse(`${INVALID} Number of NonKeyAttributes of all indexes exceeds the limit of ${MOST_INCLUDED}`);
  }
  return { keys, indexes };
}

/** The view type of a StreamSpecification; undefined where there is no stream. */
export function readStreamView(specification: unknown): StreamView | undefined {
  if (!isRecord(specification) || specification.StreamEnabled === false) return undefined;
  const view = STREAM_VIEWS.find(name => name === specification.StreamViewType);
  return view ?? refuse(`${INVALID} StreamViewType must be one of [${STREAM_VIEWS.join(', ')}]`);
}

/** The attribute of a TimeToLiveSpecification; undefined where it is off. */
export function readTimeToLive(specification: unknown): string | undefined {
  if (!isRecord(specification) || specification.Enabled === false) return undefined;
  const name = specification.AttributeName;
  return typeof name === 'string' && name !== ''
    ? name
    : refuse(`${INVALID} TimeToLiveSpecification needs an AttributeName`);
}

export function readTags(tags: unknown): readonly { Key: string; Value: string }[] {
  return listOf(tags).map(({ Key, Value }) => ({ Key: String(Key), Value: String(Value) }));
}

/** Refuses, by name, a member outside the allowed ones; `where` says of what. */
export function refuseOthers(properties: Wire, where: string, allowed: readonly string[]): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined && !allowed.includes(name)) refuse(`${name} of ${where} is not supported here`);
  }
}

/** The value as a list of maps; an absent one is empty. */
export function listOf(value: unknown): readonly Wire[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function readIndex(index: Wire, kinds: ReadonlyMap<string, unknown>): IndexDefinition {
  const name = String(index.IndexName);
  refuseOthers(index, `index ${name}`, ['IndexName', 'KeySchema', 'Projection', ...IGNORED_OF_INDEX]);
  const projection = isRecord(index.Projection) ? index.Projection : {};
  const types = ['ALL', 'KEYS_ONLY', 'INCLUDE'] as const;
  const type = types.find(each => each === projection.ProjectionType);
  if (!type) refuse(`${INVALID} ProjectionType of index ${name} must be one of [${types.join(', ')}]`);
  const included = Array.isArray(projection.NonKeyAttributes) ? projection.NonKeyAttributes.map(String) : [];
  if ((type === 'INCLUDE') !== included.length > 0) {
    refuse(`${INVALID} NonKeyAttributes of index ${name} go with ProjectionType INCLUDE, and only with it`);
  }
  if (new Set(included).size < included.length) {
    refuse(`${INVALID} NonKeyAttributes of index ${name} name an attribute twice`);
  }
  const keys = readSchema(index.KeySchema, kinds);
  if (!/^[A-Za-z0-9_.-]{3,255}$/.test(name)) {
    refuse(`${INVALID} IndexName must be 3 to 255 characters long and only of a-z, A-Z, 0-9, _, - and .`);
  }
  return { name, keys, projection: type, included };
}

function readSchema(schema: unknown, kinds: ReadonlyMap<string, unknown>): KeySchema {
  const [partition, sort, ...more] = listOf(schema);
  if (partition?.KeyType !== 'HASH' || (sort && sort.KeyType !== 'RANGE') || more.length > 0) {
    refuse(`${INVALID} a key schema is one HASH attribute and then at most one RANGE attribute`);
  }
  if (sort && sort.AttributeName === partition.AttributeName) {
    refuse('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  return { partition: readAttribute(partition, kinds), sort: sort && readAttribute(sort, kinds) };
}

function readAttribute(element: Wire, kinds: ReadonlyMap<string, unknown>): KeyAttribute {
  const name = String(element.AttributeName);
  const kind = kinds.get(name);
  if (kind !== 'S' && kind !== 'N' && kind !== 'B') {
    refuse(
      `${INVALID} Some index key attributes are not defined in AttributeDefinitions: ${name} needs a type S, N or B`,
    );
  }
  return { name, kind };
}
