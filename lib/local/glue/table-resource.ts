/** `AWS::Glue::Table`. What Athena here would not carry out is refused by its name. */
import { Properties } from '../properties.ts';
import type { CloudContext, Resource, ResourceType } from '../service.ts';
import type { Catalog, CatalogTable, Column } from './catalog.ts';
import { catalogName } from './database-resource.ts';
import { type Projection, readProjectedColumn } from './projection.ts';
import { HEADER_LINES, readFormat, STORAGE_PROPERTIES } from './storage-format.ts';

const TABLE_PROPERTIES = [
  ...['Name', 'TableType', 'StorageDescriptor', 'PartitionKeys', 'Parameters'],
  // For people, or for tables that Hive itself keeps.
  ...['Description', 'Owner', 'Retention'],
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

export function tableResource({ accountId }: CloudContext, catalog: Catalog): ResourceType {
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
    ...{ database, name: ref, bucket, prefix, format },
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
