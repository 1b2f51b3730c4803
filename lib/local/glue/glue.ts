/**
 * The Glue Data Catalog: databases and tables of the template, for Athena to read. It has no endpoint.
 *
 * - The template is the catalog: nothing is stored, and a table that it no longer has is gone.
 * - A table is external, of Parquet or CSV objects in S3. Its partitions are not registered: those of Hive style are
 *   where the objects are, as if `MSCK REPAIR TABLE` ran before every query; others are projected.
 */
import { Properties } from '../properties.ts';
import type { CloudContext, Engine, Resource, ResourceType } from '../service.ts';
import { Catalog, type CatalogTable, type Column, type Format } from './catalog.ts';
import { type Projection, readProjectedColumn } from './projection.ts';

export function createGlue(context: CloudContext): Engine & { readonly catalog: Catalog } {
  const catalog = new Catalog();
  return {
    catalog,
    services: [],
    resources: {
      'AWS::Glue::Database': databaseResource(context, catalog),
      'AWS::Glue::Table': tableResource(context, catalog),
    },
  };
}

/** `AWS::Glue::Database`. */
function databaseResource({ accountId }: CloudContext, catalog: Catalog): ResourceType {
  return {
    identify({ name, properties }) {
      const { Name } = (properties.DatabaseInput ?? {}) as { Name?: unknown };
      return { ref: typeof Name === 'string' ? Name : catalogName(name), attributes: {} };
    },
    apply(resource) {
      const given = Properties.of(resource, ['CatalogId', 'DatabaseInput', 'DatabaseName', 'Tags']);
      if (given.string('CatalogId') !== accountId) given.refuse('CatalogId', `should be the account, ${accountId}`);
      // LocationUri is where tables made by queries would go, and queries here make none.
      const input = given.nested('DatabaseInput', ['Name', 'Description', 'LocationUri', 'Parameters']);
      if ((input?.string('Name', resource.ref) ?? resource.ref) !== resource.ref) {
        given.refuse('DatabaseInput', 'Name should be plain text, or left out');
      }
      if (resource.ref !== resource.ref.toLowerCase()) given.refuse('DatabaseInput', 'Name should be in lower case');
      catalog.addDatabase(resource.ref);
    },
    remove: ({ ref }) => catalog.removeDatabase(ref),
    made: () => catalog.databases(),
  };
}

/** A physical name as Glue keeps it, which Athena reads without quotes. */
function catalogName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}

// `AWS::Glue::Table`. What Athena here would not carry out is refused by its name.

const TABLE_PROPERTIES = [
  'Name',
  'TableType',
  'StorageDescriptor',
  'PartitionKeys',
  'Parameters',
  // For people, or for tables that Hive itself keeps.
  'Description',
  'Owner',
  'Retention',
];
/** Parameters that only say again what the rest says, or speak to crawlers. */
const INERT_PARAMETERS = [
  'EXTERNAL',
  'classification',
  'typeOfData',
  'compressionType',
  'parquet.compression',
  'has_encrypted_data',
];
const COLUMN_TYPE =
  /^(string|varchar\(\d+\)|char\(\d+\)|bigint|int|integer|smallint|tinyint|boolean|float|double|decimal\(\d+, ?\d+\)|date|timestamp)$/;

function tableResource({ accountId }: CloudContext, catalog: Catalog): ResourceType {
  return {
    identify({ name, properties }) {
      const { Name } = (properties.TableInput ?? {}) as { Name?: unknown };
      return { ref: typeof Name === 'string' ? Name : catalogName(name), attributes: {} };
    },
    apply(resource) {
      const given = Properties.of(resource, ['CatalogId', 'DatabaseName', 'TableInput', 'Name']);
      if (given.string('CatalogId') !== accountId) given.refuse('CatalogId', `should be the account, ${accountId}`);
      const database = given.string('DatabaseName');
      if (!catalog.hasDatabase(database)) given.refuse('DatabaseName', `there is no database ${database}`);
      catalog.putTable(readTable(resource, given, database));
    },
    remove: ({ ref, properties }) => catalog.removeTable(properties.DatabaseName, ref),
    made: () => catalog.tables(),
    keyOf: ({ ref, properties }) => `${properties.DatabaseName}.${ref}`,
    immutable: ['CatalogId', 'DatabaseName'],
  };
}

function readTable({ ref }: Resource, given: Properties, database: string): CatalogTable {
  const input = given.nested('TableInput', TABLE_PROPERTIES) ?? given.refuse('TableInput', 'is missing');
  if (input.string('Name', ref) !== ref) input.refuse('Name', 'should be plain text, or left out');
  if (ref !== ref.toLowerCase()) input.refuse('Name', 'should be in lower case');
  input.choice('TableType', ['EXTERNAL_TABLE'], 'EXTERNAL_TABLE');
  const storage =
    input.nested('StorageDescriptor', STORAGE_PROPERTIES) ?? input.refuse('StorageDescriptor', 'is missing');
  const { bucket, key } = readLocation(storage.string('Location'), why => storage.refuse('Location', why));
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const parameters = input.map('Parameters');
  const partitionKeys = columnsOf(input, 'PartitionKeys');
  const format = readFormat(storage, parameters);
  return {
    database,
    name: ref,
    bucket,
    prefix,
    format,
    columns: columnsOf(storage, 'Columns').map(column => {
      const ofTime = format.kind === 'csv' && /^(date|timestamp)$/.test(column.type);
      return ofTime
        ? storage.refuse('Columns', `OpenCSVSerde reads ${column.name} as a number: make it string`)
        : column;
    }),
    partitionKeys,
    projection: readProjection(input, parameters, { bucket, prefix, partitionKeys }),
  };
}

function columnsOf(from: Properties, name: string): Column[] {
  return from.items(name, ['Name', 'Type', 'Comment']).map(column => {
    const type = column.string('Type').toLowerCase();
    if (!COLUMN_TYPE.test(type)) column.refuse('Type', `the local cloud does not read columns of ${type}`);
    const name = column.string('Name').toLowerCase();
    if (!/^\w+$/.test(name)) column.refuse('Name', `should be letters, digits and _, not ${name}`);
    return { name, type };
  });
}

function readLocation(location: string, refuse: (why: string) => never): { bucket: string; key: string } {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(location) ?? [];
  return bucket === undefined ? refuse(`should be s3://bucket/prefix/, not ${location}`) : { bucket, key };
}

function readProjection(
  input: Properties,
  parameters: Readonly<Record<string, string>>,
  table: Pick<CatalogTable, 'bucket' | 'prefix' | 'partitionKeys'>,
): Projection | undefined {
  const refuse = (why: string): never => input.refuse('Parameters', why);
  const names = table.partitionKeys.map(({ name }) => name);
  const known = new Set([...INERT_PARAMETERS, HEADER_LINES, 'projection.enabled', 'storage.location.template']);
  const unknown = Object.keys(parameters).find(
    name => !known.has(name) && !names.some(column => name.startsWith(`projection.${column}.`)),
  );
  if (unknown !== undefined) return refuse(`the local cloud does not know ${unknown}`);
  if (parameters['projection.enabled'] !== 'true') return undefined;
  const usual = `s3://${table.bucket}/${table.prefix}${names.map(name => `${name}=\${${name}}/`).join('')}`;
  const { bucket, key } = readLocation(parameters['storage.location.template'] ?? usual, refuse);
  const missing = names.find(name => !key.includes(`\${${name}}`));
  if (missing !== undefined) return refuse(`storage.location.template should have \${${missing}}`);
  if (bucket !== table.bucket || !key.startsWith(table.prefix))
    return refuse('storage.location.template leaves Location');
  try {
    const columns = names.map(name => [name, readProjectedColumn(name, parameters)] as const);
    return { columns: Object.fromEntries(columns), template: key.endsWith('/') ? key : `${key}/` };
  } catch (error) {
    return refuse((error as Error).message);
  }
}

// The format of a table's objects, from its SerDe: Parquet, or CSV as OpenCSVSerde reads it. Two things of CSV differ: a
// quote inside quotes is written with escapeChar alone (so `""` needs escapeChar `"`), and a line break inside quotes,
// which Athena cannot read, is read here.

const STORAGE_PROPERTIES = [
  'Location',
  'Columns',
  'SerdeInfo',
  'InputFormat',
  'OutputFormat',
  // What Hive notes of its own buckets and sorting, and whether objects are compressed, which they say themselves.
  'Compressed',
  'NumberOfBuckets',
  'StoredAsSubDirectories',
  'Parameters',
];
const HEADER_LINES = 'skip.header.line.count';

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const OPEN_CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
/** The input and output formats that belong to each SerDe. */
const CLASSES: Readonly<Record<string, { InputFormat: string; OutputFormat: string }>> = {
  [PARQUET]: {
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  },
  [OPEN_CSV]: {
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  },
};

/** Reads SerdeInfo and the formats of a StorageDescriptor; `parameters` are the table's. */
function readFormat(storage: Properties, parameters: Readonly<Record<string, string>>): Format {
  const serde = storage.nested('SerdeInfo', ['Name', 'Parameters', 'SerializationLibrary']);
  const library = serde?.choice('SerializationLibrary', [PARQUET, OPEN_CSV], '' as typeof PARQUET);
  if (!serde || !library) return storage.refuse('SerdeInfo', 'is missing');
  for (const name of ['InputFormat', 'OutputFormat'] as const) {
    const wanted = CLASSES[library]?.[name];
    if (storage.string(name) !== wanted) storage.refuse(name, `should be ${wanted} with ${library}`);
  }
  const given = serde.map('Parameters');
  const known = ['serialization.format', ...(library === OPEN_CSV ? ['separatorChar', 'quoteChar', 'escapeChar'] : [])];
  const unknown = Object.keys(given).find(name => !known.includes(name));
  if (unknown !== undefined) serde.refuse('Parameters', `the local cloud does not know ${unknown}`);
  const lines = Number(parameters[HEADER_LINES] ?? 0);
  if (library === PARQUET) return { kind: 'parquet' };
  if (!Number.isInteger(lines) || lines < 0) return storage.refuse('Parameters', `${HEADER_LINES} should be a number`);
  return {
    kind: 'csv',
    separator: given.separatorChar ?? ',',
    quote: given.quoteChar ?? '"',
    escape: given.escapeChar ?? '\\',
    headerLines: lines,
  };
}
